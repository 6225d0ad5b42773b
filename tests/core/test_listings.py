"""Lists as files: at once when short, in parts when long, whole or not at all."""

import io
from datetime import UTC, date, datetime
from itertools import count

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from core import jobs, listings
from core.errors import DomainError
from core.exports import MOST_ROWS, Column
from core.files import path_of, sweep_expired_files
from core.listings import Listing
from core.models import AuditEntry, JobStatus, StoredFile
from tests.core.test_files import files_root

pytestmark = pytest.mark.django_db
__all__ = ["files_root"]
KIND = "test.list"
MOMENT = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)


@pytest.fixture
def rina():
    return User.objects.create_user("rina@example.test", name="Rina")


@pytest.fixture
def reads(monkeypatch):
    """A list of numbers that notes how often it was read; the id 13 cannot be read the first time."""
    calls = count(1)
    asked = []

    def read(ids):
        asked.append(len(ids))
        if 13 in ids and next(calls) == 1:
            raise DomainError("Belum siap.")
        return [[one, f"={one}", date(2026, 11, 24), MOMENT, None] for one in ids]

    listing = Listing("Daftar angka", lambda: [Column(title) for title in "abcde"], read)
    monkeypatch.setitem(listings._listings, KIND, listing)
    kind = jobs.Kind(listings._work, listing.title, lambda user: user.name == "Rina")
    monkeypatch.setitem(jobs._kinds, KIND, kind)
    return asked


def rows_of(content):
    return list(load_workbook(io.BytesIO(content)).active.iter_rows(min_row=3, values_only=True))


def run(job):
    jobs.run_job(job.pk)
    job.refresh_from_db()
    return job


def test_long_list_is_gathered_in_parts_and_is_the_same_file(rina, reads, client):
    ids = list(range(2_000, 3_200))
    at_once = rows_of(listings.file_of(KIND, ids, by=rina))
    reads.clear()

    job = run(listings.queue_file(KIND, ids, by=rina))
    client.force_login(rina)
    response = client.get(reverse("core:job_result", args=[job.code]))

    assert (job.status, job.total, job.done) == (JobStatus.DONE, 4, 4)
    assert reads == [500, 500, 200]
    assert rows_of(response.content) == at_once
    assert at_once[0] == (2_000, "=2000", datetime(2026, 11, 24), datetime(2026, 11, 24, 3, 30), None)
    assert StoredFile.objects.get() == job.result  # the parts are gone
    assert response["Content-Disposition"].startswith('attachment; filename="daftar-angka-')
    assert AuditEntry.objects.filter(act="file_viewed", actor_id=rina.pk).count() == 1


def test_part_that_fails_leaves_no_file_until_it_is_tried_again(rina, reads):
    job = run(listings.queue_file(KIND, list(range(600)), by=rina))
    assert (job.failed, job.result) == (2, None)

    jobs.retry_job(job, by=rina)

    assert len(rows_of(listings.read_file(run(job).result))) == 600


def test_file_of_somebody_else_and_of_an_unfinished_job_are_not_there(rina, reads, client):
    job = run(listings.queue_file(KIND, [1], by=rina))
    waiting = listings.queue_file(KIND, [1], by=rina)
    client.force_login(User.objects.create_user("joko@example.test"))
    assert client.get(reverse("core:job_result", args=[job.code])).status_code == 404

    client.force_login(rina)

    assert client.get(reverse("core:job_result", args=[job.code])).status_code == 200
    assert client.get(reverse("core:job_result", args=[waiting.code])).status_code == 404


def test_owner_who_may_not_have_the_list_any_more_gets_no_file(rina, reads, client):
    job = run(listings.queue_file(KIND, [1], by=rina))
    file, page = (reverse(f"core:{name}", args=[job.code]) for name in ("job_result", "job_detail"))
    User.objects.update(name="Rina yang pindah tugas")
    client.force_login(rina)

    shown = client.get(page).content.decode()

    assert client.get(file).status_code == 403
    assert file not in shown
    assert "karena peran Anda sudah berubah" in shown
    assert not AuditEntry.objects.filter(act="file_viewed").exists()


def test_page_of_the_job_offers_the_file_when_it_is_there(rina, reads, client):
    client.force_login(rina)
    job = listings.queue_file(KIND, [1], by=rina)
    address = reverse("core:job_result", args=[job.code])
    assert address not in client.get(reverse("core:job_detail", args=[job.code])).content.decode()

    run(job)

    assert address in client.get(reverse("core:job_detail", args=[job.code])).content.decode()


def test_file_goes_after_its_days_and_twice_is_once(rina, reads, django_capture_on_commit_callbacks):
    job = run(listings.queue_file(KIND, [1], by=rina))
    StoredFile.objects.update(delete_after=date(2026, 1, 1))
    path = path_of(job.result.storage_name)

    with django_capture_on_commit_callbacks(execute=True):
        assert [sweep_expired_files(), sweep_expired_files()] == [1, 0]

    job.refresh_from_db()
    assert (job.result, path.exists()) == (None, False)


def test_too_long_a_list_is_refused_before_any_work(rina, reads):
    for act in (listings.file_of, listings.queue_file):
        with pytest.raises(DomainError, match="saringan"):
            act(KIND, range(MOST_ROWS + 1), by=rina)
    assert reads == []
