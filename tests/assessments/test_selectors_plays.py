"""Who plays what, and for whom."""

import pytest

from assessments.models import Rotation
from assessments.selectors.plays import assessed_registration, plays_of, plays_of_registration, seat, seat_name
from assessments.states import Mode
from tests.factories.plays import make_play

pytestmark = pytest.mark.django_db


def test_a_second_play_joins_the_published_rotation():
    first = make_play()
    second = make_play(first.round.rotation.batch)
    assert second.round.rotation == first.round.rotation
    assert second.assessment.registration != first.assessment.registration


def test_practice_has_no_attempt():
    assert make_play(mode=Mode.FORMATIVE, asesi="Mahasiswa Budi").assessment is None


def test_roles_say_who_is_assessed_and_who_comes_from_outside():
    play = make_play(asesi="Mahasiswa Budi")
    assert assessed_registration(play) == play.assessment.registration
    assert seat_name(seat(play, "asesi")) == "Mahasiswa Budi"
    assert seat(play, "pengamat") is None
    assert seat_name(None) == ""


def test_plays_of_an_assessor_leave_out_cancelled_ones_and_drafts():
    kept = make_play()
    batch = kept.round.rotation.batch
    make_play(batch, status="cancelled", cancel_reason="Sakit")
    assert list(plays_of(kept.assessor)) == [kept]
    Rotation.objects.update(status="draft", published_at=None, published_by=None)
    assert list(plays_of(kept.assessor)) == []


def test_plays_of_a_person_are_in_order_and_keep_cancelled_ones():
    first = make_play()
    person = first.assessment.registration
    second = make_play(first.round.rotation.batch, asesor=person, status="cancelled", cancel_reason="Sakit")
    assert list(plays_of_registration(person)) == [first, second]
