"""Private files: stored sealed outside the web root, served by one function, each view on record."""

import os
import secrets
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from core import audit, clock, crypto
from core.errors import DomainError
from core.models import StoredFile
from core.uploads import clean_upload

CONTEXT = "core_storedfile"
ORPHAN_AFTER = timedelta(hours=24)  # far longer than any transaction
MOST_FILES_A_DAY = 60
MOST_BYTES_A_DAY = 200 * 1_048_576
EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
# A file of a stranger is shown alone, without scripts. Chromium's PDF viewer needs to run inside the frame, so the
# sandbox directive is for images only; the PDF was rebuilt without anything active.
FILE_CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"


class TooManyUploads(DomainError):
    """One person uploads more than a registration can need."""

    code = "too_many_uploads"
    message = _("Anda sudah mengunggah banyak berkas hari ini. Lanjutkan besok, atau hubungi LSP.")


def store_upload(
    uploaded: UploadedFile, *, purpose: str, allowed: frozenset[str], max_mb: int, by: models.Model,
    subject: models.Model | None = None,
) -> StoredFile:  # fmt: skip
    """Cleans, seals and stores an upload; the row belongs to the caller's transaction.

    Raises UploadRefused (the file) or TooManyUploads (the person). A file left by a rolled back transaction is
    removed by sweep_orphan_files.
    """
    check_upload_budget(by)
    clean = clean_upload(uploaded, allowed=allowed, max_bytes=max_mb * 1_048_576)
    name = f"{secrets.token_hex(1)}/{secrets.token_hex(16)}.bin"
    _write(name, crypto.seal_bytes(clean.content, f"{CONTEXT}:{name}"))
    return StoredFile.objects.create(
        purpose=purpose,
        storage_name=name,
        content_type=clean.content_type,
        size=len(clean.content),
        sha256=clean.sha256,
        uploader=by,
        subject_id=(subject or by).pk,
    )


def check_upload_budget(user: models.Model) -> None:
    """Raises TooManyUploads beyond MOST_FILES_A_DAY or MOST_BYTES_A_DAY in the last 24 hours."""
    since = clock.now() - timedelta(days=1)
    used = StoredFile.objects.filter(uploader=user, created_at__gt=since).aggregate(
        files=models.Count("id"), size=models.Sum("size")
    )
    if used["files"] >= MOST_FILES_A_DAY or (used["size"] or 0) >= MOST_BYTES_A_DAY:
        raise TooManyUploads


def read_file(stored: StoredFile) -> bytes:
    """The cleaned content; Http404 if it was erased or is missing on disk."""
    try:
        sealed = path_of(stored.storage_name).read_bytes()
    except FileNotFoundError as error:
        raise Http404 from error
    return crypto.unseal_bytes(sealed, f"{CONTEXT}:{stored.storage_name}")


def serve_file(request: HttpRequest, stored: StoredFile, *, by: models.Model) -> HttpResponse:
    """The one private response. Whether `by` may see the file was decided by the caller; the view is recorded."""
    response = file_response(stored)
    audit.record("file_viewed", stored, by=by, subject_id=stored.subject_id, label=stored.purpose)
    return response


def file_response(stored: StoredFile) -> HttpResponse:
    """The file, shown in place, under a name of ours, kept by no cache, with nothing able to run."""
    response = HttpResponse(read_file(stored), content_type=stored.content_type)
    extension = EXTENSIONS[stored.content_type]
    name = f"{stored.purpose.lower()}-{str(stored.code)[:8]}.{extension}"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = FILE_CSP + ("" if extension == "pdf" else "; sandbox")
    return response


def erase_file(stored: StoredFile, *, by: models.Model) -> None:
    """Removes the content for ever; the row stays and says when and by whom."""
    path_of(stored.storage_name).unlink(missing_ok=True)
    stored.erased_at, stored.erased_by = clock.now(), by
    stored.save(update_fields=["erased_at", "erased_by"])
    audit.record("file_erased", stored, by=by, subject_id=stored.subject_id, label=stored.purpose)


def sweep_orphan_files() -> int:
    """Deletes files older than ORPHAN_AFTER that no row names; returns how many."""
    root: Path = settings.PRIVATE_FILES_ROOT
    oldest = (clock.now() - ORPHAN_AFTER).timestamp()
    found = {str(path.relative_to(root)): path for path in root.glob("*/*") if path.stat().st_mtime < oldest}
    known = set(StoredFile.objects.filter(storage_name__in=found).values_list("storage_name", flat=True))
    orphans = [path for name, path in found.items() if name not in known]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def path_of(name: str) -> Path:
    return settings.PRIVATE_FILES_ROOT / name


def _write(name: str, content: bytes) -> None:
    """Whole or not at all: written aside, flushed to disk, then renamed."""
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = path.with_suffix(".part")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.rename(path)
