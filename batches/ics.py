"""Sessions as iCalendar: one stable entry per session, moved and cancelled in place by its sequence number."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from accounts.feeds import feed_token
from accounts.models import User
from batches.models import Session
from batches.wording import localized

CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=1)  # how often a subscribed calendar should look


def make_calendar(name: str, events: Iterable[Event]) -> bytes:
    """A whole calendar with the time zones that its events use."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{_host()}//Portal TOT//ID")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH).to_ical().decode())
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def session_event(session: Session, path: str, *, people: Iterable[str] = (), is_private: bool = False) -> Event:
    """One session; `path` is the page that it leads to.

    Private calendars also say `people` who instruct, and why a session is cancelled: that is for the class only. Names
    of participants never stand in it. Wants `batch.venue` and `bookings.room` loaded.
    """
    batch, zone = session.batch, ZoneInfo(session.batch.time_zone)
    event = Event()
    event.add("uid", f"{session.code}@{_host()}")
    event.add("sequence", session.ics_sequence)
    event.add("dtstamp", _last_changed(session))
    event.add("dtstart", session.starts_at.astimezone(zone))
    event.add("dtend", session.ends_at.astimezone(zone))
    event.add("summary", _("%(title)s (%(batch)s)") % {"title": localized(session.title), "batch": batch.name})
    event.add("status", "CANCELLED" if session.is_cancelled else "CONFIRMED")
    event.add("url", settings.SITE_URL + path)
    if place := place_of(session):
        event.add("location", place)
    if about := _about(session, list(people), is_private=is_private):
        event.add("description", about)
    return event


def place_of(session: Session) -> str:
    """Room, venue and address, as far as they are known."""
    rooms = [booking.room.name for booking in session.bookings.all() if booking.room]
    venue = session.batch.venue
    return ", ".join([*rooms, *([venue.name, venue.address, venue.city] if venue else [])])


def feed_address(user: User) -> str:
    """The whole address of the person's private calendar."""
    return settings.SITE_URL + reverse("participants:calendar_feed", args=[feed_token(user)])


def calendar_response(content: bytes, filename: str) -> HttpResponse:
    """The calendar as a file; readers that subscribe do not mind the name."""
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'inline; filename="{filename}.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _about(session: Session, people: list[str], *, is_private: bool) -> str:
    lines = [str(session.get_kind_display()) + (f", {session.jp} JP" if session.jp else "")]
    if people:
        lines.append(_("Pengajar: %(names)s") % {"names": ", ".join(people)})
    if session.is_cancelled and is_private:
        lines.append(_("Dibatalkan: %(reason)s") % {"reason": session.cancel_reason})
    return "\n".join(lines)


def _last_changed(session: Session) -> datetime:
    """The same entry is written the same way each time it is asked for."""
    changed = session.batch.schedule_changed_at if session.schedule_version else None
    return (changed or session.created_at).astimezone(UTC)


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"
