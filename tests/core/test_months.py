"""A month as a table of weeks."""

from datetime import date

import pytest
from django.http import QueryDict

from core.months import Entry, build_month, month_after, month_before, month_links, read_month

DECEMBER = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2026-12", DECEMBER),
        (" 2027-01 ", date(2027, 1, 1)),
        ("", date(2026, 3, 1)),
        ("2026-13", date(2026, 3, 1)),
        ("9999-12", date(2026, 3, 1)),
        ("2026-12-01", date(2026, 3, 1)),
        ("besok", date(2026, 3, 1)),
    ],
)
def test_month_is_read_or_falls_back_to_the_present_one(text, first):
    assert read_month(text, date(2026, 3, 17)) == first


@pytest.mark.parametrize("first", [date(year, month, 1) for year in (2026, 2028) for month in range(1, 13)])
def test_weeks_are_whole_and_hold_the_month(first):
    month = build_month(first, [], first)
    days = [day for week in month.weeks for day in week]

    assert all(len(week) == 7 and week[0].on.weekday() == 0 for week in month.weeks)
    assert [day.on for day in days if day.in_month][0] == first
    assert sum(day.in_month for day in days) == (month_after(first) - first).days
    assert month_before(month_after(first)) == first
    assert month.is_empty


def test_entries_stand_on_their_day_in_their_order():
    entries = [Entry(date(2026, 12, 3), "08.00", "a"), Entry(date(2026, 12, 3), "10.00", "b")]

    month = build_month(DECEMBER, entries, date(2026, 12, 3))

    day = next(day for week in month.weeks for day in week if day.is_today)
    assert [entry.title for entry in day.entries] == ["a", "b"]
    assert not month.is_empty


def test_entry_of_a_neighbouring_month_does_not_fill_this_one():
    assert build_month(DECEMBER, [Entry(date(2026, 11, 30), "08.00", "a")], DECEMBER).is_empty


def test_links_keep_the_rest_of_the_address():
    links = month_links(DECEMBER, QueryDict("bulan=2026-12&ruang=abc"))

    assert links["before"].url == "?bulan=2026-11&ruang=abc"
    assert links["after"].label == "Januari 2027"
