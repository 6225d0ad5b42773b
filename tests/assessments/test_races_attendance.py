"""Two people mark one session at once: one current mark each, and none of what was written is lost.

The control repeats the race without the lock and without the database's guard, and must go wrong.
"""

import random
from threading import Barrier
from time import sleep

import pytest
from django.db import connection, transaction

from assessments import services
from assessments.models import Attendance
from assessments.services import Mark
from assessments.states import AttendanceStatus as A
from batches.models import Session
from core import clock
from core.errors import ChangedMeanwhile
from tests.factories.classes import examiners_of, facilitators_of, make_class, people_of
from tests.participants.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, TRIES = 8, 6


@pytest.fixture
def roll_call():
    """(session, people, two who mark)"""
    batch = make_class(PEOPLE)
    session = Session.objects.countable().filter(batch=batch, day=3, jp__gt=0).first()
    return session, people_of(batch), [facilitators_of(batch)[0], examiners_of(batch)[0]]


def drafts(people) -> list[dict[int, Mark]]:
    """What two people saw, in another order each; they disagree on everybody."""
    forward = {one.pk: Mark(A.PRESENT) for one in people}
    backward = {one.pk: Mark(A.ABSENT) for one in reversed(people)}
    return [forward, backward]


def current_per_person(session: Session) -> list[int]:
    marks = Attendance.objects.current().filter(session=session).values_list("registration", flat=True)
    return sorted(marks)


def test_one_current_mark_each_and_nothing_lost(roll_call):
    session, people, markers = roll_call
    pairs = list(zip(drafts(people), markers, strict=True)) * TRIES
    random.Random(2).shuffle(pairs)

    results = at_once(lambda marks=marks, by=by: services.mark_attendance(session, marks, by=by) for marks, by in pairs)

    assert [one for one in results if isinstance(one, Exception)] == []
    assert current_per_person(session) == [one.pk for one in people]
    assert Attendance.objects.count() == sum(len(one) for one in results)  # each written mark is still there
    assert Attendance.objects.filter(superseded_at=None).count() == PEOPLE


def test_second_of_two_open_forms_is_told(roll_call):
    session, people, markers = roll_call

    results = at_once(
        lambda marks=marks, by=by: services.mark_attendance(session, marks, by=by, seen=0)
        for marks, by in zip(drafts(people), markers, strict=True)
    )

    assert {type(one) for one in results} == {list, ChangedMeanwhile}
    assert Attendance.objects.count() == PEOPLE


def mark_without_lock(session: Session, marks: dict[int, Mark], by, looked: Barrier) -> None:
    """What the service would be without the lock: look, then write."""
    with transaction.atomic():
        current = {one.registration_id: one for one in Attendance.objects.current().filter(session=session)}
        looked.wait(timeout=30)
        sleep(0.002)
        for pk, mark in marks.items():
            if pk in current:
                Attendance.objects.filter(pk=current[pk].pk).update(superseded_at=clock.now())
            Attendance.objects.create(session=session, registration_id=pk, status=mark.status, marked_by=by)


def race_without_lock(session, people, markers) -> list[object]:
    looked = Barrier(2)
    return at_once(
        lambda marks=marks, by=by: mark_without_lock(session, marks, by, looked)
        for marks, by in zip(drafts(people), markers, strict=True)
    )


@pytest.fixture
def unguarded():
    """Without the constraint, for one test."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX attendance_one_current")
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE assessments_attendance CASCADE")
        cursor.execute(
            "CREATE UNIQUE INDEX attendance_one_current ON assessments_attendance (session_id, registration_id)"
            " WHERE superseded_at IS NULL"
        )


def test_control_without_lock_and_guard_marks_people_twice(unguarded, roll_call):
    session, people, markers = roll_call

    race_without_lock(session, people, markers)

    assert len(current_per_person(session)) == 2 * PEOPLE


def test_guard_of_the_database_stops_what_passes_the_service(roll_call):
    session, people, markers = roll_call

    results = race_without_lock(session, people, markers)

    assert any(isinstance(one, Exception) for one in results)
    assert current_per_person(session) == [one.pk for one in people]
