"""The portal's state as a few hashes: equal hashes mean equal rows, files and sequences.

A restore is compared by it, and so is what a task leaves when it runs a second time.
"""

import hashlib
from typing import NamedTuple

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from core.storage import private_files

# What changes without an act: a column anywhere, `table.column`, or a whole table.
VOLATILE = frozenset({"heartbeat_at", "last_login", "last_seen_at", "core_opsmark", "django_session.expire_date"})

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


def portal_digest(*, without: frozenset[str] = VOLATILE) -> dict[str, str]:
    """Table -> SHA-256 over its rows, ordered by primary key, as JSON without the columns (or tables) named in
    `without`; "files" -> over name, size and SHA-256 of each private file; "sequences" -> over their values.

    It is a comparison of states at rest: call it when nobody writes.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        states = table_states(cursor, without=without)
        sequences = sequence_values(cursor)
    digest = {table: state.digest for table, state in states.items()}
    return digest | {"files": _hash_of(file_lines()), "sequences": _hash_of(map(repr, sorted(sequences.items())))}


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The names whose digests differ; what a test shows when two states should be equal."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def table_states(cursor: CursorWrapper, *, without: frozenset[str] = frozenset()) -> dict[str, TableState]:
    """Rows and digest of each table as the cursor's transaction sees it; limits of time are the caller's."""
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


def file_lines() -> list[str]:
    """One line per private file, in the order of names: name, size, SHA-256 of the sealed bytes."""
    store = private_files()
    return [file_line(entry.name, store.read(entry.name)) for entry in sorted(store.entries())]


def file_line(name: str, content: bytes) -> str:
    size, sha256 = file_sum(content)
    return f"{name} {size} {sha256}"


def file_sum(content: bytes) -> tuple[int, str]:
    return len(content), hashlib.sha256(content).hexdigest()


def _digest_query(table: str, columns: list[str], key: list[str]) -> str:
    """Text of the key in C order, so that two servers with other rules of sorting agree; without a key the row's."""
    quote = connection.ops.quote_name
    inside = key and set(key) <= set(columns)
    place = f"concat_ws(chr(31), {', '.join(f'r.{quote(name)}' for name in key)})" if inside else "row_to_json(r)::text"
    listed = ", ".join(quote(name) for name in columns)
    return DIGEST.format(place=f'({place}) COLLATE "C"', columns=listed, table=quote(table))


def _hash_of(lines) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
