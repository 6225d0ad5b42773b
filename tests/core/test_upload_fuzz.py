"""500 mutated or hostile uploads: each is cleaned, or refused with a sentence; nothing else ever happens."""

import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pikepdf
import pytest
from PIL import Image

from accounts.models import User
from core.files import path_of, store_upload
from core.models import StoredFile
from core.upload_parser import FORBIDDEN_KEYS
from core.uploads import MB, CleanUpload, UploadRefused, clean_upload
from tests.factories.uploads import HOSTILE_NAMES, SECRET, active_pdf, hostile_uploads, pdf_bombs
from tot_portal.demo_files import jpeg_bytes

SEED, COUNT = 20261124, 500


def outcome(raw: bytes) -> CleanUpload | UploadRefused:
    try:
        return clean_upload(io.BytesIO(raw), max_bytes=5 * MB)
    except UploadRefused as refusal:
        return refusal


def assert_clean(upload: CleanUpload) -> None:
    """It opens again, and neither acts nor tells."""
    assert SECRET.encode() not in upload.content
    if upload.kind != "pdf":
        with Image.open(io.BytesIO(upload.content), formats=["JPEG", "PNG"]) as image:
            image.load()
            assert not image.getexif()
            assert not {"comment", "Comment", "exif", "icc_profile", "xmp"} & set(image.info)
        return
    with pikepdf.open(io.BytesIO(upload.content)) as pdf:
        assert len(pdf.pages) == upload.pages
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        assert not {"/Info", "/Encrypt"} & set(pdf.trailer.keys())
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                assert not FORBIDDEN_KEYS & set(thing.keys())


@pytest.mark.parametrize("count", [80, pytest.param(COUNT, marks=pytest.mark.long)])
def test_hostile_uploads_are_cleaned_or_refused_with_a_sentence(count):
    hostile = list(hostile_uploads(SEED, count))
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(outcome, [raw for _label, raw in hostile]))

    refused = [result for result in outcomes if isinstance(result, UploadRefused)]
    for result in outcomes:
        if isinstance(result, CleanUpload):
            assert_clean(result)

    assert len(outcomes) == count
    assert count / 4 < len(refused) < count  # both ways are really tried
    assert all(str(refusal).strip().endswith(".") and "%(" not in str(refusal) for refusal in refused)


@pytest.mark.parametrize(("label", "raw"), list(pdf_bombs()), ids=lambda value: value if isinstance(value, str) else "")
def test_bomb_is_refused(label, raw):
    assert isinstance(outcome(raw), UploadRefused)


def test_active_pdf_keeps_its_pages_and_nothing_else():
    result = outcome(active_pdf())

    assert_clean(result)
    for word in (b"/JS", b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/OpenAction", b"/AA", b"/Annots", b"/XFA"):
        assert word not in result.content
    with pikepdf.open(io.BytesIO(result.content)) as pdf:
        assert set(pdf.pages[0].Resources.XObject.keys()) == {"/Im0", "/Fxo1"}  # the photo, and the stamp as a drawing


@pytest.mark.django_db
def test_hostile_uploads_and_names_leave_no_orphan(settings, tmp_path, monkeypatch):
    settings.PRIVATE_FILES_ROOT = tmp_path
    monkeypatch.setattr("core.files.MOST_FILES_A_DAY", 1000)
    monkeypatch.setattr("core.files.MOST_TRIES_A_DAY", 1000)
    siti = User.objects.create_user("siti@example.test")
    hostile = [(name, jpeg_bytes()) for name in HOSTILE_NAMES] + list(hostile_uploads(SEED, 40))

    for name, raw in hostile:
        upload = io.BytesIO(raw)
        upload.name = name  # not Django's class, which cleans names: that must not be what saves us
        with suppress(UploadRefused):
            store_upload(upload, purpose="KTP", max_mb=5, by=siti)

    on_disk = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert on_disk == {path_of(stored.storage_name) for stored in StoredFile.objects.all()}
    assert len(on_disk) >= len(HOSTILE_NAMES)
