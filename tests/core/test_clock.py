"""The clock and working days."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest

from core import clock

NEW_YEAR = datetime(2025, 12, 31, 17, 30, tzinfo=UTC)  # 00.30 on 1 January in Jakarta, 02.30 in Jayapura


def test_now_is_this_moment():
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_at_sets_the_clock_for_its_block_only():
    with clock.at(NEW_YEAR):
        with clock.at(NEW_YEAR - timedelta(days=1)):
            assert clock.now() == NEW_YEAR - timedelta(days=1)
        assert clock.now() == NEW_YEAR

    assert clock.now() > NEW_YEAR


def test_at_ends_with_an_error():
    with pytest.raises(RuntimeError), clock.at(NEW_YEAR):
        raise RuntimeError

    assert clock.now() > NEW_YEAR


def test_other_threads_keep_their_time():
    seen = []
    with clock.at(NEW_YEAR):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()

    assert seen[0] > NEW_YEAR


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        (NEW_YEAR, "Asia/Jakarta", date(2026, 1, 1)),
        (NEW_YEAR - timedelta(hours=1), "Asia/Jakarta", date(2025, 12, 31)),
        (NEW_YEAR - timedelta(hours=2), "Asia/Jayapura", date(2026, 1, 1)),
        (NEW_YEAR - timedelta(hours=2), "Asia/Makassar", date(2025, 12, 31)),
    ],
)
def test_today_is_the_day_of_the_zone(moment, zone, day):
    with clock.at(moment):
        assert clock.today(zone) == day


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 8, 14), True),
        (date(2026, 8, 15), False),  # Saturday
        (date(2026, 8, 16), False),
        (date(2026, 8, 17), False),  # independence day, a Monday
        (date(2026, 12, 24), False),  # joint leave
        (date(2026, 12, 25), False),
    ],
)
def test_working_days_know_weekends_and_holidays(day, works):
    assert clock.is_working_day(day) is works


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 8, 14), 1, date(2026, 8, 18)),
        (date(2026, 8, 18), -1, date(2026, 8, 14)),
        (date(2026, 8, 15), 1, date(2026, 8, 18)),
        (date(2026, 8, 17), 0, date(2026, 8, 17)),
    ],
)
def test_adding_working_days_skips_what_is_none(start, count, end):
    assert clock.add_working_days(start, count) == end
