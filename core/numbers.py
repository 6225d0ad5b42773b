"""Numbers without gaps: the counter's row is locked until the transaction that uses the number has ended."""

from django.db import connection

TAKE = """
INSERT INTO core_numberseries (series, year, last) VALUES (%s, %s, 1)
ON CONFLICT ON CONSTRAINT numberseries_once DO UPDATE SET last = core_numberseries.last + 1 RETURNING last
"""


def next_number(series: str, year: int) -> int:
    """The next number of the series, from 1. A transaction that is rolled back gives it back; others wait for it."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [series, year])
        return cursor.fetchone()[0]
