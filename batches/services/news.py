"""Changed sessions tell those concerned: counted when they change, told once it has been quiet for a minute.

`Batch.schedule_version` counts the changes, `Session.schedule_version` says at which of them a session changed last,
`Batch.schedule_told_version` up to which people are being told, and each person's row up to which he or she was told.
"""

from datetime import timedelta

from django.db import models, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F

from accounts.models import User
from batches import emails
from batches.models import Assignment, Batch, Booking, GuestInstructor, Session
from batches.news import changes_since
from batches.states import SCHEDULED, BatchStatus
from core import clock

QUIET = timedelta(seconds=60)  # a burst of edits is one mail
TOLD_TO_STAFF = (*SCHEDULED, BatchStatus.CANCELLED)


def note_changes(batch: Batch) -> None:
    """Counts a change of the timetable that people must hear of; `batch` is locked, mark_changed follows."""
    batch.schedule_version += 1
    batch.schedule_changed_at = clock.now()
    batch.save(update_fields=["schedule_version", "schedule_changed_at"])


def mark_changed(batch: Batch, session: Session, *, before: DateTimeTZRange | None = None) -> None:
    """Marks a session as changed at the batch's present version; the caller saves it.

    `before`: where it was. While people have not been told of its last move, `moved_from` stays the time they know.
    """
    known = session.moved_from if session.schedule_version > batch.schedule_told_version else None
    if before is not None and before != session.period:
        known = known or before
    session.moved_from = known if known != session.period else None
    session.schedule_version = batch.schedule_version
    session.ics_sequence += 1
    session.version += 1


def watch_guests(batch: Batch, people: set[int], told: int) -> None:
    """Remembers who instructs without serving the batch, to tell them from version `told` on."""
    serving = Assignment.objects.filter(batch=batch, released_at=None, person__in=people).values_list(
        "person", flat=True
    )
    GuestInstructor.objects.bulk_create(
        (
            GuestInstructor(batch=batch, person_id=pk, told_schedule_version=told)
            for pk in sorted(people - set(serving))
        ),
        ignore_conflicts=True,
    )


def begin_telling() -> None:
    """Where it has been quiet for a minute, what has changed is news from now on; later changes are the next news."""
    _quiet(Batch.objects.all()).filter(schedule_told_version__lt=F("schedule_version")).update(
        schedule_told_version=F("schedule_version")
    )


def not_yet_told(rows: models.QuerySet, *statuses: BatchStatus) -> models.QuerySet:
    """Of rows with `batch` and `told_schedule_version` those whose person has not heard the news of the timetable."""
    quiet = clock.now() - QUIET
    return rows.filter(
        batch__status__in=statuses,
        batch__schedule_changed_at__lte=quiet,
        told_schedule_version__lt=F("batch__schedule_told_version"),
    )


def tell_schedule_changes() -> int:
    """Owes a mail to everybody who serves or instructs and has not heard the news; how many. Twice is once."""
    begin_telling()
    serving = Assignment.objects.filter(released_at=None)
    told = sum(_tell(serving, pk) for pk in _due(serving))
    guests = GuestInstructor.objects.all()
    return told + sum(_tell(guests, pk) for pk in _due(guests))


def _due(rows: models.QuerySet) -> list[int]:
    return list(not_yet_told(rows, *TOLD_TO_STAFF).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _tell(rows: models.QuerySet, pk: int) -> int:
    """Whoever has the row tells; everybody else passes by."""
    free = not_yet_told(rows, *TOLD_TO_STAFF).select_for_update(no_key=True, skip_locked=True, of=("self",))
    row = free.filter(pk=pk).select_related("batch", "person").first()
    if row is None:
        return 0
    since, row.told_schedule_version = row.told_schedule_version, row.batch.schedule_told_version
    row.save(update_fields=["told_schedule_version"])
    if isinstance(row, GuestInstructor) and not _instructs(row.batch, row.person):
        row.delete()  # told a last time
    if not row.person.is_active or not changes_since(row.batch, since):
        return 0
    emails.tell_changes(row.batch, row.person, since=since)
    return 1


def _instructs(batch: Batch, person: User) -> bool:
    return Booking.objects.filter(person=person, session__in=Session.objects.live().filter(batch=batch)).exists()


def _quiet(batches: models.QuerySet) -> models.QuerySet:
    return batches.filter(schedule_changed_at__lte=clock.now() - QUIET)
