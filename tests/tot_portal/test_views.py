"""Public pages, the switches, and the pages that say that something went wrong."""

import json
import logging
import sys
from types import ModuleType

import pytest
from django.test import Client, override_settings
from django.urls import path, reverse

from core.logs import JsonFormatter
from core.middleware import RequestIdMiddleware
from tests.factories.accounts import PASSWORD, make_user
from tot_portal import access, urls

pytestmark = pytest.mark.django_db
NIK = "3174000000000003"


@pytest.mark.parametrize("route", ["home", "about", "prepare", "help", "privacy", "accessibility"])
def test_public_page_answers_without_any_data(client, route):
    response = client.get(reverse(route))

    assert response.status_code == 200
    assert response["Content-Language"] == "id"


# --- the switches


def test_language_is_kept_in_a_cookie_and_with_the_account(participant, client_of):
    client = client_of(participant)

    response = client.post(reverse("set_language"), {"language": "en", "next": "/bantuan/"})

    participant.refresh_from_db()
    cookie = response.cookies["bahasa"]
    assert response.url == "/bantuan/"
    assert (cookie.value, cookie["samesite"], cookie["secure"]) == ("en", "Lax", True)
    assert participant.language == "en"
    page = client.get("/bantuan/").content.decode()
    assert '<html lang="en"' in page
    assert page.count('role="status"') == 1  # mails follow, which the person did not ask for
    client.post(reverse("set_language"), {"language": "en"})
    assert 'role="status"' not in client.get("/bantuan/").content.decode()


def test_unknown_language_changes_nothing(participant, client_of):
    response = client_of(participant).post(reverse("set_language"), {"language": "fr"})

    participant.refresh_from_db()
    assert "bahasa" not in response.cookies
    assert participant.language == "id"


@pytest.mark.parametrize(("theme", "kept"), [("dark", "dark"), ("light", "light"), ("", ""), ("<script>", "")])
def test_theme_is_kept_in_a_cookie(client, theme, kept):
    response = client.post(reverse("set_theme"), {"theme": theme})

    assert response.cookies["tampilan"].value == kept
    attribute = f' data-theme="{kept}"' if kept else ""
    assert f'<html lang="id"{attribute}>' in client.get("/bantuan/").content.decode()


@pytest.mark.parametrize("route", ["set_language", "set_theme"])
def test_switch_returns_to_our_own_pages_only(client, route):
    response = client.post(reverse(route), {"language": "en", "theme": "dark", "next": "https://evil.example/"})

    assert response.url == "/"


@pytest.mark.parametrize("route", ["set_language", "set_theme"])
def test_switch_wants_the_key_of_the_form(route):
    response = Client(enforce_csrf_checks=True).post(reverse(route), {"language": "en", "theme": "dark"})

    assert response.status_code == 403
    assert "terlalu lama terbuka" in response.content.decode()


@pytest.mark.parametrize("route", ["set_language", "set_theme"])
@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/surat/isi/registration_confirmed/id/simpan/", "/surat/isi/registration_confirmed/id/"),
        ("/angkatan/kelola/abc/surat-keputusan/buang/", "/angkatan/kelola/abc/surat-keputusan/"),
        ("/angkatan/kelola/abc/hasil/tetapkan/", "/angkatan/kelola/abc/hasil/"),
        ("/demo/masuk/admin/", "/demo/masuk/admin/"),  # no address here
        ("/bahasa/", "/"),
        ("/bantuan/?h=2", "/bantuan/?h=2"),
    ],
)
def test_switch_leads_from_what_a_form_answered_to_the_page_of_the_form(client, route, address, page):
    assert client.post(reverse(route), {"language": "en", "theme": "dark", "next": address}).url == page


def test_address_that_only_takes_forms_leads_to_the_page_of_the_form(admin, client_of):
    response = client_of(admin).get("/surat/isi/registration_confirmed/id/simpan/")

    assert response.status_code == 405
    assert 'href="/surat/isi/registration_confirmed/id/"' in response.content.decode()


# --- forms that are not taken

BROWSER = {"Origin": "https://testserver", "Sec-Fetch-Mode": "navigate"}


def send_form(client, address, **typed):
    return client.post(address, typed, secure=True, headers=BROWSER)


def test_form_sent_after_the_session_ended_is_handed_back_with_what_was_typed():
    response = send_form(Client(), reverse("profile"), name="Siti <b>Rahmawati", language="en")

    page = response.content.decode()
    assert response.status_code == 403
    assert "Sesi Anda berakhir" in page
    assert f'href="{reverse("account_login")}" target="_blank"' in page
    assert 'name="name" value="Siti &lt;b&gt;Rahmawati"' in page
    assert response["Cache-Control"] == "no-store"


