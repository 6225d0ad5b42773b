"""The timetable of a batch as a whole: made from its agenda, shifted with its dates, cancelled with it."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F

from accounts.models import User
from batches.clashes import Wanted
from batches.errors import ScheduleIsFixed
from batches.models import Batch, Booking, Session
from batches.schedule import plan_sessions, shifted, shifts_of
from batches.services.bookings import book_staff, coming_sessions, lock_takers, nobody_in_two_places
from batches.services.news import mark_changed, note_changes
from batches.services.seats import lock_batch
from batches.states import SCHEDULED
from batches.timetable import agenda_dates
from core import audit, clock
from core.patience import patient


@patient
def make_sessions(batch: Batch, *, by: User | None) -> list[Session]:
    """The sessions of the batch's agenda on its days, with its facilitators and examiners booked where they are free.

    A batch that has sessions keeps them as they are: they are returned. Who is busy elsewhere is left out and named by
    batches.clashes.left_out. ScheduleIsFixed before the registration is opened and after the batch is over.
    """
    batch = lock_batch(batch.pk)
    if existing := list(batch.sessions.all()):
        return existing
    if batch.status not in SCHEDULED:
        raise ScheduleIsFixed
    dates = agenda_dates(batch.starts_on, batch.ends_on, batch.agenda.days)
    sessions = Session.objects.bulk_create(
        Session(
            batch=batch, day=one.day, order=one.order, kind=one.kind, title=one.title, unit=one.unit, jp=one.jp,
            needs_attendance=one.needs_attendance, period=DateTimeTZRange(one.starts_at, one.ends_at),
        )
        for one in plan_sessions(batch.agenda.content, dates, batch.time_zone)
    )  # fmt: skip
    book_staff(batch, batch.assignments.filter(released_at=None), sessions)
    audit.record("sessions_made", batch, by=by, changes={"sessions": (0, len(sessions))})
    return sessions


def shift_sessions(batch: Batch, *, starts_on: date, ends_on: date, time_zone: str, by: User) -> None:
    """Moves the live sessions from those dates and that zone to the batch's own; `batch` is locked and saved.

    Each keeps its wall-clock time and its distance from its day of the agenda. ScheduleClash names who or what would be
    in two places on the new days.
    """
    days = batch.agenda.days
    old, new = agenda_dates(starts_on, ends_on, days), agenda_dates(batch.starts_on, batch.ends_on, days)
    shifts, sessions = shifts_of(old, new), list(Session.objects.live().filter(batch=batch).order_by("pk"))
    if not sessions or (time_zone == batch.time_zone and not any(shifts.values())):
        return
    last = shifts.get(days, 0)
    before = {session.pk: session.period for session in sessions}
    for session in sessions:
        by_days = shifts.get(session.day, last)
        ends = (shifted(at, by_days, time_zone, batch.time_zone) for at in (session.period.lower, session.period.upper))
        session.period = DateTimeTZRange(*ends)
    moved = [session for session in sessions if before[session.pk] != session.period]
    note_changes(batch)
    for session in moved:
        mark_changed(batch, session, before=before[session.pk])
    people, rooms = _takers(batch)
    lock_takers(people, rooms)
    with nobody_in_two_places(batch, _wanted(moved)):
        Session.objects.bulk_update(
            moved, ["period", "moved_from", "schedule_version", "ics_sequence", "version"], batch_size=500
        )
    audit.record("sessions_shifted", batch, by=by, changes={"starts_on": (starts_on, batch.starts_on)})


def change_place(batch: Batch) -> None:
    """The batch moved to another venue: rooms of the old one are given back, and coming sessions count as changed.

    `batch` is locked and saved with its new venue.
    """
    coming = coming_sessions(batch)
    if not coming:
        return
    elsewhere = Booking.objects.filter(session__in=coming, room__isnull=False).exclude(room__venue=batch.venue_id)
    elsewhere.delete()
    note_changes(batch)
    for session in coming:
        mark_changed(batch, session)
    Session.objects.bulk_update(coming, ["moved_from", "schedule_version", "ics_sequence", "version"], batch_size=500)


def cancel_sessions(batch: Batch, reason: str, *, by: User) -> None:
    """Cancels what has not taken place yet, with the batch; people and rooms are free again. `batch` is locked."""
    coming = coming_sessions(batch)
    if not coming:
        return
    note_changes(batch)
    Session.objects.filter(pk__in=[session.pk for session in coming]).update(
        cancelled_at=clock.now(), cancelled_by=by, cancel_reason=reason[:300], version=F("version") + 1,
        ics_sequence=F("ics_sequence") + 1, schedule_version=batch.schedule_version,
    )  # fmt: skip


def _takers(batch: Batch) -> tuple[set[int], set[int]]:
    pairs = Booking.objects.filter(session__batch=batch).values_list("person", "room")
    return {person for person, _room in pairs if person}, {room for _person, room in pairs if room}


def _wanted(sessions: list[Session]) -> list[Wanted]:
    people: dict[int, set[int]] = {}
    rooms: dict[int, set[int]] = {}
    ids = [session.pk for session in sessions]
    for session_id, person, room in Booking.objects.filter(session__in=ids).values_list("session", "person", "room"):
        if person:
            people.setdefault(session_id, set()).add(person)
        if room:
            rooms.setdefault(session_id, set()).add(room)
    return [
        Wanted(
            one.title,
            one.period,
            frozenset(people.get(one.pk, ())),
            frozenset(rooms.get(one.pk, ())),
            session_id=one.pk,
        )
        for one in sessions
    ]
