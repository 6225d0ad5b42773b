"""Hostile files through the page: always a page with a plain sentence, never a 500, never a file without a row."""

import io

import pytest
from django.conf import settings
from django.urls import reverse

from core.models import StoredFile
from participants.models import Document
from tests.factories.batches import make_batch
from tests.factories.participants import make_registration
from tests.factories.uploads import HOSTILE_NAMES, hostile_uploads

pytestmark = pytest.mark.django_db


def files_on_disk() -> set[str]:
    root = settings.PRIVATE_FILES_ROOT
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def named(name: str, raw: bytes) -> io.BytesIO:
    """A file as a browser would send it; Django's own test files refuse such names."""
    file = io.BytesIO(raw)
    file.name = name
    return file


def post_all(client, monkeypatch, *, seed: int, count: int) -> tuple[int, int]:
    """(kept, refused); asserts the answer of each."""
    monkeypatch.setattr("core.files.MOST_FILES_A_DAY", count + 1)
    monkeypatch.setattr("core.files.MOST_TRIES_A_DAY", count + 1)
    registration = make_registration(batch=make_batch())
    client.force_login(registration.person.user)
    address = reverse("participants:edit_document", args=[registration.code, "KTP"])
    before, kept, refused = files_on_disk(), 0, 0
    for number, (what, raw) in enumerate(hostile_uploads(seed, count)):
        name = HOSTILE_NAMES[number % len(HOSTILE_NAMES)]
        response = client.post(address, {"file": named(name, raw)})
        page = response.content.decode()
        kept += response.status_code == 302
        if response.status_code != 302:
            assert response.status_code in (400, 422), (what, response.status_code)  # 400: a name no browser sends
            assert "Kembali ke halaman sebelumnya" in page or 'class="invalid-feedback' in page, (what, name[:20])
            refused += 1
    rows = set(StoredFile.objects.values_list("storage_name", flat=True))
    assert files_on_disk() - before == rows
    assert Document.objects.filter(superseded_at=None).count() <= 1
    return kept, refused


@pytest.mark.parametrize(("seed", "count"), [(11, 30), pytest.param(12, 500, marks=pytest.mark.long)])
def test_hostile_uploads_get_a_sentence(client, monkeypatch, seed, count):
    kept, refused = post_all(client, monkeypatch, seed=seed, count=count)

    assert kept > 0
    assert refused > 0
