"""One session: added, changed or moved, cancelled. People and rooms are never in two places."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Max

from accounts.models import User
from accounts.roles import Role
from batches.clashes import Wanted
from batches.errors import (
    CancellationUnexplained,
    ExaminerNeeded,
    ExaminerTrains,
    InstructorUnfit,
    RoomElsewhere,
    ScheduleIsFixed,
    SessionEndsFirst,
    SessionIsCancelled,
)
from batches.models import Assignment, Batch, Room, Session, SessionKind
from batches.schedule import TAUGHT
from batches.services.bookings import lock_takers, nobody_in_two_places, set_takers
from batches.services.news import mark_changed, note_changes, watch_guests
from batches.services.seats import lock_batch
from batches.states import SCHEDULED
from batches.timetable import day_number
from core import audit, clock
from core.errors import ChangedMeanwhile
from core.patience import patient

PLAIN_FIELDS = ("title", "kind", "jp", "needs_attendance", "period")


@dataclass(frozen=True)
class SessionPlan:
    """What an admin decides about a session; both moments are aware."""

    title: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    jp: int = 0
    needs_attendance: bool = True
    rooms: Sequence[Room] = field(default=())
    instructors: Sequence[User] = field(default=())

    @property
    def period(self) -> DateTimeTZRange:
        return DateTimeTZRange(self.starts_at, self.ends_at)


@patient
def add_session(batch: Batch, plan: SessionPlan, *, by: User) -> Session:
    """One more session. People hear of it when it lies ahead.

    ScheduleIsFixed outside open … examining; ScheduleClash names both sides; else the errors of `check_plan`.
    """
    batch = _lock_scheduled(batch.pk)
    check_plan(batch, plan)
    day = day_number(batch, plan.starts_at)
    last = batch.sessions.filter(day=day).aggregate(last=Max("order"))["last"] or 0
    session = Session(batch=batch, day=day, order=last + 1, created_at=clock.now(), **_values(plan))
    people, rooms = _takers(plan)
    if plan.ends_at > clock.now():
        watch_guests(batch, people, batch.schedule_version)
        note_changes(batch)
        session.schedule_version = batch.schedule_version
    _keep(batch, session, people, rooms, set())
    changes = {name: ("", value) for name, value in _facts(session, people, rooms).items()}
    audit.record("session_added", session, by=by, changes=changes, label=batch.code)
    return session


@patient
def update_session(session: Session, plan: SessionPlan, *, version: int, by: User) -> Session:
    """Changes a session: words, time, rooms and instructors. Who it concerns hears of it when it lies ahead.

    ChangedMeanwhile if it was saved since the form was opened at `version`; SessionIsCancelled; errors as add_session.
    """
    batch = _lock_scheduled(session.batch_id)
    session = Session.objects.get(pk=session.pk)
    if session.is_cancelled:
        raise SessionIsCancelled
    if session.version != version:
        raise ChangedMeanwhile
    check_plan(batch, plan)
    people, rooms = _takers(plan)
    was, period = taken_by(session), session.period
    before = _facts(session, *was)
    for name, value in _values(plan).items():
        setattr(session, name, value)
    after = _facts(session, people, rooms)
    if before == after:
        return session
    if max(period.upper, plan.ends_at) > clock.now():
        watch_guests(batch, people | was[0], batch.schedule_version)
        note_changes(batch)
        mark_changed(batch, session, before=period)
    else:
        session.version += 1
    _keep(batch, session, people, rooms, was[0])
    changes = {name: (before[name], after[name]) for name in before}
    audit.record("session_changed", session, by=by, changes=changes, label=batch.code)
    return session


@patient
def cancel_session(session: Session, reason: str, *, by: User) -> Session:
    """The session does not take place: its people and rooms are free, its calendar entry is cancelled.

    CancellationUnexplained without a reason; SessionIsCancelled; ScheduleIsFixed.
    """
    reason = reason.strip()
    if not reason:
        raise CancellationUnexplained
    batch = _lock_scheduled(session.batch_id)
    session = Session.objects.get(pk=session.pk)
    if session.is_cancelled:
        raise SessionIsCancelled
    if session.ends_at > clock.now():
        watch_guests(batch, taken_by(session)[0], batch.schedule_version)
        note_changes(batch)
        mark_changed(batch, session)
    session.cancelled_at, session.cancelled_by, session.cancel_reason = clock.now(), by, reason[:300]
    session.save()
    audit.record("session_cancelled", session, by=by, reason=reason, label=batch.code)
    return session


def check_plan(batch: Batch, plan: SessionPlan) -> None:
    """Who may instruct what, which room belongs here, and which end comes last.

    SessionEndsFirst, RoomElsewhere, InstructorUnfit, ExaminerNeeded, ExaminerTrains.
    """
    if plan.ends_at <= plan.starts_at:
        raise SessionEndsFirst
    for room in plan.rooms:
        if room.venue_id != batch.venue_id:
            raise RoomElsewhere(name=room)
    examiners = Assignment.objects.filter(batch=batch, released_at=None, function=Assignment.Function.EXAMINER)
    examining = set(examiners.values_list("person", flat=True))
    holders = set(User.objects.with_role(Role.ASSESSOR).order_by().values_list("pk", flat=True))
    for person in plan.instructors:
        if person.pk not in holders:
            raise InstructorUnfit(name=person)
        if plan.kind == SessionKind.EXAM and person.pk not in examining:
            raise ExaminerNeeded(name=person)
        if plan.kind in TAUGHT and person.pk in examining:
            raise ExaminerTrains(name=person)


def taken_by(session: Session) -> tuple[set[int], set[int]]:
    """Ids of the people and of the rooms that the session takes."""
    bookings = session.bookings.all()
    return {one.person_id for one in bookings if one.person_id}, {one.room_id for one in bookings if one.room_id}


def _takers(plan: SessionPlan) -> tuple[set[int], set[int]]:
    return {person.pk for person in plan.instructors}, {room.pk for room in plan.rooms}


def _lock_scheduled(batch_id: int) -> Batch:
    batch = lock_batch(batch_id)
    if batch.status not in SCHEDULED:
        raise ScheduleIsFixed
    return batch


def _keep(batch: Batch, session: Session, people: set[int], rooms: set[int], before: set[int]) -> None:
    """Saves the session with what it takes, if everybody and every room is free."""
    lock_takers(people | before, rooms)
    wanted = Wanted(session.title, session.period, frozenset(people), frozenset(rooms), session_id=session.pk)
    with nobody_in_two_places(batch, [wanted]):
        session.save()
        set_takers(session, people, rooms)


def _values(plan: SessionPlan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in PLAIN_FIELDS}


def _facts(session: Session, people: set[int], rooms: set[int]) -> dict[str, Any]:
    """What the audit log compares; people and rooms by their codes."""
    facts = {name: getattr(session, name) for name in PLAIN_FIELDS if name != "period"}
    people_codes = User.objects.filter(pk__in=people).order_by("code").values_list("code", flat=True)
    room_names = Room.objects.filter(pk__in=rooms).order_by("name").values_list("name", flat=True)
    return facts | {
        "starts_at": session.period.lower.astimezone(UTC).isoformat(),
        "ends_at": session.period.upper.astimezone(UTC).isoformat(),
        "instructors": list(people_codes),
        "rooms": list(room_names),
    }
