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
from core.models import Job, JobStatus
from core.views import explain_domain_errors, safe_next

requests = RequestFactory()


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("/beranda/", "/beranda/"),
        ("/beranda/?a=1", "/beranda/?a=1"),
        ("http://testserver/beranda/", "http://testserver/beranda/"),
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
    monkeypatch.setitem(jobs._runners, "test.count", lambda job, key: "selesai")
    monkeypatch.setitem(jobs._titles, "test.count", "Menghitung kursi")
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


@pytest.mark.parametrize("route", ["core:job_detail", "core:retry_job"])
def test_job_of_somebody_else_does_not_exist(job, stranger, admin, client_of, route):
    address = reverse(route, args=[job.code])
    method = "get" if route == "core:job_detail" else "post"

    assert getattr(client_of(stranger), method)(address).status_code == 404
    assert getattr(client_of(admin), method)(address).status_code == 404


def test_retry_queues_a_failed_job_again(job, participant, client_of):
    Job.objects.filter(pk=job.pk).update(status=JobStatus.FAILED, failure_reason="worker lost")

    response = client_of(participant).post(reverse("core:retry_job", args=[job.code]))

    job.refresh_from_db()
    assert response.url == reverse("core:job_detail", args=[job.code])
    assert job.status == JobStatus.QUEUED
