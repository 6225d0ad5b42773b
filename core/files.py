"""Private files: the ways in (`store_upload`, and `store_generated` for our own) and the one way out (`serve_file`).

Files lie outside the web root (core.storage: a folder, or a bucket) under names that say nothing, sealed under the
field keys and bound to their own code, so a stolen disk shows nothing and two files cannot be swapped. Who may see a
file is decided by the caller; that it was seen is recorded here.
"""

import hashlib
import logging
import re
import uuid
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.core.cache import cache
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import clock, crypto
from core.audit import record
from core.errors import DomainError
from core.models import StoredFile
from core.storage import Entry, StoreAway, private_files
from core.uploads import KINDS, MB, CleanUpload, clean_upload

logger = logging.getLogger(__name__)
MOST_FILES_A_DAY = 60
MOST_BYTES_A_DAY = 200 * MB
MOST_TRIES_A_DAY = 200  # refused files included: each costs up to 4 s of processor time
DAY = 24 * 3600
ORPHAN_AFTER = timedelta(hours=24)  # far longer than any transaction that may still name the file
NAMES_AT_ONCE = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", XLSX: "xlsx"}

# Older Chromium shows no PDF in a sandbox, and its viewer is a page with inline style that embeds the file; so a PDF
# goes without: rebuilt, it holds no script, and `default-src 'none'` leaves it nothing to load. Our own pages may
# frame both.
CSP_IMAGE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
CSP_PDF = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
CSP_DOWNLOAD = "default-src 'none'; sandbox"  # never shown in place


class TooManyUploads(DomainError):
    """One person uploads too much in a day; protects the disk."""

    code = "too_many_uploads"
    message = _("Anda sudah mengunggah %(files)s berkas dalam 24 jam terakhir. Coba lagi besok.")


class NoRoomForFiles(DomainError):
    """Disk full, or the server of the files away, while somebody waits for the upload. Nothing was kept."""

    code = "files_away"
    message = _("Berkas belum dapat disimpan karena penyimpanan sedang terganggu. Coba lagi beberapa menit lagi.")


class FileGone(Http404):
    """The row is there, its content is not: erased on purpose, or lost with a disk."""


def check_upload_budget(user: models.Model) -> None:
    """TooManyUploads after 60 files or 200 MB within 24 hours. Two uploads at once may exceed it by one."""
    recent = StoredFile.objects.filter(uploader=user, created_at__gt=clock.now() - timedelta(days=1))
    spent = recent.aggregate(files=models.Count("id"), size=models.Sum("size", default=0))
    if spent["files"] >= MOST_FILES_A_DAY or spent["size"] >= MOST_BYTES_A_DAY:
        raise TooManyUploads(files=spent["files"])


def _count_try(user: models.Model) -> None:
    key = f"upload-tries:{user.pk}:{clock.today()}"
    cache.add(key, 0, DAY)
    try:
        tries = cache.incr(key)
    except ValueError:  # Redis went or came back between the two
        return
    if tries > MOST_TRIES_A_DAY:
        raise TooManyUploads(files=MOST_TRIES_A_DAY)


def clean_upload_of(
    user: models.Model, uploaded: BinaryIO, *, allowed: Collection[str] = KINDS, max_mb: int
) -> CleanUpload:
    """Cleans what `user` uploads within the day's budget; a refused file counts too, because parsing is what costs.

    Call it outside a transaction. Raises UploadRefused or TooManyUploads.
    """
    check_upload_budget(user)
    _count_try(user)
    return clean_upload(uploaded, allowed=allowed, max_bytes=max_mb * MB)


def store_upload(
    uploaded: BinaryIO,
    *,
    purpose: str,
    allowed: Collection[str] = KINDS,
    max_mb: int,
    by: models.Model,
    subject: models.Model | None = None,
) -> StoredFile:
    """Cleans what `by` uploaded and keeps it; `subject` is the user whom it is about (default: `by`).

    Raises UploadRefused or TooManyUploads. Nothing is mailed, recorded or announced: the caller's act is.
    """
    clean = clean_upload_of(by, uploaded, allowed=allowed, max_mb=max_mb)
    return store_content(clean, purpose=purpose, by=by, subject=subject or by)


def store_content(clean: CleanUpload, *, purpose: str, by: models.Model | None, subject: models.Model) -> StoredFile:
    """Writes the sealed file, then its row in the caller's transaction. `by` None: the portal itself made it.

    In this order a row never names a missing file. A transaction that is rolled back later leaves a file without a
    row, which `sweep_orphan_files` deletes. A store that fails is NoRoomForFiles to a person, who may try again; the
    portal's own work gets the OSError and is repeated like after any fault.
    """
    facts = {"content_type": clean.content_type, "sha256": clean.sha256, "purpose": purpose, "subject_id": subject.pk}
    try:
        return _store(clean.content, uploader=by, **facts)
    except OSError as error:
        if by is None:
            raise
        logger.exception("A file could not be stored")
        raise NoRoomForFiles from error


def store_generated(content: bytes, *, content_type: str, purpose: str, keep_days: int) -> StoredFile:
    """Keeps for `keep_days` what the portal wrote itself; it counts to nobody's uploads. See `store_content`."""
    return _store(
        content, content_type=content_type, sha256=hashlib.sha256(content).hexdigest(), purpose=purpose,
        delete_after=clock.today() + timedelta(days=keep_days),
    )  # fmt: skip


