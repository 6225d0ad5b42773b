"""Sessions of a day, for the reminders of the apps above."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import QuerySet

from batches.calendar import rooms_of, with_takers
from batches.models import Batch, Session, SessionKind
from batches.states import SCHEDULED
from batches.wording import localized, period_hours
from notifications.reminders import Zones, begins_near, begins_on, day_of, per_zone


def sessions_of_tomorrow(zones: Zones) -> QuerySet[Session]:
    """What takes place tomorrow where people are awake; breaks are no reason to come."""
    tomorrow = per_zone(
        "batch__time_zone", zones, lambda zone, today: begins_on("period__startswith", zone, today + timedelta(days=1))
    )
    return _taking_place().filter(tomorrow)


def sessions_on(sessions: QuerySet[Session], on: date) -> list[Session]:
    """Those that take place on this day at their place, with batch and takers, in order of time; two queries."""
    near = _taking_place().filter(begins_near("period__startswith", on), pk__in=sessions.values("pk"))
    found = with_takers(near.select_related("batch__venue").order_by("period", "order", "pk"))
    return [one for one in found if day_of(one.starts_at, one.batch.time_zone) == on]


def session_line(session: Session) -> tuple[str, str]:
    """("08.00–09.30 WIB", "Perencanaan asesmen · Ruang Melati")"""
    words = [localized(session.title), *(room.name for room in rooms_of(session))]
    return period_hours(session.period, session.batch.time_zone), " · ".join(words)


def venue_lines(batches: Iterable[Batch]) -> list[str]:
    """Name, address and city of each venue, once."""
    venues = {batch.venue_id: batch.venue for batch in batches if batch.venue}
    return [f"{one.name}, {one.address}, {one.city}" for one in venues.values()]


def _taking_place() -> QuerySet[Session]:
    return Session.objects.live().filter(batch__status__in=SCHEDULED).exclude(kind=SessionKind.BREAK)
