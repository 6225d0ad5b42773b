"""One document at a browser with scripts: progress, a refused file, a photo made smaller before it is sent."""

import os

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.conftest import PHONE
from tests.journeys.people import Applicant, paper

LIMIT = 2_000_000  # of a KTP, in bytes


@pytest.fixture
def draft(visit):
    """A person at the first page of a draft in an open batch."""
    person, admin = visit(PHONE), visit(PHONE)
    batch = steps.any_open_batch(admin)
    person.open("/angkatan/")
    person.click(f"Lihat dan daftar {batch}")
    steps.sign_up(person, Applicant())
    person.click("Daftar", exact=True)
    return person


def test_upload_refused_keeps_what_was_typed_and_shrinks_big_photos(draft, tmp_path):
    code = draft.page.url.rstrip("/").rpartition("/")[2]

    draft.open(f"/pendaftaran/saya/{code}/dokumen/SERKOM/")
    draft.fill("Nomor sertifikat", "SK-2026-77")
    fake = tmp_path / "ijazah.pdf"
    fake.write_bytes(b"MZ this is no PDF")
    draft.choose_file("Pilih berkas", fake)
    draft.sees("Berkas harus PDF")
    draft.shoot("upload-refused")
    expect(draft.page.get_by_label("Nomor sertifikat")).to_have_value("SK-2026-77")
    steps.upload(draft, paper(tmp_path, "SERKOM"))
    expect(draft.page.get_by_label("Nomor sertifikat")).to_have_value("SK-2026-77")

    draft.open(f"/pendaftaran/saya/{code}/dokumen/KTP/")
    photo = big_photo(tmp_path / "ktp.jpg")
    with draft.page.expect_request(lambda request: request.method == "POST") as sent:
        draft.choose_file("Pilih berkas", photo)
    draft.sees(steps.UPLOADED)
    assert int(sent.value.all_headers()["content-length"]) < LIMIT < photo.stat().st_size
    draft.shoot("uploaded")


def big_photo(path):
    """Noise, as big as what a phone takes."""
    Image.frombytes("RGB", (2600, 1900), os.urandom(2600 * 1900 * 3)).save(path, quality=60)
    return path
