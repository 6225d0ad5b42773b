"""The list of results as a file, and the report it is taken from."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import RoleGrant
from core import jobs, listings
from core.models import AuditEntry, Job
from tests.core.test_files import files_root
from tests.factories.attendance import attend_all
from tests.factories.classes import make_class, people_of
from tests.factories.results import make_appeal, make_result

pytestmark = pytest.mark.django_db
__all__ = ["files_root"]
REPORT = reverse("assessments:result_report")
EXPORT_ALL = reverse("assessments:export_all_results")


def rows_of(content):
    titles, *rows = load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2, values_only=True)
    return [dict(zip(titles, row, strict=True)) for row in rows]


@pytest.fixture
def taught():
    """A class with a K, a BK under appeal, a decision that nobody has released, and a name that is a formula."""
    batch = make_class(4, status="examining", starts_in=-20)
    attend_all(batch)
    passed, failed, unreleased, nothing = people_of(batch)
    passed.person.full_name = '=HYPERLINK("http://contoh.test","Klik")'
    passed.person.save()
    make_result(passed)
    make_appeal(make_result(failed, "BK"))
    make_result(unreleased, released=False)
    nothing.batch.sessions.countable().first().attendances.filter(registration=nothing).delete()
    return batch


def test_file_says_where_everybody_stands(taught, admin, client_of):
    response = client_of(admin).post(reverse("assessments:export_results", args=[taught.code]))

    rows = {row["Nomor pendaftaran"]: row for row in rows_of(response.content)}
    passed, failed, unreleased, nothing = (rows[one.number] for one in people_of(taught))
    assert passed["Nama"] == '=HYPERLINK("http://contoh.test","Klik")'
    assert (passed["Hasil"], passed["Hasil tiap unit"]) == ("Kompeten", "MAPA: K; MA: K; MKVA: K")
    assert (failed["Hasil"], failed["Banding berjalan"]) == ("Belum kompeten", "Ya")
    assert (unreleased["Keadaan uji"], unreleased["Dirilis"]) == ("Ditetapkan", None)
    assert (nothing["Keadaan uji"], nothing["Hasil"]) == ("Belum ada uji", None)
    assert {row["Kehadiran (%)"] for row in (passed, failed, unreleased)} == {100}
    assert response["Content-Disposition"].startswith('attachment; filename="hasil-')
    assert response["Cache-Control"] == "private, no-store"


def test_file_holds_no_identity_number_phone_or_address(taught, admin, client_of):
    person = people_of(taught)[0].person
    content = client_of(admin).post(reverse("assessments:export_results", args=[taught.code])).content

    cells = " ".join(str(value) for row in rows_of(content) for value in row.values())

    for secret in (person.identity, person.identity_mask, person.identity_tail, person.phone, person.address):
        assert str(secret) not in cells


def test_each_file_is_on_record(taught, admin, client_of):
    client_of(admin).post(reverse("assessments:export_results", args=[taught.code]))

    entry = AuditEntry.objects.get(act="results_exported")
    assert (entry.actor_id, entry.object_id, entry.changes) == (admin.pk, str(taught.pk), {"rows": [None, 4]})


def test_long_list_becomes_a_job_with_the_same_rows(taught, admin, client_of, monkeypatch):
    client, address = client_of(admin), reverse("assessments:export_results", args=[taught.code])
    short = rows_of(client.post(address).content)
    monkeypatch.setattr(listings, "AT_ONCE", 3)
    monkeypatch.setattr(listings, "PART", 3)

    response = client.post(address)
    job = Job.objects.get()
    jobs.run_job(job.pk)

    assert response.url == reverse("core:job_detail", args=[job.code])
    assert (job.total, job.about) == (3, taught.name)
    assert rows_of(client.get(reverse("core:job_result", args=[job.code])).content) == short


def test_who_is_no_admin_any_more_loses_the_file_that_was_made(taught, admin, client_of, monkeypatch):
    monkeypatch.setattr(listings, "AT_ONCE", 3)
    client = client_of(admin)
    client.post(reverse("assessments:export_results", args=[taught.code]))
    job = Job.objects.get()
    jobs.run_job(job.pk)
    RoleGrant.objects.filter(user=admin).delete()

    assert client.get(reverse("core:job_result", args=[job.code])).status_code == 403


def test_reading_a_list_takes_the_same_queries_for_few_and_for_many(taught, django_assert_num_queries):
    from assessments.selectors.result_list import read_results

    ids = [one.pk for one in people_of(taught)]
    for some in (ids[:1], ids):
        with django_assert_num_queries(4):
            read_results(some)


# --- the report


def test_report_counts_the_latest_released_results_of_each_batch(taught, admin, client_of):
    make_class(2, status="open", starts_in=20)  # nothing to report yet

    (batch,) = client_of(admin).get(REPORT).context["page"]

    assert (batch.seated, batch.competent, batch.not_yet) == (4, 1, 1)


def test_report_and_its_file_are_narrowed_alike(taught, admin, client_of):
    client, other = client_of(admin), make_class(1, starts_in=-2, name="TOT lain")
    other.starts_on -= timedelta(days=800)
    other.ends_on = other.starts_on
    other.save()
    year = str(taught.starts_on.year)

    page = client.get(REPORT, {"year": year})
    file = client.post(EXPORT_ALL, {"year": year})
    everything = client.post(EXPORT_ALL)

    assert [one.pk for one in page.context["page"]] == [taught.pk]
    assert f'name="year" value="{year}"' in page.content.decode()
    assert {row["Angkatan"] for row in rows_of(file.content)} == {taught.name}
    assert {row["Angkatan"] for row in rows_of(everything.content)} == {taught.name, "TOT lain"}


def test_report_ignores_what_it_does_not_know(taught, admin, client_of):
    page = client_of(admin).get(REPORT, {"year": "1'; --", "scheme": "x", "h": "x"})

    assert len(page.context["page"]) == 1


def test_report_takes_the_same_queries_for_1_and_30_batches(taught, admin, client_of, django_assert_max_num_queries):
    client = client_of(admin)
    client.get(REPORT)
    with django_assert_max_num_queries(10) as few:
        client.get(REPORT)
    for _number in range(5):
        make_class(1, starts_in=-3)

    with django_assert_max_num_queries(len(few)):
        client.get(REPORT)


@pytest.mark.parametrize("role", ["auditor", "assessor", "participant"])
def test_who_only_reads_takes_no_list_out(role, taught, client_of, request):
    client = client_of(request.getfixturevalue(role))

    for address in (EXPORT_ALL, reverse("assessments:export_results", args=[taught.code])):
        assert client.post(address).status_code == 403
    if role == "auditor":
        assert EXPORT_ALL not in client.get(REPORT).content.decode()
