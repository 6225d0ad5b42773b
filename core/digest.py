"""Tables, sequences and files as what a restore is compared by: equal digests mean equal rows and bytes."""

import hashlib
from typing import NamedTuple

from django.db import connection
from django.db.backends.utils import CursorWrapper

TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attname),
       array_remove(array_agg(CASE WHEN a.attnum = ANY (i.indkey) THEN a.attname::text END ORDER BY a.attname), NULL)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
GROUP BY c.relname ORDER BY c.relname
"""
# A hash per row, then one over all: PostgreSQL reads the table once, and no row travels.
DIGEST = """
SELECT count(*), encode(sha256(coalesce(string_agg(line, ''::bytea ORDER BY place), ''::bytea)), 'hex')
FROM (SELECT sha256(convert_to(row_to_json(r)::text, 'UTF8')) AS line, {place} AS place
      FROM (SELECT {columns} FROM {table}) r) lines
"""
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1"


class TableState(NamedTuple):
    rows: int
    digest: str  # SHA-256 in hex


def table_states(cursor: CursorWrapper, *, without: frozenset[str] = frozenset()) -> dict[str, TableState]:
    """Rows and digest of each table as the cursor's transaction sees it; limits of time are the caller's.

    `without`: a column anywhere, `table.column`, or a whole table that does not count.
    """
    cursor.execute(TABLES)
    found = {}
    for table, columns, key in cursor.fetchall():
        if table in without:
            continue
        kept = [name for name in columns if not {name, f"{table}.{name}"} & without]
        cursor.execute(_digest_query(table, kept, key))
        found[table] = TableState(*cursor.fetchone())
    return found


def sequence_values(cursor: CursorWrapper) -> dict[str, int | None]:
    """Last value of each sequence; None: never used. Sequences live outside transactions and snapshots."""
    cursor.execute(SEQUENCES)
    return dict(cursor.fetchall())


def file_sum(content: bytes) -> tuple[int, str]:
    return len(content), hashlib.sha256(content).hexdigest()


def _digest_query(table: str, columns: list[str], key: list[str]) -> str:
    """Text of the key in C order, so that two servers with other rules of sorting agree; without a key the row's."""
    quote = connection.ops.quote_name
    inside = key and set(key) <= set(columns)
    place = f"concat_ws(chr(31), {', '.join(f'r.{quote(name)}' for name in key)})" if inside else "row_to_json(r)::text"
    listed = ", ".join(quote(name) for name in columns)
    return DIGEST.format(place=f'({place}) COLLATE "C"', columns=listed, table=quote(table))
