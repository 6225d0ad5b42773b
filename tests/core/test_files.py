"""Private files: sealed on disk, one way in, one way out, each view on record."""

import os
import time
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import Http404

from accounts.models import User
from core import clock, crypto
from core.files import (
    TooManyUploads,
    erase_file,
    file_response,
    path_of,
    read_file,
    serve_file,
    store_content,
    store_upload,
    sweep_orphan_files,
)
from core.models import AuditEntry, StoredFile
from core.uploads import MB, UploadRefused, clean_upload
from tot_portal.demo_files import jpeg_bytes, pdf_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_root(settings, tmp_path):
    settings.PRIVATE_FILES_ROOT = tmp_path / "files"
    return settings.PRIVATE_FILES_ROOT


@pytest.fixture
def siti():
    return User.objects.create_user("siti@example.test")


@pytest.fixture
def stored(siti):
    return keep(siti)


def keep(user, raw: bytes | None = None, **options) -> StoredFile:
    upload = SimpleUploadedFile("../../ktp<script>.jpg", raw or jpeg_bytes())
    return store_upload(upload, purpose="KTP", max_mb=2, by=user, **options)


def on_disk(root) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def grow_old(path, hours: int = 25) -> None:
    moment = time.time() - hours * 3600
    os.utime(path, (moment, moment))


def test_stored_file_is_sealed_on_disk_and_whole_when_read(stored, siti, files_root):
    path = path_of(stored.storage_name)

    assert on_disk(files_root) == [stored.storage_name]
    assert b"JFIF" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert read_file(stored).startswith(b"\xff\xd8\xff")
    assert (stored.uploader, stored.subject_id, stored.content_type) == (siti, siti.pk, "image/jpeg")
    assert stored.size == len(read_file(stored))


def test_file_may_be_about_another_person(siti):
    admin = User.objects.create_user("admin@example.test")

    assert keep(admin, subject=siti).subject_id == siti.pk


def test_file_that_was_cleaned_before_the_transaction_is_kept(siti):
    cleaned = clean_upload(SimpleUploadedFile("a", pdf_bytes()), max_bytes=MB)

    stored = store_content(cleaned, purpose="CV", by=siti, subject=siti)

    assert read_file(stored) == cleaned.content
    assert stored.sha256 == cleaned.sha256


def test_two_files_cannot_be_swapped_on_disk(siti):
    first, second = keep(siti), keep(siti)
    path_of(first.storage_name).write_bytes(path_of(second.storage_name).read_bytes())

    with pytest.raises(crypto.CannotUnseal):
        read_file(first)


def test_refused_upload_leaves_no_row_and_no_file(siti, files_root):
    with pytest.raises(UploadRefused):
        keep(siti, b"not a file")

    assert not StoredFile.objects.exists()
    assert on_disk(files_root) == []


def test_row_that_cannot_be_written_leaves_no_file(siti, files_root, monkeypatch):
    same = uuid.uuid4()
    monkeypatch.setattr("core.files.uuid.uuid4", lambda: same)
    keep(siti)
    path_of(on_disk(files_root)[0]).unlink()

    with pytest.raises(IntegrityError), transaction.atomic():
        keep(siti)

    assert on_disk(files_root) == []


@pytest.mark.django_db(transaction=True)
def test_rolled_back_upload_is_swept(siti, files_root):
    with transaction.atomic():
        keep(siti)
        transaction.set_rollback(True)
    (orphan,) = on_disk(files_root)
    kept = keep(siti)
    grow_old(path_of(kept.storage_name))
    assert sweep_orphan_files() == 0  # young: its transaction may still be running

    grow_old(path_of(orphan))

    assert sweep_orphan_files() == 1
    assert on_disk(files_root) == [kept.storage_name]


def test_sweeper_takes_drafts_and_content_of_erased_rows(stored, siti, files_root):
    draft = path_of("ab/draft.tmp")
    draft.parent.mkdir(exist_ok=True)
    draft.write_bytes(b"cut off")
    erase_file(stored, by=siti)  # its on_commit never runs here: as if the process died after the commit
    grow_old(draft)
    grow_old(path_of(stored.storage_name))

    assert sweep_orphan_files() == 2
    assert on_disk(files_root) == []


def test_sweeper_without_a_folder_does_nothing():
    assert sweep_orphan_files() == 0


def test_each_view_is_on_record(stored, siti, rf):
    response = serve_file(rf.get("/"), stored, by=siti)

    assert response.content == read_file(stored)
    assert response.headers["Content-Disposition"] == f'inline; filename="ktp-{stored.code.hex[:8]}.jpg"'
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    entry = AuditEntry.objects.get(act="file_viewed")
    assert (entry.actor_id, entry.subject_id, entry.object_label) == (siti.pk, siti.pk, str(stored))


def test_picture_is_shown_in_a_sandbox_and_pdf_with_nothing_to_load(stored, siti):
    picture = file_response(stored).headers["Content-Security-Policy"]
    page = file_response(keep(siti, pdf_bytes())).headers["Content-Security-Policy"]

    assert picture.startswith("default-src 'none'")
    assert picture.endswith("sandbox")
    assert page.startswith("default-src 'none'")
    assert "sandbox" not in page
    assert "frame-ancestors 'self'" in page


def test_missing_file_is_not_found_and_not_recorded(stored, siti, rf):
    path_of(stored.storage_name).unlink()

    with pytest.raises(Http404):
        serve_file(rf.get("/"), stored, by=siti)
    assert not AuditEntry.objects.exists()


def test_erased_file_is_gone_and_says_when_and_by_whom(stored, siti, files_root, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        erased = erase_file(stored, by=siti)
    with django_capture_on_commit_callbacks(execute=True):
        erase_file(stored, by=siti)

    assert on_disk(files_root) == []
    assert (erased.erased_by, erased.erased_at is not None) == (siti, True)
    assert AuditEntry.objects.filter(act="file_erased").count() == 1
    with pytest.raises(Http404):
        read_file(erased)


def test_flood_of_files_is_stopped_for_a_day(siti, monkeypatch):
    monkeypatch.setattr("core.files.MOST_FILES_A_DAY", 2)
    keep(siti)
    keep(siti)

    with pytest.raises(TooManyUploads) as refusal:
        keep(siti)

    assert str(refusal.value) == "Anda sudah mengunggah 2 berkas dalam 24 jam terakhir. Coba lagi besok."
    keep(User.objects.create_user("budi@example.test"))
    with clock.at(clock.now() + timedelta(hours=25)):
        keep(siti)


def test_flood_of_bytes_is_stopped(siti, monkeypatch):
    monkeypatch.setattr("core.files.MOST_BYTES_A_DAY", 1000)
    keep(siti)

    with pytest.raises(TooManyUploads):
        keep(siti)


def test_refused_files_count_as_tries(siti, monkeypatch):
    monkeypatch.setattr("core.files.MOST_TRIES_A_DAY", 2)
    for _number in range(2):
        with pytest.raises(UploadRefused):
            keep(siti, b"not a file")

    with pytest.raises(TooManyUploads):
        keep(siti)

    assert not StoredFile.objects.exists()
