"""Making rotations: for whom, on which sessions, and what is refused."""

from datetime import timedelta

import pytest

from assessments import services
from assessments.errors.plays import (
    ExamNotNow,
    MethodsNotCovered,
    NobodyForExam,
    NoExaminer,
    NoSessions,
    RotationNotNow,
    RubricMissing,
    TooFewPeople,
)
from assessments.errors.records import MethodUnknown
from assessments.models import Assessment, Attendance, Rotation, Rubric
from assessments.selectors.exam_list import exam_list
from assessments.selectors.plays import (
    assessed_registration,
    fairness_of,
    rounds_of,
    seated_people,
)
from assessments.states import AssessmentStatus, Mode, RotationStatus
from assessments.timing import spread, warnings
from batches.models import Assignment, Room, Session, SessionKind
from batches.states import BatchStatus
from core import clock
from tests.assessments.rotation_helpers import METHODS, exam, leave, plays_of_rotation, practice
from tests.factories.attendance import attend_all
from tests.factories.batches import make_planner
from tests.factories.classes import make_class, people_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return make_planner()


@pytest.fixture
def batch():
    return make_class(people=6)


@pytest.fixture
def ready(batch):
    """A class whose people all pass the exam gate."""
    attend_all(batch)
    return batch


# --- making


def test_practice_seats_everybody_fairly(batch):
    rotation = practice(batch, seed=4)
    rounds = rounds_of(rotation)
    figures = fairness_of(rounds, seated_people(batch))
    assert rotation.status == RotationStatus.DRAFT
    assert [len(one.plays.all()) for one in rounds] == [2, 2, 2]
    assert {(turn.asesor, turn.asesi, turn.observer) for turn in figures.turns.values()} == {(1, 1, 1)}


def test_rotation_pins_the_rubric_and_the_settings(batch):
    rotation = practice(batch, has_objection=True, group_size=4)
    assert rotation.rubric == Rubric.objects.in_force().get()
    assert rotation.settings == {"group_size": 4, "minutes": 45, "methods": METHODS, "has_objection": True}
    assert all(play.has_objection and play.methods == METHODS for play in plays_of_rotation(rotation))


def test_rounds_follow_the_sessions_of_their_kind(batch):
    starts = [one.starts_at for one in rounds_of(practice(batch))]
    sessions = batch.sessions.filter(kind=SessionKind.ROLE_PLAY).order_by("period")
    assert starts == [session.starts_at for session in sessions]


def test_sessions_that_are_over_are_not_planned_on():
    batch = make_class(people=6, starts_in=-3)
    last = batch.sessions.filter(kind=SessionKind.ROLE_PLAY).order_by("period").last()
    with clock.at(last.starts_at):
        rotation = practice(batch)
    assert {one.session for one in rounds_of(rotation)} == {last}


def test_draft_replaces_the_older_draft(batch):
    older = practice(batch)
    newer = practice(batch, seed=9)
    assert list(Rotation.objects.filter(batch=batch)) == [newer]
    assert (older.version, newer.version) == (1, 1)


def test_rooms_of_the_venue_are_given_out(batch):
    rooms = [Room.objects.create(venue=batch.venue, name=name) for name in ("Ruang A", "Ruang B")]
    assert [play.room for play in plays_of_rotation(practice(batch))[:2]] == rooms


def test_exam_takes_who_passes_the_gate(batch):
    people = people_of(batch)
    attend_all(batch)
    Attendance.objects.filter(registration=people[0]).delete()
    rotation = exam(batch)
    assessed = {assessed_registration(play) for play in plays_of_rotation(rotation)}
    assert assessed == set(people[1:])
    assert [one.registration for one in exam_list(batch).left_out] == [people[0]]
    assert "0%" in exam_list(batch).left_out[0].why


def test_exam_plays_at_most_one_play_per_examiner_at_a_time(ready):
    assert [len(one.plays.all()) for one in rounds_of(exam(ready))] == [2, 2, 2]


