"""A mail service with an API instead of SMTP: the same mail leaves, and its refusals are sorted like those of SMTP."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from notifications import reasons
from notifications.reasons import Pace
from notifications.states import EmailStatus as S

pytest.importorskip("anymail", reason="requirements-optional.txt")
pytestmark = pytest.mark.django_db


class Service(BaseHTTPRequestHandler):
    """Answers as told, and keeps what it was sent."""

    answer, taken = 201, []

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.taken.append((self.headers["api-key"], body))
        self.send_response(self.answer)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        words = {"messageId": "<x@service>"} if self.answer == 201 else {"message": "as told"}
        self.wfile.write(json.dumps(words).encode())

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def address():
    with HTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def service(settings, address):
    settings.EMAIL_BACKEND = "anymail.backends.brevo.EmailBackend"
    settings.ANYMAIL = {"BREVO_API_KEY": "k3y", "BREVO_API_URL": address}
    Service.answer, Service.taken[:] = 201, []
    return Service


def test_mail_goes_out_by_the_api_with_the_message_id_of_its_row(service, deliver):
    email = deliver()

    assert email.status == S.SENT
    ((key, body),) = service.taken
    assert (key, body["subject"], body["textContent"]) == ("k3y", "Salam", "Isi surat")
    assert body["headers"]["Message-ID"] == f"<{email.code}@testserver>"


@pytest.mark.parametrize(
    ("answer", "code", "status"),
    [
        (401, "login_refused", S.FAILED),
        (400, "mail_refused", S.FAILED),
        (429, "server_busy", S.RETRYING),
        (503, "server_busy", S.RETRYING),
    ],
)
def test_answer_of_the_service_is_sorted(service, answer, code, status, deliver):
    service.answer = answer

    email = deliver()

    assert (email.status, reasons.code_of(email.failure_reason)) == (status, code)
    assert "as told" in reasons.server_answer(email.failure_reason)


def test_service_that_is_away_is_asked_again_soon(service, settings, deliver):
    settings.ANYMAIL = settings.ANYMAIL | {"BREVO_API_URL": "http://127.0.0.1:9/"}

    email = deliver()

    assert (email.status, reasons.code_of(email.failure_reason)) == (S.RETRYING, "no_connection")


def test_missing_key_is_a_matter_of_settings(settings, deliver):
    settings.EMAIL_BACKEND, settings.ANYMAIL = "anymail.backends.brevo.EmailBackend", {}

    email = deliver()

    assert (email.status, reasons.code_of(email.failure_reason)) == (S.FAILED, "wrong_settings")


def test_refused_recipient_is_told(settings):
    from anymail.exceptions import AnymailRecipientsRefused

    reason = reasons.explain(AnymailRecipientsRefused())

    assert (reason.code, reason.pace) == ("address_refused", Pace.NEVER)
