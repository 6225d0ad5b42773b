"""The portal's clock: now and today, working days, and a clock that the demo can set back."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from django.utils import timezone

ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}

_fixed: ContextVar[datetime | None] = ContextVar("fixed_now", default=None)


def now() -> datetime:
    """This moment, aware, in UTC; the moment of `at()` inside its block."""
    return _fixed.get() or timezone.now()


def today(zone: str = "Asia/Jakarta") -> date:
    """The calendar day in `zone`."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Runs its block as if it were `moment` (aware). For the demo's past and for tests, never for requests."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)


@cache
def _public_holidays(year: int) -> holidays.HolidayBase:
    # Joint leave ("government") days are no working days of an LSP either. Source: library `holidays`, country ID.
    return holidays.country_holidays("ID", years=year, categories=("public", "government"))


def is_working_day(day: date) -> bool:
    """Monday to Friday and no Indonesian public or joint holiday."""
    return day.weekday() < 5 and day not in _public_holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """The working day that lies `count` working days after `day`; a negative count goes back."""
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day
