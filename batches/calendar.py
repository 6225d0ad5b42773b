"""Sessions for pages: the days of one batch, a month for staff, and the entries of a month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.roles import Role
from batches.models import Assignment, Batch, Booking, Room, Session, SessionKind
from batches.states import PUBLIC, BatchStatus
from batches.wording import localized, period_hours, period_text
from core import clock
from core.months import Entry, month_span

CHANGED, CANCELLED, ADDED = gettext_lazy("Berubah"), gettext_lazy("Dibatalkan"), gettext_lazy("Baru")
EVERYTHING = {Role.ADMIN, Role.DIRECTOR, Role.AUDITOR}
KEPT = (*PUBLIC, BatchStatus.ARCHIVED)  # batches whose sessions stand in calendars


@dataclass(frozen=True)
class ScheduleDay:
    """One day of a batch's timetable."""

    on: date
    number: int
    sessions: list[Session]

    @property
    def jp(self) -> int:
        return sum(session.jp for session in self.sessions if not session.is_cancelled)

    @property
    def is_exam(self) -> bool:
        return any(session.kind == SessionKind.EXAM for session in self.sessions)


def with_takers(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Sessions with their instructors and rooms; one query more."""
    takers = Booking.objects.select_related("person", "room").order_by("person__name", "room__name", "pk")
    return sessions.prefetch_related(Prefetch("bookings", takers))


def sessions_of(batch: Batch) -> list[Session]:
    """All sessions of a batch, cancelled ones too, in order of time; two queries."""
    sessions = list(with_takers(Session.objects.filter(batch=batch).order_by("period", "order", "pk")))
    for session in sessions:
        session.batch = batch
    return sessions


def days_of(batch: Batch, sessions: Iterable[Session]) -> list[ScheduleDay]:
    """The sessions day by day, in the zone of the batch."""
    zone, found = ZoneInfo(batch.time_zone), {}
    for session in sessions:
        found.setdefault(session.starts_at.astimezone(zone).date(), []).append(session)
    return [ScheduleDay(on, number, found[on]) for number, on in enumerate(sorted(found), start=1)]


def instructors_of(session: Session) -> list[User]:
    return [booking.person for booking in session.bookings.all() if booking.person]


def rooms_of(session: Session) -> list[Room]:
    return [booking.room for booking in session.bookings.all() if booking.room]


def mark_of(session: Session):
    """Dibatalkan, Baru, Berubah or nothing."""
    if session.is_cancelled:
        return CANCELLED
    if session.is_new:
        return ADDED
    return CHANGED if session.is_changed else ""


def was_of(session: Session, zone: str) -> str:
    """Where it was before: the hours when it stays on its day, else day and hours."""
    if not session.moved_from:
        return ""
    days = {period.lower.astimezone(ZoneInfo(zone)).date() for period in (session.period, session.moved_from)}
    return (period_hours if len(days) == 1 else period_text)(session.moved_from, zone)


def calendar_sessions(user: User) -> QuerySet[Session]:
    """Every session in calendars for those who plan and watch; for assessors those that they instruct."""
    sessions = Session.objects.filter(batch__status__in=KEPT).exclude(kind=SessionKind.BREAK)
    if sees_everything(user):
        return sessions
    return sessions.filter(bookings__person=user)


def sees_everything(user: User) -> bool:
    """Admins, directors and auditors."""
    return bool(user.roles & EVERYTHING)


def narrowed(sessions: QuerySet[Session], chosen: dict[str, str]) -> QuerySet[Session]:
    """Those of a batch, of a room and of a person (codes)."""
    if batch := chosen.get("angkatan"):
        sessions = sessions.filter(batch__code=batch)
    if room := chosen.get("ruang"):
        sessions = sessions.filter(bookings__room__code=room)
    if person := chosen.get("orang"):
        sessions = sessions.filter(pk__in=Booking.objects.filter(person__code=person).values("session"))
    return sessions


def in_month(sessions: QuerySet[Session], first: date) -> list[Session]:
    """The sessions that the table of a month shows, in order of time."""
    begins, ends = (datetime.combine(day, time(), ZoneInfo("UTC")) for day in month_span(first))
    span = (begins - timedelta(days=1), ends + timedelta(days=2))
    shown = sessions.filter(period__overlap=span).select_related("batch").order_by("period", "order", "pk")
    return list(with_takers(shown))


def next_after(sessions: QuerySet[Session], first: date) -> date | None:
    """The day of the first session after the month that begins on `first`; else of the last one before it."""
    begins = datetime.combine(first, time(), ZoneInfo("UTC"))
    later = sessions.filter(period__startswith__gt=begins, cancelled_at=None).order_by("period").first()
    found = later or sessions.filter(cancelled_at=None).order_by("-period").first()
    return found.starts_at.astimezone(ZoneInfo("Asia/Jakarta")).date() if found else None


def session_entries(sessions: Iterable[Session], url) -> list[Entry]:
    """One entry per session; `url(session)` is where it leads."""
    return [
        Entry(
            on=session.starts_at.astimezone(ZoneInfo(session.batch.time_zone)).date(),
            time=period_hours(session.period, session.batch.time_zone),
            title=localized(session.title),
            detail=", ".join([session.batch.name, *(room.name for room in rooms_of(session))]),
            url=url(session),
            tone="cancelled" if session.is_cancelled else session_tone(session.kind),
            mark=mark_of(session),
        )
        for session in sessions
    ]


def batch_entries(sessions: Iterable[Session], url) -> list[Entry]:
    """One entry per batch and day: from its first start to its last end. Cancelled sessions do not count."""
    grouped: dict[tuple[date, int], list[Session]] = {}
    for session in sessions:
        if not session.is_cancelled:
            on = session.starts_at.astimezone(ZoneInfo(session.batch.time_zone)).date()
            grouped.setdefault((on, session.batch_id), []).append(session)
    entries = []
    for (on, _batch), found in grouped.items():
        batch, is_exam = found[0].batch, any(one.kind == SessionKind.EXAM for one in found)
        whole = type(found[0].period)(found[0].starts_at, max(one.ends_at for one in found))
        number = ngettext("%(n)s sesi", "%(n)s sesi", len(found)) % {"n": len(found)}
        entries.append(
            Entry(
                on=on,
                time=period_hours(whole, batch.time_zone),
                title=batch.name,
                detail=f"{_('Uji')}, {number}" if is_exam else number,
                url=url(found[0]),
                tone="warn" if is_exam else "info",
                mark=CHANGED if any(one.is_changed for one in found) else "",
            )
        )
    return entries


def session_tone(kind: str) -> str:
    return SessionKind(kind).tone


def schedule_url(session: Session) -> str:
    """The session on the page of its batch."""
    return reverse("batches:schedule", args=[session.batch.code]) + f"#sesi-{session.code}"


def batches_in_calendar() -> QuerySet[Batch]:
    """Batches that a calendar may be narrowed to, the latest first."""
    return Batch.objects.filter(status__in=KEPT).order_by("-starts_on", "-pk")


def schedule_batches(user: User) -> QuerySet[Batch]:
    """Batches whose timetable staff may open: those of the desk, and those in which they instruct."""
    instructed = Session.objects.filter(bookings__person=user.pk)
    return Batch.objects.filter(
        Q(pk__in=Batch.objects.planned_with(user).order_by().values("pk"))
        | Q(pk__in=instructed.order_by().values("batch"))
    )


def served_as(batch: Batch) -> dict[int, str]:
    """Person -> Fasilitator or Penguji of this batch."""
    live = Assignment.objects.filter(batch=batch, released_at=None)
    return {assignment.person_id: str(assignment.get_function_display()) for assignment in live}


def next_session(sessions: Iterable[Session], now: datetime | None = None) -> Session | None:
    """The one that runs now or comes next."""
    now = now or clock.now()
    coming = [one for one in sessions if not one.is_cancelled and one.ends_at > now and one.kind != SessionKind.BREAK]
    return min(coming, key=lambda one: one.starts_at, default=None)