def test_exam_keeps_apart_who_practised_together(ready):
    services.publish_rotation(practice(ready), by=make_planner())
    met = {(s["asesor"], s["asesi"]) for s in map(seats_of, plays_of_rotation(Rotation.objects.get()))}
    plan = exam(ready)
    assert not met & {(s["asesor"], s["asesi"]) for s in map(seats_of, plays_of_rotation(plan))}


def seats_of(play):
    return {one.role: one.registration_id for one in play.seats.exclude(role="pengamat")}


def test_who_has_a_result_is_not_planned_again(ready):
    person = people_of(ready)[0]
    Assessment.objects.create(registration=person, units=["MA"], status=AssessmentStatus.DECIDED)
    assert person not in {assessed_registration(play) for play in plays_of_rotation(exam(ready))}


def without_sessions(batch):
    batch.sessions.filter(kind=SessionKind.ROLE_PLAY).delete()


def open_again(batch):
    type(batch).objects.filter(pk=batch.pk).update(status=BatchStatus.OPEN)


def without_rubric(batch):
    Rubric.objects.update(status="archived")


def with_one_person(batch):
    for person in people_of(batch)[1:]:
        leave(person)


@pytest.mark.parametrize(
    ("spoil", "changes", "error"),
    [
        (open_again, {}, RotationNotNow),
        (without_rubric, {}, RubricMissing),
        (without_sessions, {}, NoSessions),
        (with_one_person, {}, TooFewPeople),
        (None, {"methods": ["XXX"]}, MethodUnknown),
        (None, {"mode": Mode.SUMMATIVE}, NobodyForExam),
        (None, {"mode": Mode.SUMMATIVE, "methods": ["WAW", "LIS"]}, MethodsNotCovered),
        (None, {"mode": Mode.SUMMATIVE, "methods": ["OBS"]}, MethodsNotCovered),
    ],
)
def test_rotation_is_refused(batch, spoil, changes, error):
    if spoil:
        spoil(batch)
    with pytest.raises(error) as refused:
        practice(batch, **changes)
    assert str(refused.value)
    assert not Rotation.objects.exists()


def test_exam_needs_an_examiner_and_a_class_under_way(ready):
    type(ready).objects.filter(pk=ready.pk).update(status=BatchStatus.CLOSED)
    with pytest.raises(ExamNotNow):
        exam(ready)
    type(ready).objects.filter(pk=ready.pk).update(status=BatchStatus.RUNNING)
    Assignment.objects.filter(function="examiner").update(released_at=clock.now(), released_by=make_planner())
    with pytest.raises(NoExaminer):
        exam(ready)


# --- timing


def a_session(start, minutes):
    from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

    return Session(
        title="Role play", kind="role_play", period=DateTimeTZRange(start, start + timedelta(minutes=minutes))
    )


def test_rounds_are_spread_evenly_over_sessions():
    first = clock.now()
    sessions = [a_session(first + timedelta(hours=hour), 90) for hour in (0, 2, 4)]
    slots = spread(sessions, 4, 45)
    offsets = [(slot.starts_at - first).total_seconds() / 60 for slot in slots]
    assert offsets == [0, 45, 120, 240]


def test_rounds_that_no_session_holds_come_last_with_a_warning(batch):
    rotation = practice(batch, minutes=85, group_size=6)
    rounds = rounds_of(rotation)
    assert warnings(rounds, batch.time_zone)
    assert not warnings(rounds_of(practice(batch)), batch.time_zone)
    assert [one.starts_at for one in rounds] == sorted(one.starts_at for one in rounds)


def test_moved_or_cancelled_session_is_a_warning(batch):
    rotation = practice(batch)
    session = rounds_of(rotation)[0].session
    Session.objects.filter(pk=session.pk).update(
        cancelled_at=clock.now(), cancelled_by=make_planner(), cancel_reason="Listrik padam"
    )
    assert "1" in warnings(rounds_of(rotation), batch.time_zone)[0]
