"""Where private files lie: a folder of this computer (the default), or a bucket of an S3 server (core.bucket).

Both are Django storages under the alias "private" with the same few promises, held by the same tests: `put` replaces
a file whole or not at all, `read` of a missing file raises FileNotFoundError, `delete` of one does nothing, and a
server or disk that fails raises OSError (StoreAway when the server does not answer).
"""

import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, storages

DRAFTS = ".*.part"
OURS = re.compile(r"[0-9a-f]{2}/[^/]+")  # what else lies in the folder or bucket is not touched


class StoreAway(OSError):
    """The server of the files does not answer, or refuses. Nothing was changed; it may be tried again."""


class Entry(NamedTuple):
    """One file of the store, drafts and orphans included."""

    name: str
    size: int
    modified: datetime


class PrivateStore:
    """What core.files asks of a storage, beyond Django's own interface."""

    def put(self, name: str, content: bytes) -> None:
        """Keeps the bytes under the name, instead of what was there: whole, or not at all."""
        self.save(name, ContentFile(content))

    def read(self, name: str) -> bytes:
        """All bytes. FileNotFoundError; StoreAway."""
        with self.open(name, "rb") as file:
            return file.read()

    def read_start(self, name: str, count: int) -> bytes:
        """The first bytes only. FileNotFoundError; StoreAway."""
        raise NotImplementedError

    def entries(self) -> Iterator[Entry]:
        """Each file of ours, one at a time. StoreAway."""
        raise NotImplementedError

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name  # names are drawn by us; writing one again replaces it


class PrivateFolder(PrivateStore, FileSystemStorage):
    """PRIVATE_FILES_ROOT: readable by the portal's own user only, and safe against power cuts."""

    @property
    def base_location(self) -> str:
        return str(settings.PRIVATE_FILES_ROOT)

    @property
    def location(self) -> str:
        return os.path.abspath(self.base_location)

    def _save(self, name: str, content: File) -> str:
        with whole_file(Path(self.path(name))) as file:
            file.writelines(content.chunks())
        return name

    def read_start(self, name: str, count: int) -> bytes:
        with open(self.path(name), "rb") as file:
            return file.read(count)

    def entries(self) -> Iterator[Entry]:
        root = Path(self.location)
        for folder in sorted(root.glob("[0-9a-f][0-9a-f]")):
            for path in sorted(folder.iterdir()):
                with suppress(FileNotFoundError):  # a draft that was renamed meanwhile
                    found = path.stat()
                    modified = datetime.fromtimestamp(found.st_mtime, UTC)
                    yield Entry(f"{folder.name}/{path.name}", found.st_size, modified)


def private_files() -> Any:
    """The storage of private files, as the settings chose it."""
    return storages["private"]


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write that gets its name when all of it is on the disk, or leaves nothing; for the portal's own user.

    Who is killed meanwhile leaves a draft beside it: `DRAFTS`.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Makes a rename in the folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
