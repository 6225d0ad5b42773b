"""The portal's state as a few hashes: equal hashes mean equal rows, files and sequences."""

import hashlib
from collections.abc import Iterable

from django.db import connection, transaction

from core.digest import file_sum, sequence_values, table_states
from core.storage import private_files

# What changes without an act: a column anywhere, `table.column`, or a whole table.
VOLATILE = frozenset({"heartbeat_at", "last_login", "last_seen_at", "core_opsmark", "django_session.expire_date"})


def portal_digest(*, without: frozenset[str] = VOLATILE) -> dict[str, str]:
    """Table -> digest of its rows; "files" -> of name, size and content of each; "sequences" -> of their values.

    It is a comparison of states at rest: call it when nobody writes.
    """
    store = private_files()
    files = [(entry.name, file_sum(store.read(entry.name))) for entry in sorted(store.entries())]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        tables = {table: state.digest for table, state in table_states(cursor, without=without).items()}
        sequences = sequence_values(cursor)
    return tables | {"files": _hash_of(files), "sequences": _hash_of(sorted(sequences.items()))}


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The names whose digests differ; what a test shows when two states should be equal."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def _hash_of(things: Iterable) -> str:
    return hashlib.sha256(repr(list(things)).encode()).hexdigest()
