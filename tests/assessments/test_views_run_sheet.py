"""The run sheet, and plays as participants and assessors see their own."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import services
from assessments.models import Assessment, Record, Round
from assessments.selectors.own_plays import assignments
from assessments.selectors.run_sheet import run_sheet
from assessments.states import Mode, RolePlayStatus
from batches.models import Assignment
from core import clock
from tests.assessments.rotation_helpers import exam, practice, second_factor
from tests.factories.attendance import attend_all
from tests.factories.batches import make_assessor, make_planner
from tests.factories.classes import examiners_of, facilitators_of, make_class, people_of
from tests.factories.plays import make_play
from tests.tot_portal.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return make_planner()


@pytest.fixture
def rotation(by):
    """A practice of six in use: three rounds of two groups."""
    return services.publish_rotation(practice(make_class(people=6)), by=by)


@pytest.fixture
def desk(admin, client_of):
    return client_of(admin)


def url(name, *codes, query=""):
    return reverse(f"assessments:{name}", args=codes) + query


def queries(client, address):
    client.get(address)  # a session's first request also writes the session
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


# --- which round, how long


def test_sheet_shows_the_round_to_come_then_the_running_one(rotation, by):
    first, second, _third = rotation.rounds.all()
    assert run_sheet(rotation.batch).shown == first
    services.start_round(first, by=by)
    assert (run_sheet(rotation.batch).shown, run_sheet(rotation.batch).is_running) == (first, True)
    services.end_round(first, by=by)
    sheet = run_sheet(rotation.batch)
    assert (sheet.shown, sheet.number, sheet.may_start) == (second, 2, True)


def test_timer_counts_from_the_servers_stamp(rotation, by):
    first = rotation.rounds.first()
    start = clock.now()
    with clock.at(start):
        services.start_round(first, by=by)
    with clock.at(start + timedelta(minutes=40, seconds=30)):
        sheet = run_sheet(rotation.batch)
        assert (sheet.seconds_left, sheet.minutes_left, sheet.is_over_time) == (270, 5, False)
    with clock.at(start + timedelta(minutes=46)):
        assert run_sheet(rotation.batch).is_over_time


def test_mode_with_a_running_round_is_shown_first(by):
    batch = make_class(people=4)
    attend_all(batch)
    services.publish_rotation(practice(batch), by=by)
    plan = services.publish_rotation(exam(batch), by=by)
    services.start_round(plan.rounds.first(), by=by)
    assert run_sheet(batch).mode == Mode.SUMMATIVE
    assert run_sheet(batch, mode=Mode.FORMATIVE).mode == Mode.FORMATIVE
    assert run_sheet(batch).modes == [Mode.FORMATIVE, Mode.SUMMATIVE]


def test_chosen_round_is_shown_and_nonsense_is_not(desk, rotation):
    sheet = url("run_sheet", rotation.batch.code)
    assert desk.get(sheet + "?putaran=3").context["sheet"].number == 3
    for nonsense in ("99", "-1", "x", "9" * 30, "²"):
        assert desk.get(sheet, {"putaran": nonsense, "jenis": "apa"}).context["sheet"].number == 1


def test_sheet_without_rounds_says_what_to_do(desk):
    batch = make_class(people=2)
    assert "Putaran belum dibuat." in desk.get(url("run_sheet", batch.code)).content.decode()


# --- buttons and polling


def test_live_staff_start_and_end_a_round(client_of, rotation):
    staff = client_of(second_factor(facilitators_of(rotation.batch)[0]))
    page = staff.post(url("start_round", rotation.code, 1), follow=True)
    assert page.context["sheet"].is_running
    assert url("end_round", rotation.code, 1) in page.content.decode()
    staff.post(url("end_round", rotation.code, 1))
    assert Round.objects.get(rotation=rotation, number=1).ended_at


def test_auditors_see_no_buttons(client_of, auditor, rotation):
    text = client_of(auditor).get(url("run_sheet", rotation.batch.code)).content.decode()
    assert url("start_round", rotation.code, 1) not in text


def test_assessor_of_another_class_does_not_find_the_round(client_of, rotation):
    assert client_of(second_factor(make_assessor())).post(url("start_round", rotation.code, 1)).status_code == 404


def test_refused_round_says_why_on_the_sheet(desk, rotation):
    desk.post(url("start_round", rotation.code, 1))
    page = desk.post(url("start_round", rotation.code, 2), follow=True)
    assert "Putaran 1 masih berlangsung" in page.content.decode() or page.status_code == 200
    assert Round.objects.get(rotation=rotation, number=2).started_at is None


def test_poll_answers_the_state_alone_with_its_own_address(desk, rotation):
    address = url("run_sheet", rotation.batch.code, query="?putaran=2")
    text = desk.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in text
    assert f'hx-get="{address}"' in text


def test_sheet_without_script_says_the_minutes_and_the_end(desk, rotation, by):
    services.start_round(rotation.rounds.first(), by=by)
    text = desk.get(url("run_sheet", rotation.batch.code)).content.decode()
    assert "menit lagi" in text
    assert "Sampai" in text


# --- own plays


def test_participant_sees_the_own_rotation_table(client_of, rotation):
    person = people_of(rotation.batch)[0]
    page = client_of(person.person.user).get(url("my_plays", person.code))
    assert {one.role.value for one in page.context["plays"]} == {"asesor", "asesi", "pengamat"}
    assert all(person.pk not in {seat.registration_id for seat in one.partners} for one in page.context["plays"])


def test_nothing_published_says_so(client_of):
    person = people_of(make_class(people=2))[0]
    page = client_of(person.person.user).get(url("my_plays", person.code))
    assert "Putaran belum dibagi." in page.content.decode()


def test_assessor_sees_what_to_record_first():
    first = make_play(status=RolePlayStatus.FINISHED)
    batch, examiner = first.round.rotation.batch, first.assessor
    today, later, signed = make_play(batch), make_play(batch), make_play(batch)
    Round.objects.filter(pk=later.round_id).update(starts_at=clock.now() + timedelta(days=3))
    Record.objects.create(
        role_play=signed, recorder=examiner, status="signed", digest="0" * 64, result="K",
        signed_at=clock.now(), signed_by=examiner, impartial_at=clock.now(),
    )  # fmt: skip
    todo = assignments(examiner)
    assert [[row.play for row in rows] for rows in (todo.open, todo.today, todo.later, todo.signed)] == [
        [first], [today], [later], [signed],
    ]  # fmt: skip


def test_page_of_assignments_leads_to_recording(client_of):
    fresh = make_play()
    batch, examiner = fresh.round.rotation.batch, fresh.assessor
    begun = make_play(batch, status=RolePlayStatus.RUNNING)
    record = Record.objects.create(role_play=begun, recorder=examiner)
    text = client_of(second_factor(examiner)).get(url("my_assignments")).content.decode()
    assert url("start_record", fresh.code) in text
    assert url("record_sheet", record.code) in text


def test_play_whose_record_is_begun_is_not_called_planned(client_of):
    play = make_play()
    Record.objects.create(role_play=play, recorder=play.assessor)

    page = Page(client_of(second_factor(play.assessor)).get(reverse("assessor_home"))).text()

    assert "Sedang direkam" in page
    assert "Dijadwalkan" not in page


def test_assessor_without_plays_is_told_so(client_of, assessor):
    assert "Belum ada permainan" in client_of(assessor).get(url("my_assignments")).content.decode()


def test_released_assessor_keeps_the_own_plays(rotation):
    trainer = facilitators_of(rotation.batch)[0]
    Assignment.objects.filter(person=trainer).update(released_at=clock.now(), released_by=trainer)
    assert not assignments(trainer).is_empty


def test_own_pages_cost_the_same_for_few_and_many_plays(client_of, by):
    counts = []
    for people in (4, 12):
        batch = make_class(people=people)
        attend_all(batch)
        services.publish_rotation(exam(batch), by=by)
        person = people_of(batch)[0]
        counts.append((
            queries(client_of(second_factor(examiners_of(batch)[0])), url("my_assignments")),
            queries(client_of(person.person.user), url("my_plays", person.code)),
        ))  # fmt: skip
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 10
    assert Assessment.objects.exists()
