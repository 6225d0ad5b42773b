"""The number of a certificate: no gap within a year of issue, in the issuer's zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from core import clock
from core.numbers import next_number

SERIES = "certificate.training"
DEFAULT_FORMAT = "{seq:04d}/SP/{lsp}/{bulan_romawi}/{tahun}"
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


class _YearTurned(Exception):
    """The wait for the counter outlasted the year; undoes the number that was taken."""


def take_first(zone: str) -> tuple[int, datetime]:
    """(seq, moment of issue in the zone). The moment is read under the counter's lock, so moments rise with numbers.

    Who waited across New Year gets the new year's number; the old year's goes back unused.
    """
    while True:
        year = _now(zone).year
        try:
            with transaction.atomic():
                return _take(year, zone)
        except _YearTurned:
            continue


def take_next(issued_at: datetime) -> int:
    """The following number of the same year, by the transaction that has taken the first."""
    return next_number(SERIES, issued_at.year)


def number_text(pattern: str, *, seq: int, lsp: str, issued_at: datetime) -> str:
    """The number as printed; `pattern` is the scheme's, with {seq:04d}, {lsp}, {bulan_romawi} and {tahun}."""
    return (pattern or DEFAULT_FORMAT).format(
        seq=seq, lsp=lsp, bulan_romawi=ROMAN[issued_at.month - 1], tahun=issued_at.year
    )


def _take(year: int, zone: str) -> tuple[int, datetime]:
    seq = next_number(SERIES, year)  # waits for whoever holds the counter
    issued_at = _now(zone)
    if issued_at.year != year:
        raise _YearTurned
    return seq, issued_at


def _now(zone: str) -> datetime:
    return clock.now().astimezone(ZoneInfo(zone))
