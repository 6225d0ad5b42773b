"""Timetables for tests: a staffed open batch, plans of sessions, rooms."""

from datetime import timedelta
from itertools import count
from zoneinfo import ZoneInfo

from batches.models import Batch, Room, Session, SessionKind
from batches.services import SessionPlan
from tests.factories.batches import make_batch, make_venue

numbers = count(1)


def make_scheduled(**fields) -> Batch:
    """An open batch forty days ahead with two facilitators and two examiners, at a venue of its own."""
    return make_batch(**{"staffed": True, "venue": make_venue()} | fields)


def make_room(batch: Batch, **fields) -> Room:
    return Room.objects.create(**{"venue": batch.venue, "name": f"Ruang {next(numbers)}"} | fields)


def first_session(batch: Batch, kind: str = SessionKind.LECTURE) -> Session:
    """The first session of that kind, as it is stored now."""
    return batch.sessions.live().filter(kind=kind).order_by("period").first()


def people_of(session: Session) -> set:
    return {booking.person for booking in session.bookings.select_related("person") if booking.person_id}


def as_planned(session: Session, **changes) -> SessionPlan:
    """The plan of a session as it stands, with changes; `later` moves it by so many minutes."""
    later = timedelta(minutes=changes.pop("later", 0))
    values = {
        "title": session.title, "kind": session.kind, "jp": session.jp, "needs_attendance": session.needs_attendance,
        "starts_at": session.starts_at + later, "ends_at": session.ends_at + later,
        "instructors": sorted(people_of(session), key=lambda person: person.pk),
        "rooms": [booking.room for booking in session.bookings.select_related("room") if booking.room_id],
    }  # fmt: skip
    return SessionPlan(**values | changes)


def evening(batch: Batch, hour: int = 19, **changes) -> SessionPlan:
    """A plan for an hour after the agenda of the first day."""
    start = first_session(batch).starts_at.astimezone(ZoneInfo(batch.time_zone)).replace(hour=hour, minute=0)
    values = {"title": "Tugas malam", "kind": SessionKind.LECTURE, "starts_at": start}
    values["ends_at"] = start + timedelta(hours=1)
    return SessionPlan(**values | changes)
