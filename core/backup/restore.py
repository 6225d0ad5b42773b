"""Putting an archive back, and proving that what came back is what was there.

Nothing is written before the whole archive was read, its schema is this portal's, and the target is empty. Files go
first and the database last, in one transaction: a restore that fails halfway leaves an empty database, and takes its
files away again.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from django.db import Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2 import sql

from core import crypto, digest, ops
from core.backup import Say, servertools
from core.backup.archive import BackupRefused
from core.backup.inspect import Inspected, inspect, pour
from core.backup.manifest import Manifest, schema_of_code
from core.storage import private_files

OF_THE_FRAMEWORK = {"django_migrations", "django_content_type", "auth_permission"}  # filled by `migrate` itself


class Report(NamedTuple):
    """What was compared, and what differs; no differences: the restore is proven."""

    manifest: Manifest
    differences: list[str]
    rows: int


def restore(path: Path, *, say: Say = print) -> Report:
    """The archive into the empty database and the empty file store of the settings. BackupRefused."""
    found = _accept(path, say)
    _refuse_full_target()
    written: list[str] = []

    def keep(name: str, sealed: bytes) -> None:
        written.append(name)
        private_files().put(name, sealed)

    try:
        pour(path, file=keep, database=partial(servertools.load, connection))
    except BaseException:
        for name in written:
            private_files().delete(name)
        raise
    say(f"Restored {len(written)} files and the database; comparing.")
    with _own_connection() as restored:
        return _compare(found, restored, _stored_files())


def check(path: Path, *, say: Say = print) -> Report:
    """The restore test: into a scratch database beside the portal's, compared, and dropped. The store is not touched;
    each file of the archive has been decrypted and compared with the manifest. Needs the right to create databases."""
    found = _accept(path, say)
    with _scratch_database() as scratch:
        pour(path, file=lambda name, sealed: None, database=partial(servertools.load, scratch))
        say("Restored into a scratch database; comparing.")
        report = _compare(found, scratch, found.manifest.files)
    made_at, differences = report.manifest.created_at, len(report.differences)
    ops.mark(ops.RESTORE_TEST, file=path.name, differences=differences, made_at=made_at)
    return report


def _accept(path: Path, say: Say) -> Inspected:
    found = inspect(path)
    manifest = found.manifest
    say(f"Archive of {manifest.created_at}: {len(manifest.tables)} tables, {len(manifest.files)} files, undamaged.")
    _refuse_other_schema(manifest)
    if unknown := set(manifest.field_keys) - set(crypto.key_ids()):
        say(f"Careful: FIELD_KEYS lacks {', '.join(sorted(unknown))}; what these keys sealed will not open.")
    for name, why in manifest.absent.items():
        say(f"Careful: file {name} was {why} when the archive was made.")
    return found


def _refuse_other_schema(manifest: Manifest) -> None:
    here = schema_of_code()
    apps = sorted(app for app in here.keys() | manifest.schema.keys() if here.get(app) != manifest.schema.get(app))
    if not apps:
        return
    skew = "; ".join(f"{app}: archive {manifest.schema.get(app, '-')}, portal {here.get(app, '-')}" for app in apps)
    version = f"commit {manifest.commit}" if manifest.commit else "the version that made it"
    raise BackupRefused(
        f"The archive has another schema than this portal ({skew}). Install {version}, restore there, then upgrade."
    )


def _refuse_full_target() -> None:
    full = sorted(set(_tables_with_rows()) - OF_THE_FRAMEWORK)
    if full:
        raise BackupRefused(
            f"The database is not empty: {', '.join(full[:5])}{' and more' if len(full) > 5 else ''} hold rows. "
            "Restore into a database that was just created; nothing was changed."
        )
    if next(iter(private_files().entries()), None):
        raise BackupRefused("The store of private files is not empty. Move its files away; nothing was changed.")


def _tables_with_rows() -> Iterator[str]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table))
            cursor.execute(query)
            if cursor.fetchone()[0]:
                yield table


def _compare(found: Inspected, restored: BaseDatabaseWrapper, files: dict) -> Report:
    manifest = found.manifest
    with restored.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        tables = digest.table_states(cursor)
        sequences = digest.sequence_values(cursor)
        cursor.execute("ANALYZE")  # a dump has no statistics, and plans need them
    differences = [
        f"table {name}: {_state(manifest.tables.get(name))} in the archive, {_state(tables.get(name))} restored"
        for name in sorted(tables.keys() | manifest.tables.keys())
        if tables.get(name) != manifest.tables.get(name)
    ]
    differences += [
        f"sequence {name}: {sequences.get(name)} restored, {least} to {most} expected"
        for name, (least, most) in sorted(manifest.sequences.items())
        if not (least or 0) <= (sequences.get(name) or 0) <= (most or 0)
    ]
    differences += [f"sequence {name}: not in the archive" for name in sorted(sequences.keys() - manifest.sequences)]
    differences += [
        f"file {name}: not what the archive holds"
        for name in sorted(files.keys() | manifest.files.keys())
        if files.get(name) != manifest.files.get(name)
    ]
    return Report(manifest, differences, sum(state.rows for state in tables.values()))


def _state(state: digest.TableState | None) -> str:
    return f"{state.rows} rows ({state.digest[:12]})" if state else "no table"


def _stored_files() -> dict[str, list]:
    """The store as it is now, read back."""
    store = private_files()
    return {entry.name: list(digest.file_sum(store.read(entry.name))) for entry in store.entries()}


@contextmanager
def _own_connection() -> Iterator[BaseDatabaseWrapper]:
    """A second connection with the portal's rights, without its limits."""
    other = connection.copy()
    try:
        yield other
    finally:
        other.close()


@contextmanager
def _scratch_database() -> Iterator[BaseDatabaseWrapper]:
    """A new database on the same server, dropped afterwards whatever happens."""
    name = f"{connection.settings_dict['NAME']}_check_{uuid.uuid4().hex[:8]}"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with _own_connection() as beside, beside.cursor() as cursor, _own_connection() as scratch:
        scratch.settings_dict["NAME"] = name
        cursor.execute("SET statement_timeout = 0")
        try:
            cursor.execute(create)
        except Error as error:
            raise BackupRefused(f"The scratch database could not be created: {str(error).strip()}") from error
        try:
            yield scratch
        finally:
            scratch.close()
            cursor.execute(drop)
