"""Shared pieces of HTTP, and the page of a background job."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.cache import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from core import jobs
from core.errors import DomainError
from core.files import XLSX, store_generated
from core.models import Job, JobRowStatus, JobStatus
from core.views import explain_domain_errors, safe_next

requests = RequestFactory()


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("/beranda/", "/beranda/"),
        ("/beranda/?a=1", "/beranda/?a=1"),
        ("http://testserver/beranda/", "http://testserver/beranda/"),
        ("abc", "home"),
        ("httpx", "home"),
        ("https://evil.example/", "home"),
        ("//evil.example/", "home"),
        ("/\\evil.example", "home"),
        ("javascript:alert(1)", "home"),
        ("", "home"),
    ],
)
def test_next_page_is_one_of_ours(target, found):
    assert safe_next(requests.get("/", {"next": target}), "home") == found
    assert safe_next(requests.post("/", {"next": target}), "home") == found


def refused(request):
    raise DomainError("Kelas penuh.")


@pytest.mark.parametrize(
    ("referer", "target"),
    [
        ("http://testserver/pendaftaran/abc/", "http://testserver/pendaftaran/abc/"),
        ("https://evil.example/", "/beranda/"),
        ("", "/beranda/"),
    ],
)
def test_refusal_becomes_a_message_where_the_person_was(referer, target):
    request = requests.post("/", headers={"Referer": referer})
    request.session = SessionStore()
    request._messages = FallbackStorage(request)

    response = explain_domain_errors(refused)(request)

    assert (response.status_code, response.url) == (302, target)
    assert [str(message) for message in get_messages(request)] == ["Kelas penuh."]


def test_other_errors_and_answers_pass():
    def broken(request):
        raise KeyError

    assert explain_domain_errors(lambda request: HttpResponse("ok"))(requests.get("/")).content == b"ok"
    with pytest.raises(KeyError):
        explain_domain_errors(broken)(requests.get("/"))


@pytest.fixture
def job(participant, monkeypatch):
    monkeypatch.setitem(jobs._kinds, "test.count", jobs.Kind(lambda job, key: "selesai", "Menghitung kursi"))
    return jobs.queue_job("test.count", by=participant, rows=[("a", "Siti"), ("b", "Joko")], about="Angkatan 12")


def test_job_page_shows_progress_and_the_same_address_answers_the_fragment(job, participant, client_of):
    client, address = client_of(participant), reverse("core:job_detail", args=[job.code])

    page = client.get(address).content.decode()
    fragment = client.get(address, headers={"HX-Request": "true"}).content.decode()

    assert "Menghitung kursi" in page
    assert "<html" in page
    assert "<html" not in fragment
    assert "hx-get" in fragment


def test_finished_job_stops_asking(job, participant, client_of):
    jobs.run_job(job.pk)

    fragment = client_of(participant).get(reverse("core:job_detail", args=[job.code]), headers={"HX-Request": "true"})

    assert "hx-get" not in fragment.content.decode()


@pytest.mark.parametrize("route", ["core:job_detail", "core:retry_job", "core:cancel_job", "core:job_result"])
def test_job_of_somebody_else_does_not_exist(job, stranger, client_of, route):
    address = reverse(route, args=[job.code])
    method = "post" if route == "core:retry_job" else "get"

    assert getattr(client_of(stranger), method)(address).status_code == 404


def test_admin_sees_everybodys_jobs_but_not_their_files(job, participant, admin, client_of):
    job.result = store_generated(b"PK", content_type=XLSX, purpose="Daftar", keep_days=7)
    job.status = JobStatus.DONE
    job.save(update_fields=["result", "status"])
    client = client_of(admin)

    page = client.get(reverse("core:job_detail", args=[job.code])).content.decode()

    assert str(participant) in page
    assert reverse("core:job_result", args=[job.code]) not in page
    assert client.get(reverse("core:job_result", args=[job.code])).status_code == 404
    assert (
        reverse("core:job_result", args=[job.code])
        in client_of(participant).get(reverse("core:job_detail", args=[job.code])).content.decode()
    )


def test_retry_queues_a_failed_job_again(job, participant, client_of):
    Job.objects.filter(pk=job.pk).update(status=JobStatus.FAILED, failure_reason=jobs.LOST)
    client, address = client_of(participant), reverse("core:job_detail", args=[job.code])
    assert jobs.LOST in client.get(address).content.decode()

    response = client.post(reverse("core:retry_job", args=[job.code]))

    job.refresh_from_db()
    assert response.url == address
    assert job.status == JobStatus.QUEUED


def test_cancelling_asks_first_and_says_what_stays(job, participant, client_of):
    client, address = client_of(participant), reverse("core:cancel_job", args=[job.code])

    asked = client.get(address)
    job.refresh_from_db()
    assert (asked.status_code, job.status) == (200, JobStatus.QUEUED)
    answer = client.post(address, follow=True)

    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED
    assert answer.redirect_chain == [(reverse("core:job_detail", args=[job.code]), 302)]
    assert "Proses dibatalkan." in answer.content.decode()
    assert address not in answer.content.decode()  # nothing to stop any more


def test_cancelling_an_ended_job_says_why_not(job, participant, client_of):
    jobs.run_job(job.pk)

    answer = client_of(participant).post(reverse("core:cancel_job", args=[job.code]), follow=True)

    job.refresh_from_db()
    assert job.status == JobStatus.DONE
    assert "Statusnya sekarang" in answer.content.decode()


def test_rows_can_be_narrowed_to_those_that_failed(job, participant, client_of):
    jobs.run_job(job.pk)
    job.rows.filter(key="a").update(status=JobRowStatus.FAILED, outcome="Kelas penuh.")
    Job.objects.filter(pk=job.pk).update(done=1, failed=1)
    address = reverse("core:job_detail", args=[job.code])

    page = client_of(participant).get(f"{address}?baris=gagal").content.decode()

    assert "Kelas penuh." in page
    assert "Joko" not in page
    assert reverse("core:retry_job", args=[job.code]) in page


def test_list_shows_own_jobs_and_admins_all_with_their_owners(job, participant, stranger, admin, client_of):
    address = reverse("core:job_list")

    own, others, all_of_them = (client_of(who).get(address).content.decode() for who in (participant, stranger, admin))

    assert "Menghitung kursi" in own
    assert "Diminta oleh" not in own
    assert "Belum ada proses." in others
    assert str(participant) in all_of_them


def test_list_narrows_to_what_was_given_up(job, admin, client_of):
    jobs.run_job(job.pk)
    refused = jobs.queue_job("test.count", by=admin, rows=[("a", "Rina")], about="Angkatan 13")
    for one, attempts in ((job, jobs.MOST_ATTEMPTS), (refused, 1)):
        one.rows.filter(key="a").update(status=JobRowStatus.FAILED, attempts=attempts)

    page = client_of(admin).get(reverse("core:job_list") + "?status=parked").content.decode()

    assert "Angkatan 12" in page
    assert "Angkatan 13" not in page


def test_list_and_page_cost_the_same_for_many_jobs_and_rows(job, admin, client_of, django_assert_max_num_queries):
    client, pages = client_of(admin), [reverse("core:job_list"), reverse("core:job_detail", args=[job.code])]
    client.get(pages[0])
    taken = []
    for page in pages:
        with django_assert_max_num_queries(10) as queries:
            client.get(page)
        taken.append(len(queries))
    many = [(str(number), f"Baris {number}") for number in range(30)]
    newest = [jobs.queue_job("test.count", by=admin, rows=many) for _number in range(29)][-1]

    pages[1] = reverse("core:job_detail", args=[newest.code])
    for page, count in zip(pages, taken, strict=True):
        with django_assert_max_num_queries(count):
            assert client.get(page).status_code == 200
