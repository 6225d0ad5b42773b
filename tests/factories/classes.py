"""A class that runs: staff, sessions and seated people, made as rows where the services would take long."""

from datetime import datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from accounts.models import User
from assessments import reference
from assessments.models import Rubric
from batches.models import Assignment, Batch, Session, SessionKind
from batches.states import BatchStatus
from batches.timetable import batch_days
from core import clock
from participants.models import Registration
from participants.states import RegistrationStatus
from tests.factories.batches import make_batch, make_venue
from tests.factories.participants import make_person, make_registration, make_user
from tests.factories.rows import load_rows

numbers = count(1)
KINDS = {
    "seremoni": SessionKind.CEREMONY, "materi": SessionKind.LECTURE, "praktik": SessionKind.PRACTICE,
    "evaluasi": SessionKind.EVALUATION, "role_play": SessionKind.ROLE_PLAY, "uji": SessionKind.EXAM,
    "istirahat": SessionKind.BREAK,
}  # fmt: skip


def make_rubric() -> Rubric:
    """The shipped rubric, in force."""
    if not Rubric.objects.exists():
        load_rows(reference.load, Rubric)
    return Rubric.objects.in_force().get()


@transaction.atomic
def make_class(people: int = 6, *, status: str = BatchStatus.RUNNING, starts_in: int = -2, **fields) -> Batch:
    """A staffed batch whose first day is `starts_in` days from today, with `people` confirmed and its sessions.

    Two facilitators and two examiners serve it; `fields` go to make_batch.
    """
    make_rubric()
    first = clock.today() + timedelta(days=starts_in)
    plan = {"starts_on": first, "venue": make_venue(), "staffed": True, "min_people": 1}
    if starts_in <= 0:
        with clock.at(clock.now() - timedelta(days=60)):
            batch = make_batch(**plan | fields)
    else:
        batch = make_batch(**plan | fields)
    make_sessions(batch)
    for number in range(people):
        user = make_user(f"Peserta {number + 1:02d} {next(numbers)}")
        make_registration(RegistrationStatus.CONFIRMED, batch=batch, person=make_person(user), confirmed_at=clock.now())
    Batch.objects.filter(pk=batch.pk).update(status=status)
    return Batch.objects.select_related("scheme", "venue", "agenda").get(pk=batch.pk)


def make_sessions(batch: Batch) -> list[Session]:
    """The sessions of the agenda as rows, unless the batch has them already."""
    if batch.sessions.exists():
        return list(batch.sessions.all())
    zone = ZoneInfo(batch.time_zone)
    rows = [
        Session(
            batch=batch, day=day.number, order=order, kind=KINDS[one["type"]], title=one["title"],
            unit=one.get("unit", ""), jp=one["jp"], needs_attendance=one["attendance"],
            period=DateTimeTZRange(
                datetime.combine(day.on, time.fromisoformat(one["start"]), zone),
                datetime.combine(day.on, time.fromisoformat(one["end"]), zone),
            ),
        )
        for day in batch_days(batch)
        for order, one in enumerate(day.sessions, start=1)
    ]  # fmt: skip
    return Session.objects.bulk_create(rows)


def people_of(batch: Batch) -> list[Registration]:
    """The seated people in the order in which they were made."""
    seated = Registration.objects.filter(batch=batch, status=RegistrationStatus.CONFIRMED)
    return list(seated.select_related("person__user", "batch").order_by("id"))


def staff_of(batch: Batch, function: str) -> list[User]:
    live = Assignment.objects.filter(batch=batch, function=function, released_at=None).select_related("person")
    return [assignment.person for assignment in live.order_by("id")]


def facilitators_of(batch: Batch) -> list[User]:
    return staff_of(batch, Assignment.Function.FACILITATOR)


def examiners_of(batch: Batch) -> list[User]:
    return staff_of(batch, Assignment.Function.EXAMINER)
