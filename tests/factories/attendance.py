"""Who was there, marked as rows where the services would take long."""

from collections.abc import Collection, Iterator

import pytest
from django.db import transaction

from accounts.models import User
from assessments.models import Attendance
from assessments.states import AttendanceStatus
from batches.models import Batch, Session
from participants.models import Registration
from participants.states import SEATED
from tests.factories.classes import facilitators_of, make_class


def attend_all(batch: Batch, by: User | None = None, except_: Collection = ()) -> list[Attendance]:
    """Every seated person present in every countable session that is not marked yet.

    `except_`: registrations or sessions that are left out, or pairs (registration, session). `by` marks, by default
    the batch's first facilitator.
    """
    by = by or facilitators_of(batch)[0]
    taken = set(Attendance.objects.current().filter(session__batch=batch).values_list("registration", "session"))
    rows = [
        Attendance(session=session, registration=registration, status=AttendanceStatus.PRESENT, marked_by=by)
        for session in Session.objects.countable().filter(batch=batch)
        for registration in Registration.objects.filter(batch=batch, status__in=SEATED).order_by("id")
        if (registration.pk, session.pk) not in taken
        and not any(one in except_ for one in (registration, session, (registration, session)))
    ]
    return Attendance.objects.bulk_create(rows)


def mark(session: Session, registration: Registration, status: str, *, by: User | None = None, **fields) -> Attendance:
    """One current mark as a row."""
    by = by or facilitators_of(registration.batch)[0]
    return Attendance.objects.create(session=session, registration=registration, status=status, marked_by=by, **fields)


@pytest.fixture(scope="module")
def class_of_three(django_db_setup, django_db_blocker) -> Iterator[Batch]:
    """Three people whose first day was two days ago; built once per module, and as it was for each test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_class(3)
        transaction.set_rollback(True)


def fresh(batch: Batch) -> Batch:
    """The batch as it is now, with objects that no other test has touched."""
    return Batch.objects.select_related("scheme", "venue", "agenda").get(pk=batch.pk)
