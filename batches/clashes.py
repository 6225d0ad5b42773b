"""Who or what would be in two places: told with both sides. The database decides; these reads explain."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from batches.models import Assignment, Batch, Booking, Session, SessionKind
from batches.wording import localized, period_text
from core import clock

MOST_TOLD = 5
Function = Assignment.Function


@dataclass(frozen=True)
class Wanted:
    """A session as it shall be; `session_id` is None while it is new."""

    title: str
    period: DateTimeTZRange
    people: frozenset[int] = field(default_factory=frozenset)
    rooms: frozenset[int] = field(default_factory=frozenset)
    session_id: int | None = None


@dataclass(frozen=True)
class LeftOut:
    """Somebody who serves the batch but is elsewhere during some of its sessions."""

    person: str
    sessions: list[str]
    elsewhere: list[str]


def overlap(one: DateTimeTZRange, other: DateTimeTZRange) -> bool:
    return one.lower < other.upper and other.lower < one.upper


def whole_span(periods: Iterable[DateTimeTZRange]) -> DateTimeTZRange:
    """From the first start to the last end."""
    periods = list(periods)
    return DateTimeTZRange(min(one.lower for one in periods), max(one.upper for one in periods))


def find_clashes(batch: Batch, wanted: list[Wanted]) -> list[str]:
    """A sentence for each clash of these sessions with others, at most five; two queries."""
    own = [one.session_id for one in wanted if one.session_id]
    span = whole_span(one.period for one in wanted)
    live = Session.objects.live().filter(period__overlap=span).exclude(pk__in=own)
    classes = live.filter(batch=batch).select_related("batch")
    takes = Q(person__in=set().union(*(one.people for one in wanted)))
    takes |= Q(room__in=set().union(*(one.rooms for one in wanted)))
    bookings = Booking.objects.filter(takes, session__in=live).select_related("person", "room", "session__batch")
    found: list[str] = []
    for one in wanted:
        found += [
            _clash(_("Angkatan ini"), one, other, batch) for other in classes if overlap(one.period, other.period)
        ]
        found += [
            _clash(str(booking.person or booking.room), one, booking.session, batch)
            for booking in bookings
            if (booking.person_id in one.people or booking.room_id in one.rooms)
            and overlap(one.period, booking.session.period)
        ]
    return found[:MOST_TOLD]


def _clash(who: str, one: Wanted, other: Session, batch: Batch) -> str:
    text = _("%(who)s tidak dapat dipakai dua kali pada waktu yang sama. Sesi ini: %(here)s. Sesi lain: %(there)s.")
    here = _side(one.title, batch, one.period)
    return text % {"who": who, "here": here, "there": _side(other.title, other.batch, other.period)}


def _side(title: str, batch: Batch, period: DateTimeTZRange) -> str:
    """“Kode etik”, Angkatan 12, Senin, 3 Agustus 2026 pukul 08.00–09.30 WIB"""
    words = {"title": localized(title), "batch": batch.name, "time": period_text(period, batch.time_zone)}
    return _("“%(title)s”, %(batch)s, %(time)s") % words


def serves(function: str, kind: str) -> bool:
    """Facilitators serve the training, examiners the examination, nobody the breaks."""
    if kind == SessionKind.BREAK:
        return False
    return (kind == SessionKind.EXAM) is (function == Function.EXAMINER)


def taken_times(people: Iterable[int], span: DateTimeTZRange, *, but: Batch | None = None) -> QuerySet[Booking]:
    """Bookings of these people during `span`, in other batches than `but`."""
    live = Session.objects.live().filter(period__overlap=span)
    if but is not None:
        live = live.exclude(batch=but)
    return Booking.objects.filter(person__in=list(people), session__in=live).select_related("session__batch")


def left_out(batch: Batch, now: datetime | None = None) -> list[LeftOut]:
    """Who serves the batch but is elsewhere during coming sessions that he or she should instruct; three queries."""
    now = now or clock.now()
    live = Assignment.objects.filter(batch=batch, released_at=None).select_related("person")
    sessions = list(Session.objects.live().filter(batch=batch, period__endswith__gt=now))
    if not sessions or not live:
        return []
    span = whole_span(one.period for one in sessions)
    elsewhere = list(taken_times([one.person_id for one in live], span, but=batch))
    found = []
    for assignment in live:
        others = [one.session for one in elsewhere if one.person_id == assignment.person_id]
        missed = [
            (session, other)
            for session in sessions
            if serves(assignment.function, session.kind)
            for other in others
            if overlap(session.period, other.period)
        ]
        if missed:
            found.append(
                LeftOut(
                    str(assignment.person),
                    list(dict.fromkeys(localized(session.title) for session, _other in missed)),
                    list(dict.fromkeys(_side(other.title, other.batch, other.period) for _session, other in missed)),
                )
            )
    return found
