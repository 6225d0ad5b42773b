"""Reminders: what an app asks to be owed, when people may be reminded, and how a reminder reads.

Each app computes from its facts who is to be reminded of what now; nothing is planned ahead. So a reminder moves with
its cause and dies with it: a moved date is another cause, and one that waits in the outbox says at sending what holds
then, or nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from core import clock
from notifications.registry import Message, Variable
from notifications.rendering import render_templates

# Local hours of the place. A reminder asks for something that can be done now: it wakes nobody, and does not
# come when desks are closed and families eat. Twelve hours and more are left to catch up after an outage.
FIRST_HOUR, LAST_HOUR = 7, 20

Zones = Mapping[str, date]  # zone -> its day now
OF_LETTER = {"nama": Variable(gettext_lazy("Nama penerima"), "letter.name")}  # for the LSP's own words


@dataclass(frozen=True)
class Reminder:
    """`to` is to be reminded now. The ids say of what, as JSON: the same ids are the same cause, owed once."""

    kind: str
    to: models.Model
    ids: dict[str, Any]

    @property
    def key(self) -> str:
        return ":".join([self.kind, *(str(value) for value in self.ids.values())])


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A reminder that lists what is coming or waits, in the reader's language. `lines` and `facts`: (label, text)."""

    subject: str
    title: str
    name: str
    url: str  # without the host
    action_label: str
    text: str = ""
    lines: list[tuple[str, str]] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)


def waking_zones() -> dict[str, date]:
    """The zones in which people may be reminded now, with their day."""
    here = {zone: clock.now().astimezone(ZoneInfo(zone)) for zone in clock.ZONES}
    return {zone: now.date() for zone, now in here.items() if FIRST_HOUR <= now.hour < LAST_HOUR}


def per_zone(path: str, zones: Zones, condition: Callable[[str, date], Q]) -> Q:
    """Rows whose zone (at `path`) is awake and whose dates fit its day; nothing where everybody sleeps."""
    found = Q(pk__in=[])
    for zone, today in zones.items():
        found |= Q(**{path: zone}) & condition(zone, today)
    return found


def begins_on(path: str, zone: str, on: date) -> Q:
    """The moment at `path` lies on this day of the zone."""
    start, end = (datetime.combine(one, time(), ZoneInfo(zone)) for one in (on, on + timedelta(days=1)))
    return Q(**{f"{path}__gte": start, f"{path}__lt": end})


def begins_near(path: str, on: date) -> Q:
    """The moment at `path` may lie on this day in some zone; which one is for `day_of` to say."""
    start = datetime.combine(on, time(), UTC)
    return Q(**{f"{path}__gte": start - timedelta(days=1), f"{path}__lt": start + timedelta(days=2)})


def day_of(moment: datetime, zone: str) -> date:
    """The calendar day of a moment in the zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def write_letter(letter: Letter, language: str, **more: Any) -> Message:
    """The mail of a reminder that lists; `more` goes to `render_templates`."""
    return render_templates("notifications/reminder", {"letter": letter}, language, **more)