def _store(content: bytes, **fields: Any) -> StoredFile:
    code = uuid.uuid4()
    storage_name = f"{code.hex[:2]}/{uuid.uuid4().hex}.bin"
    stored = StoredFile(code=code, storage_name=storage_name, size=len(content), **fields)
    write_sealed(stored, content)
    try:
        stored.save(force_insert=True)
    except BaseException:
        with suppress(OSError):  # then it stays, and the sweeper finds it
            private_files().delete(storage_name)
        raise
    return stored


def read_file(stored: StoredFile) -> bytes:
    """The cleaned content. FileGone if it was deleted; CannotUnseal if somebody changed it; StoreAway."""
    if stored.erased_at:
        raise FileGone
    try:
        sealed = private_files().read(stored.storage_name)
    except FileNotFoundError as error:
        raise FileGone from error
    return crypto.unseal_bytes(sealed, seal_context(stored))


def serve_file(request: HttpRequest, stored: StoredFile, *, by: models.Model) -> HttpResponse:
    """The one private response; each view is recorded. Whether `by` may see the file was decided by the caller."""
    try:
        response = file_response(stored)
    except StoreAway:
        logger.exception("A file could not be read")
        return render(request, "core/files_away.html", status=503)
    record("file_viewed", stored, by=by, subject_id=stored.subject_id, label=str(stored))
    return response


def file_response(stored: StoredFile) -> HttpResponse:
    """The file under a name of ours, kept by no cache, with nothing able to run; a spreadsheet as a download."""
    extension = EXTENSIONS[stored.content_type]
    purpose = re.sub(r"[^a-z0-9]+", "-", stored.purpose.lower()).strip("-") or "berkas"
    name = f"{purpose}-{stored.code.hex[:8]}.{extension}"
    return private_response(read_file(stored), content_type=stored.content_type, name=name)


def private_response(content: bytes, *, content_type: str, name: str) -> HttpResponse:
    """Bytes for one person's eyes, with the headers of every private file. `name` is of our own making."""
    extension = EXTENSIONS[content_type]
    policies = {"pdf": CSP_PDF, "xlsx": CSP_DOWNLOAD}
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'{"attachment" if extension == "xlsx" else "inline"}; filename="{name}"',
            "Content-Security-Policy": policies.get(extension, CSP_IMAGE),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "SAMEORIGIN",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, no-store",
        },
    )


def discard_files(files: models.QuerySet[StoredFile]) -> int:
    """Deletes rows of files that nothing keeps, and their content after commit. Says how many."""
    names = list(files.values_list("storage_name", flat=True))
    StoredFile.objects.filter(storage_name__in=names).delete()
    _delete_after_commit(names)
    return len(names)


@transaction.atomic
def sweep_expired_files() -> int:
    """Discards generated files whose days are over; a job that had one is left without. Says how many."""
    return discard_files(StoredFile.objects.filter(delete_after__lt=clock.today()))


@transaction.atomic
def erase_file(stored: StoredFile, *, by: models.Model) -> StoredFile:
    """Deletes the content for good after commit; the row stays and says when and by whom. Safe to call twice."""
    stored = StoredFile.objects.select_for_update(no_key=True).get(pk=stored.pk)
    if stored.erased_at:
        return stored
    stored.erased_at, stored.erased_by = clock.now(), by
    stored.save(update_fields=["erased_at", "erased_by"])
    record("file_erased", stored, by=by, subject_id=stored.subject_id, label=str(stored))
    _delete_after_commit([stored.storage_name])
    return stored


def sweep_orphan_files(older_than: timedelta = ORPHAN_AFTER) -> int:
    """Deletes files that no living row names: left by a rollback, a crash, or a deletion cut short. Says how many."""
    limit = timezone.now() - older_than  # real time on purpose: so is the files' own
    swept = 0
    for entries in _in_parts(private_files().entries()):
        old = {entry.name for entry in entries if entry.modified < limit}
        living = StoredFile.objects.filter(storage_name__in=old, erased_at=None).values_list("storage_name", flat=True)
        for name in sorted(old - set(living)):
            private_files().delete(name)
            swept += 1
    return swept


def write_sealed(stored: StoredFile, content: bytes) -> None:
    """Seals `content` under the newest key and puts it in place at once: whole, or not at all. OSError."""
    private_files().put(stored.storage_name, crypto.seal_bytes(content, seal_context(stored)))


def path_of(storage_name: str) -> Path:
    """Where a file lies in the folder; a bucket has no paths."""
    return Path(private_files().path(storage_name))


def seal_context(stored: StoredFile) -> str:
    """What the sealed bytes are bound to."""
    return f"core_storedfile:{stored.code}"


def _delete_after_commit(names: list[str]) -> None:
    """Robust: the act is committed and told so even if the store is away; the sweeper deletes what stayed."""

    def delete() -> None:
        for name in names:
            private_files().delete(name)

    transaction.on_commit(delete, robust=True)


def _in_parts(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    entries = iter(entries)
    while part := list(islice(entries, NAMES_AT_ONCE)):
        yield part
