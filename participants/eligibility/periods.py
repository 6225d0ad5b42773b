"""Calendar arithmetic for ages and experience.

Choice, documented once. Experience reaches N years when either measure does, in the person's favour:
- months: a day counts as its share of its own calendar month, so two times eighteen months are three years;
- days: N years are `365 * N + N // 4` days, the fewest that N calendar years can have, so no leap day is held against
  anyone.
Both are sums over days: overlaps count once, splitting or joining ranges changes nothing, and more experience never
counts for less. Ages use anniversaries.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

MONTH = 377_580  # divisible by 28, 29, 30 and 31: shares of months stay whole numbers


class Covered(NamedTuple):
    """The days that lie in at least one range, and their shares of months (in parts of MONTH)."""

    days: int
    shares: int

    @property
    def months(self) -> int:
        """Whole months; 12 * N is reached exactly when N years are."""
        return max(self.shares // MONTH, _months_of_days(self.days))

    def reaches(self, years: int) -> bool:
        return self.months >= 12 * years


def years_before(day: date, years: int) -> date:
    """The same day `years` earlier; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def age_on(birth_date: date, day: date) -> int:
    """Whole years; a person born on 29 February is a year older on 1 March."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def covered(ranges: Iterable[tuple[date, date | None]], until: date) -> Covered:
    """Experience before `until`; last days count, open ranges run until `until`."""
    days, shares, reached = 0, 0, date.min
    for starts_on, ends_on in sorted(ranges, key=lambda pair: pair[0]):
        end = until if ends_on is None or ends_on >= until else ends_on + timedelta(days=1)
        start = max(starts_on, reached)
        if end > start:
            days += (end - start).days
            shares += _position(end) - _position(start)
            reached = end
    return Covered(days, shares)


def days_of_years(years: int) -> int:
    """The fewest days that `years` calendar years can have."""
    return 365 * years + years // 4


def _months_of_days(days: int) -> int:
    """Reaches 12 * N exactly when `days_of_years(N)` is reached."""
    cycles, rest = divmod(days, 1461)
    years = min(rest // 365, 3)
    months = min((rest - 365 * years) * 12 // 365, 11)
    return (4 * cycles + years) * 12 + months


def _position(day: date) -> int:
    """Where a day begins on a line on which all months are equally long."""
    length = monthrange(day.year, day.month)[1]
    return (day.year * 12 + day.month) * MONTH + (day.day - 1) * (MONTH // length)
