"""What a new batch most likely looks like, so that a practised admin only types its first day."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Lsp
from batches.models import AgendaTemplate, Batch, Scheme
from batches.selectors import staff_of
from core import clock

DAYS_BEFORE_START = 10  # registration closes so long before the training
CLOSING_TIME = time(17, 0)
TIME_TO_WRITE_THE_LETTER = 5  # working days before the last day on which it may leave
NUMBER = re.compile(r"\bangkatan (\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Suggestion:
    """Initial values of the two forms."""

    plan: dict[str, Any]
    staff: dict[str, Any]


def suggest(scheme: Scheme) -> Suggestion:
    """Defaults of the scheme; place and staff as in its latest batch."""
    lsp, latest = Lsp.current(), Batch.objects.filter(scheme=scheme).select_related("venue").order_by("-pk").first()
    size, starts_on = scheme.settings.get("class", {}), first_day(lsp)
    venue = latest.venue if latest else None
    plan = {
        "name": batch_name(scheme, starts_on),
        "scheme": scheme,
        "agenda": scheme.agenda_code,
        "starts_on": starts_on,
        "venue": venue,
        "time_zone": venue.time_zone if venue else lsp.time_zone,
        "capacity": size.get("max", 24),
        "min_people": size.get("min", 1),
    }
    return Suggestion(plan, _staff(latest))


def first_day(lsp: Lsp) -> date:
    """The first Monday that leaves time for the letter to BNSP."""
    lead = lsp.bnsp_lead_working_days if lsp.uses_bnsp_approval else 0
    day = clock.add_working_days(clock.today(lsp.time_zone), lead + TIME_TO_WRITE_THE_LETTER)
    return day + timedelta(days=-day.weekday() % 7)


def batch_name(scheme: Scheme, starts_on: date) -> str:
    """Angkatan 10 Umum 2026: the number after the highest one so far."""
    names = Batch.objects.values_list("name", flat=True).order_by()
    numbers = [int(found[1]) for name in names if (found := NUMBER.search(name))]
    short = scheme.settings.get("short_name", scheme.code)
    return f"Angkatan {max(numbers, default=0) + 1} {short} {starts_on.year}"


def last_day(starts_on: date, agenda: AgendaTemplate) -> date:
    """One day after the other."""
    return starts_on + timedelta(days=agenda.days - 1)


def window(starts_on: date, zone: str) -> tuple[datetime, datetime]:
    """From now until ten days before the start; for a training that is near, until the day before."""
    opens = clock.now().replace(second=0, microsecond=0)
    closes = datetime.combine(starts_on - timedelta(days=DAYS_BEFORE_START), CLOSING_TIME, ZoneInfo(zone))
    if closes <= opens:
        closes = datetime.combine(starts_on - timedelta(days=1), CLOSING_TIME, ZoneInfo(zone))
    return opens, closes


def _staff(latest: Batch | None) -> dict[str, Any]:
    if latest is None:
        return {}
    staff = staff_of(latest)  # who no longer holds the role is not on offer, so not ticked either
    return {"facilitators": staff.facilitators, "examiners": staff.examiners}
