"""The register of certificates as a file."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from core import clock
from core.models import AuditEntry
from tests.factories.board import make_certificate
from tests.factories.classes import make_class, people_of

pytestmark = pytest.mark.django_db
ADDRESS = reverse("certificates:export_register")
LIST = reverse("certificates:certificate_list")


def rows_of(content):
    titles, *rows = load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2, values_only=True)
    return [dict(zip(titles, row, strict=True)) for row in rows]


@pytest.fixture
def certificates():
    """Two in force, one revoked, one replaced by one of the former."""
    batch = make_class(3, starts_in=-20)
    one, two, three = people_of(batch)

    def facts(name):
        return {"facts": {"name": name, "scheme": "Skema", "batch_name": batch.name}}

    revoked = {"revoked_at": clock.now(), "revoked_by": one.person.user, "revoke_reason": "Nama keliru."}
    old = make_certificate(one, status="replaced", **facts("+62 Siti"))
    make_certificate(one, replaces=old, **facts("Siti Rahmawati"))
    make_certificate(two, **facts("Joko"))
    make_certificate(three, status="revoked", **revoked, **facts("Budi"))
    return batch


def test_file_is_the_register_with_what_became_of_each(certificates, director, client_of):
    rows = rows_of(client_of(director).post(ADDRESS).content)

    assert [row["Nama"] for row in rows] == ["Budi", "Joko", "Siti Rahmawati", "+62 Siti"]
    assert [row["Status"] for row in rows] == ["Dicabut", "Berlaku", "Berlaku", "Diganti"]
    assert rows[0]["Alasan pencabutan"] == "Nama keliru."
    assert rows[2]["Menggantikan"] == rows[3]["Nomor sertifikat"]
    assert rows[3]["Diganti oleh"] == rows[2]["Nomor sertifikat"]


def test_file_is_narrowed_like_the_page(certificates, admin, client_of):
    client, chosen = client_of(admin), {"status": "issued", "q": "siti"}

    page = client.get(LIST, chosen).content.decode()
    rows = rows_of(client.post(ADDRESS, chosen).content)

    assert 'name="status" value="issued"' in page
    assert [row["Nama"] for row in rows] == ["Siti Rahmawati"]


def test_file_is_on_record(certificates, admin, client_of):
    client_of(admin).post(ADDRESS, {"status": "revoked"})

    entry = AuditEntry.objects.get(act="register_exported")
    assert (entry.actor_id, entry.object_label, entry.changes) == (admin.pk, "revoked", {"rows": [None, 1]})


def test_file_holds_no_identity_number_and_no_secret_address(certificates, admin, client_of):
    content = client_of(admin).post(ADDRESS).content
    cells = " ".join(str(value) for row in rows_of(content) for value in row.values())

    for one in people_of(certificates):
        assert one.person.identity not in cells
        assert all(paper.token not in cells for paper in one.certificates.all())


def test_auditor_reads_the_register_and_takes_no_file(certificates, auditor, client_of):
    client = client_of(auditor)

    assert ADDRESS not in client.get(LIST).content.decode()
    assert client.post(ADDRESS).status_code == 403