def test_form_handed_back_is_taken_after_signing_in_elsewhere():
    user, client, address = make_user(password=PASSWORD), Client(enforce_csrf_checks=True), reverse("profile")

    def send(page):
        typed = {"name": "Siti", "language": "en", "csrfmiddlewaretoken": page.context["csrf_token"]}
        return send_form(client, address, **typed)

    ended = send(client.get(reverse("account_login"), secure=True))
    key = ended.context["csrf_token"]
    send_form(client, reverse("account_login"), login=user.email, password=PASSWORD, csrfmiddlewaretoken=key)
    outdated = send(ended)  # signing in has renewed the key; app.js takes the new one at once
    taken = send(outdated)

    user.refresh_from_db()
    assert "Sesi Anda berakhir" in ended.content.decode()
    assert "terlalu lama terbuka" in outdated.content.decode()
    assert 'name="name" value="Siti"' in outdated.content.decode()
    assert (taken.status_code, user.name) == (302, "Siti")


@pytest.mark.parametrize(
    ("headers", "typed"), [({}, {"name": "Siti"}), ({"Origin": "null"}, {"name": "Siti"}), (BROWSER, {"password": "x"})]
)
def test_no_button_sends_what_a_stranger_wrote_or_a_password(headers, typed):
    client = Client(enforce_csrf_checks=True)

    page = client.post(reverse("account_login"), typed, secure=True, headers=headers).content.decode()

    assert "terlalu lama terbuka" in page
    assert "Kirim lagi" not in page
    assert f'href="{reverse("account_login")}"' in page


def test_sign_in_leads_on_to_the_page_of_the_form(client):
    response = client.post("/surat/isi/registration_confirmed/id/simpan/")

    assert response.url == reverse("account_login") + "?next=/surat/isi/registration_confirmed/id/"


# --- pages that say that something went wrong


def explode(request):
    raise ValueError(f"{NIK} of siti@contoh.test")


@pytest.fixture
def planted(monkeypatch):
    """The portal with one more address, whose view fails."""
    module = ModuleType("tests.tot_portal.planted_urls")
    module.urlpatterns = [path("meledak/", explode, name="explode"), *urls.urlpatterns]
    for code in (403, 404, 500):
        setattr(module, f"handler{code}", getattr(urls, f"handler{code}"))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(access.ACCESS, "explode", access.public())
    with override_settings(ROOT_URLCONF=module.__name__):
        yield


@pytest.fixture
def log_lines():
    """Lines as production writes them."""
    lines = []

    class Keep(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    handler = Keep()
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


WORDS = {  # (status, language) -> words of the page
    (403, "id"): "Halaman ini tidak untuk akun Anda",
    (404, "id"): "Halaman tidak ditemukan",
    (405, "id"): "Langkah ini tidak dapat dibuka langsung",
    (500, "id"): "Layanan sedang bermasalah",
}


def provoke(client, status):
    return {
        403: lambda: client.get(reverse("admin_home")),
        404: lambda: client.get("/tidak-ada/"),
        405: lambda: client.get(reverse("set_theme")),
        500: lambda: client.get("/meledak/"),
    }[status]()


@pytest.mark.parametrize(("status", "language"), WORDS)
def test_error_page_speaks_in_our_voice(planted, participant, client_of, status, language):
    client = client_of(participant)
    client.raise_request_exception = False

    response = provoke(client, status)

    page = response.content.decode()
    assert response.status_code == status
    assert WORDS[status, language] in page
    assert f'<html lang="{language}"' in page
    assert page.count("<h1") == 1
    assert response["X-Request-ID"] in page
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("status", [403, 404, 405, 500])
def test_error_page_has_the_chosen_language(planted, participant, client_of, status):
    client = client_of(participant)
    client.raise_request_exception = False
    client.cookies["bahasa"] = "en"

    page = provoke(client, status).content.decode()

    assert '<html lang="en"' in page
    assert "Ke beranda" not in page
    assert WORDS[status, "id"] not in page


def test_fault_shows_the_request_and_logs_it_without_people(planted, log_lines):
    client = Client(raise_request_exception=False)

    response = client.get("/meledak/?nik=" + NIK, headers={"Cookie": "tot=secret"})

    page = response.content.decode()
    faults = [json.loads(line) for line in log_lines if json.loads(line)["level"] == "ERROR"]
    assert response["X-Request-ID"] in page
    assert [fault["request_id"] for fault in faults] == [response["X-Request-ID"]]
    assert "ValueError" in faults[0]["error"]
    assert not any(word in page + "".join(log_lines) for word in (NIK, "siti@", "secret"))


def test_fault_page_needs_neither_database_nor_context(planted, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = Client(raise_request_exception=False).get("/meledak/")

    assert response.status_code == 500


def test_too_many_tries_have_a_page(client):
    address, typed = reverse("account_login"), {"login": "siti@contoh.test", "password": "salah sekali"}
    responses = (client.post(address, typed) for _ in range(40))

    response = next(response for response in responses if response.status_code == 429)

    page = response.content.decode()
    assert "Terlalu banyak percobaan" in page
    assert page.count("<h1") == 1
    assert response["X-Request-ID"] in page
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_request_id_wraps_everything():
    from django.conf import settings

    assert settings.MIDDLEWARE[0] == f"{RequestIdMiddleware.__module__}.{RequestIdMiddleware.__name__}"
