"""Making an archive while the portal works.

One snapshot of the database holds for everything: the list of files, the dump and the digests. Files are read first,
because a file that somebody deletes meanwhile is the one thing that a snapshot does not keep.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from core import clock, crypto, digest, ops
from core.backup import Say, servertools
from core.backup import manifest as manifests
from core.backup.archive import DATABASE, FILES, ArchiveWriter, BackupRefused, backup_key
from core.backup.manifest import Manifest
from core.files import seal_context
from core.models import StoredFile
from core.storage import DRAFTS, private_files, whole_file

SUFFIX = ".totbackup"
OURS = re.compile(r"tot-\d{8}-\d{6}\.totbackup")
ABANDONED = 24 * 3600  # seconds; no backup takes that long
GONE, LOST, TORN = "deleted meanwhile", "lost", "unreadable"
LIVING = "SELECT id, code, storage_name, sha256 FROM core_storedfile WHERE erased_at IS NULL ORDER BY storage_name"


class Taken(NamedTuple):
    """Where the archive lies, and what is in it."""

    path: Path
    size: int
    manifest: Manifest

    @property
    def faults(self) -> dict[str, str]:
        """Files that should be there and are not, or cannot be read; the archive holds the rest."""
        return {name: why for name, why in self.manifest.absent.items() if why != GONE}


def take_backup(target: Path, *, keep: int | None = None, say: Say = print) -> Taken:
    """One archive in the folder `target` (or under that very name), whole or not at all; then the oldest of the folder
    go, as long as `keep` stay. BackupRefused; OSError if the disk is full."""
    key = backup_key()
    path = target / f"tot-{clock.now():%Y%m%d-%H%M%S}{SUFFIX}" if _is_folder(target) else target
    if path.exists():
        raise BackupRefused(f"{path} exists already. Choose another name; archives are never overwritten.")
    _remove_drafts(path.parent)
    with whole_file(path) as file:
        manifest = _write(ArchiveWriter(file, key), say)
    taken = Taken(path, path.stat().st_size, manifest)
    _remember(taken)
    if keep is not None and not taken.faults:  # an archive that lacks files replaces none that has them
        _remove_old(path, keep, say)
    return taken


def _is_folder(target: Path) -> bool:
    return target.is_dir() or target.suffix != SUFFIX


def _write(archive: ArchiveWriter, say: Say) -> Manifest:
    with _snapshot() as (other, cursor, name):
        manifest = Manifest(
            created_at=clock.now().isoformat(),
            commit=manifests.commit_of_code(),
            server=str(other.pg_version),
            schema=manifests.schema_of(cursor),
            field_keys=crypto.key_ids(),
        )
        _write_files(archive, manifest, cursor)
        say(f"Files: {len(manifest.files)} kept, {len(manifest.absent)} absent.")
        before = digest.sequence_values(cursor)
        database = archive.add(DATABASE, servertools.dump(other, name))
        after = digest.sequence_values(cursor)
        manifest.sequences = {name: [before.get(name), value] for name, value in after.items()}
        manifest.tables = digest.table_states(cursor)
        rows = sum(state.rows for state in manifest.tables.values())
        say(f"Database: {len(manifest.tables)} tables, {rows} rows, dump of {database.size} bytes.")
    archive.add(manifests.NAME, [manifest.to_bytes()])
    archive.close()
    return manifest


@contextmanager
def _snapshot() -> Iterator[tuple[BaseDatabaseWrapper, CursorWrapper, str]]:
    """A connection of its own whose transaction sees one moment, and that moment's name for pg_dump."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_export_snapshot()")
            yield other, cursor, cursor.fetchone()[0]
    finally:
        other.close()


def _write_files(archive: ArchiveWriter, manifest: Manifest, cursor: CursorWrapper) -> None:
    cursor.execute(LIVING)
    store = private_files()
    for pk, code, name, sha256 in cursor.fetchall():
        try:
            sealed = store.read(name)
        except FileNotFoundError:
            manifest.absent[name] = LOST if StoredFile.objects.filter(pk=pk, erased_at=None).exists() else GONE
            continue
        if not _opens(sealed, StoredFile(code=code, sha256=sha256)):
            manifest.absent[name] = TORN  # kept all the same: a lost key may turn up
        manifest.files[name] = list(archive.add(FILES + name, [sealed]))


def _opens(sealed: bytes, stored: StoredFile) -> bool:
    try:
        content = crypto.unseal_bytes(sealed, seal_context(stored))
    except crypto.CannotUnseal:
        return False
    return digest.file_sum(content)[1] == stored.sha256


def _remember(taken: Taken) -> None:
    files, faults = len(taken.manifest.files), len(taken.faults)
    ops.mark(ops.BACKUP, file=taken.path.name, bytes=taken.size, files=files, faults=faults)


def _remove_drafts(folder: Path) -> None:
    """What a killed backup left behind."""
    for draft in folder.glob(DRAFTS):
        if draft.stat().st_mtime < time.time() - ABANDONED:
            draft.unlink(missing_ok=True)


def _remove_old(newest: Path, keep: int, say: Say) -> None:
    """By name, which is the time; only names of ours, and never the one just made."""
    found = sorted(path for path in newest.parent.iterdir() if OURS.fullmatch(path.name) and path != newest)
    for path in found[: max(len(found) - max(keep - 1, 0), 0)]:
        path.unlink()
        say(f"Removed {path.name}.")
