"""Reading an archive to its end before anything is done with it."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from core.backup import manifest as manifests
from core.backup.archive import DATABASE, FILES, BackupRefused, CannotOpen, Sum, backup_key, members
from core.backup.manifest import FORMAT, Manifest


class Inspected(NamedTuple):
    """An archive whose every byte is what was written."""

    path: Path
    manifest: Manifest
    database: Sum


def inspect(path: Path) -> Inspected:
    """Decrypts all of it and compares each file with the manifest. CannotOpen; nothing is written anywhere."""
    sums, manifest = {}, None
    for name, blocks in _members(path):
        if name == manifests.NAME:
            manifest = Manifest.from_bytes(b"".join(blocks))
        else:
            sums[name] = _sum(blocks)
    if manifest is None or DATABASE not in sums:
        raise CannotOpen("The archive is damaged: its manifest or its database is missing.")
    if manifest.format != FORMAT:
        raise BackupRefused(f"The archive has format {manifest.format}; this portal reads {FORMAT}.")
    database = sums.pop(DATABASE)
    if sums != {FILES + name: Sum(*expected) for name, expected in manifest.files.items()}:
        raise CannotOpen("The archive is damaged: its files are not those of its manifest.")
    return Inspected(path, manifest, database)


def pour(path: Path, *, file: Callable[[str, bytes], None], database: Callable[[Iterator[bytes]], None]) -> None:
    """Hands out each file, then the database's dump, of an inspected archive."""
    for name, blocks in _members(path):
        if name == DATABASE:
            database(blocks)
        elif name.startswith(FILES):
            file(name.removeprefix(FILES), b"".join(blocks))


def _members(path: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    try:
        archive = open(path, "rb")  # noqa: SIM115  (closed below, when the last member was handed out)
    except FileNotFoundError as error:
        raise BackupRefused(f"There is no {path}.") from error
    with archive:
        yield from members(archive, backup_key())


def _sum(blocks: Iterator[bytes]) -> Sum:
    size, digest = 0, hashlib.sha256()
    for block in blocks:
        size += len(block)
        digest.update(block)
    return Sum(size, digest.hexdigest())
