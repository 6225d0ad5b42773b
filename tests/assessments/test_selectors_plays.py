"""Who plays what, and for whom."""

import pytest

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
