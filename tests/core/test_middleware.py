"""What every request passes before it reaches a view."""

import json
import logging

import pytest
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpResponse
from django.test import RequestFactory

from core.logs import JsonFormatter
from core.middleware import (
    CleanInputMiddleware,
    LanguageMiddleware,
    RequestIdMiddleware,
    client_ip,
)
from core.request_context import OUTSIDE, current

requests = RequestFactory()


def test_request_has_an_id_inside_and_on_the_answer():
    seen = []

    def view(request):
        seen.append((request.request_id, current.get()))
        return HttpResponse()

    response = RequestIdMiddleware(view)(requests.get("/", REMOTE_ADDR="203.0.113.9"))

    request_id, context = seen[0]
    assert response["X-Request-ID"] == request_id == context.request_id
    assert context.ip == "203.0.113.9"
    assert current.get() == OUTSIDE


def test_id_is_gone_after_an_error():
    def view(request):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        RequestIdMiddleware(view)(requests.get("/"))

    assert current.get() == OUTSIDE


def test_id_of_the_caller_is_not_believed():
    response = RequestIdMiddleware(lambda request: HttpResponse())(requests.get("/", headers={"X-Request-ID": "mine"}))

    assert response["X-Request-ID"] != "mine"


def test_log_line_of_a_view_names_its_request():
    lines = []

    def view(request):
        lines.append(JsonFormatter().format(logging.LogRecord("x", logging.INFO, "", 1, "hello", (), None)))
        return HttpResponse()

    response = RequestIdMiddleware(view)(requests.get("/"))

    assert json.loads(lines[0])["request_id"] == response["X-Request-ID"]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "ip"),
    [
        (0, "", "10.0.0.1"),
        (0, "203.0.113.9", "10.0.0.1"),  # nobody vouches for it
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),  # what the caller wrote comes first
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),  # a proxy is missing
    ],
)
def test_address_of_the_caller_comes_from_trusted_proxies(settings, proxies, forwarded, ip):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else None

    assert client_ip(requests.get("/", REMOTE_ADDR="10.0.0.1", headers=headers)) == ip


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/angkatan/%00/", "/?cari=a%00b"])
def test_nul_in_the_address_is_refused(client, path):
    assert client.get(path).status_code == 400


@pytest.mark.parametrize("length", ["33554433", "-1", "many"])
def test_huge_request_is_refused_before_anything_is_read(length):
    with pytest.raises(RequestDataTooBig):
        CleanInputMiddleware(lambda request: request.POST)(requests.post("/", CONTENT_LENGTH=length))


def test_nul_in_a_form_is_refused():
    middleware = CleanInputMiddleware(lambda request: HttpResponse())

    with pytest.raises(BadRequest):
        middleware.process_view(requests.post("/", {"name": "a\x00b"}))
    assert middleware.process_view(requests.post("/", {"name": "ab"})) is None


@pytest.mark.parametrize(
    ("cookie", "browser", "language"),
    [
        (None, "en-US,en;q=0.9", "id"),
        (None, "", "id"),
        ("en", "id-ID", "en"),
        ("id", "en-US", "id"),
        ("fr", "fr-FR", "id"),
        ("../../etc", "en", "id"),
    ],
)
def test_language_is_chosen_by_the_person_only(settings, cookie, browser, language):
    request = requests.get("/", headers={"Accept-Language": browser})
    if cookie:
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = cookie

    response = LanguageMiddleware(lambda request: HttpResponse(request.LANGUAGE_CODE))(request)

    assert response.content.decode() == response["Content-Language"] == language


@pytest.mark.django_db
def test_pages_of_signed_in_people_are_not_kept(client, participant, client_of):
    public = client.get("/bantuan/")
    private = client_of(participant).get("/bantuan/")

    assert "no-store" not in public.get("Cache-Control", "")
    assert {"no-store", "private"} <= set(private["Cache-Control"].split(", "))
    assert "Cookie" in private["Vary"]
