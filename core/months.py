"""A month as a table of weeks, and what stands in it: pages draw it, nobody needs a script for it."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import QueryDict
from django.utils.dateformat import format as format_date
from django.utils.functional import Promise

MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
YEARS = range(2000, 2101)
DAYS_OF_A_WEEK = 7


@dataclass(frozen=True)
class Entry:
    """One thing on a day. `time` is written already; `mark` is a word such as Berubah."""

    on: date
    time: str
    title: str
    detail: str = ""
    url: str = ""
    tone: str = "info"
    mark: str | Promise = ""


@dataclass(frozen=True)
class Day:
    """One cell; days of the months before and after stand in the first and last week."""

    on: date
    in_month: bool
    is_today: bool
    entries: list[Entry]


@dataclass(frozen=True)
class Month:
    """Weeks from Monday to Sunday."""

    first: date
    weeks: list[list[Day]]

    @property
    def is_empty(self) -> bool:
        return not any(day.entries for week in self.weeks for day in week if day.in_month)

    @property
    def starts_on(self) -> date:
        return self.weeks[0][0].on

    @property
    def ends_on(self) -> date:
        return self.weeks[-1][-1].on


@dataclass(frozen=True)
class MonthLink:
    """The way to another month."""

    label: str
    url: str


def read_month(text: str, default: date) -> date:
    """The first day of "2026-12"; of the month of `default` when the text is no month of these times."""
    found = MONTH.fullmatch(text.strip())
    if found and int(found[1]) in YEARS:
        return date(int(found[1]), int(found[2]), 1)
    return default.replace(day=1)


def month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def month_after(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def month_span(first: date) -> tuple[date, date]:
    """The Monday on which the table begins and the Sunday on which it ends."""
    last = month_after(first) - timedelta(days=1)
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def build_month(first: date, entries: Iterable[Entry], today: date) -> Month:
    """The table of the month that begins on `first`; entries keep their order within a day."""
    of_day: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        of_day[entry.on].append(entry)
    begins, ends = month_span(first)
    days = [begins + timedelta(days=number) for number in range((ends - begins).days + 1)]
    cells = [Day(day, day.month == first.month, day == today, of_day.get(day, [])) for day in days]
    return Month(first, [cells[at : at + DAYS_OF_A_WEEK] for at in range(0, len(cells), DAYS_OF_A_WEEK)])


def month_links(first: date, query: QueryDict, name: str = "bulan") -> dict[str, MonthLink]:
    """Links to the month before and after that keep the rest of the address."""
    return {
        "before": _link(month_before(first), query, name),
        "after": _link(month_after(first), query, name),
    }


def month_link(day: date, query: QueryDict, name: str = "bulan") -> MonthLink:
    """The link to the month of `day`."""
    return _link(day.replace(day=1), query, name)


def _link(first: date, query: QueryDict, name: str) -> MonthLink:
    kept = query.copy()
    kept[name] = f"{first:%Y-%m}"
    return MonthLink(format_date(first, "F Y"), f"?{kept.urlencode()}")
