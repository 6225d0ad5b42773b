"""What a participant's home says of the trainings in which the person sits."""

from datetime import timedelta

import pytest
from django.urls import reverse

from assessments.services import save_play_decision
from assessments.states import Mode, RolePlayStatus
from certificates.models import Certificate
from core import clock
from participants.models import Registration
from tests.factories.attendance import attend_all
from tests.factories.classes import make_class, people_of
from tests.factories.plays import make_play
from tests.factories.results import make_result
from tot_portal.training import training_steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    """Sits in a class whose last day was yesterday."""
    return people_of(make_class(2, starts_in=-8))[0]


def titles(registration):
    fresh = Registration.objects.select_related("batch").get(pk=registration.pk)
    return [step.title.split(":")[0] for step in training_steps([fresh]).get(fresh.pk, [])]


def test_class_that_goes_on_names_the_next_session():
    person = people_of(make_class(2, starts_in=0))[0]

    with clock.at(clock.now() - timedelta(days=1)):
        assert titles(person) == ["Sesi berikutnya"]


def test_finished_practice_owes_a_decision_until_it_is_made(person):
    play = make_play(person.batch, mode=Mode.FORMATIVE, asesor=person, status=RolePlayStatus.FINISHED)

    assert titles(person) == ["Tulis keputusan role play Anda"]
    save_play_decision(play, "trainee", "K", "Bukti lengkap.", by=person.person.user)
    assert titles(person) == []


def test_result_is_named_once_it_is_released(person):
    make_result(person, "BK", released=False)
    assert titles(person) == []

    person.exam_attempts.get().decisions.update(released_at=clock.now(), released_by=person.person.user)
    assert titles(person) == ["Hasil uji sudah dirilis"]


def test_competent_person_is_asked_for_the_name_then_led_to_the_paper(person):
    make_result(person, "K")
    assert titles(person) == ["Periksa nama pada sertifikat", "Hasil uji sudah dirilis"]

    Registration.objects.filter(pk=person.pk).update(
        certificate_name="Siti", name_confirmed_at=clock.now(), name_confirmed_by=person.person.user
    )
    assert titles(person) == ["Hasil uji sudah dirilis"]
    assert not Certificate.objects.exists()


def test_who_has_no_seat_has_no_steps(person):
    assert training_steps(Registration.objects.none()) == {}


def test_home_costs_the_same_for_one_and_for_three_trainings(person, client_of, django_assert_max_num_queries):
    attend_all(person.batch)
    client = client_of(person.person.user)
    client.get(reverse("participant_home"))

    with django_assert_max_num_queries(20) as one:
        assert client.get(reverse("participant_home")).status_code == 200
    for _number in range(2):
        another = people_of(make_class(1))[0]
        Registration.objects.filter(pk=another.pk).update(
            person=person.person, scheme=another.scheme, status="completed"
        )
    with django_assert_max_num_queries(len(one)):
        assert client.get(reverse("participant_home")).status_code == 200
