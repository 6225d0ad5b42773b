"""Against a real SMTP dialogue: what the server answers decides what happens to the mail."""

import socket

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from core import clock
from notifications import reasons, selectors, services
from notifications.models import Email
from notifications.registry import Message
from notifications.states import EmailStatus

pytestmark = pytest.mark.django_db
S = EmailStatus


class Script:
    """aiosmtpd's handler: answers each mail as told, and keeps what it took."""

    def __init__(self):
        self.answers, self.taken = [], []

    async def handle_DATA(self, server, session, envelope):
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer == "hang up":
            server.transport.abort()
        if answer.startswith("250") or answer == "hang up":
            self.taken.append(envelope.content.decode())
        return answer


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def refuse_everybody(server, session, envelope, mechanism, credentials):
    return AuthResult(success=False, handled=False)


@pytest.fixture
def smtp(settings):
    script = Script()
    controller = Controller(
        script, hostname="127.0.0.1", port=free_port(), authenticator=refuse_everybody, auth_require_tls=False
    )
    controller.start()
    settings.EMAIL_BACKEND = "notifications.smtp.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", controller.port, False
    yield script
    controller.stop()


def test_taken_mail_carries_the_message_id_of_its_row(smtp, deliver):
    email = deliver()

    assert email.status == S.SENT
    (taken,) = smtp.taken
    assert f"Message-ID: <{email.code}@testserver>" in taken
    assert "Auto-Submitted: auto-generated" in taken


def test_busy_server_is_asked_again_with_the_same_message_id(smtp, deliver):
    smtp.answers.append("451 4.7.1 Greylisted, try later")
    email = deliver()
    assert (email.status, reasons.server_answer(email.failure_reason)) == (
        S.RETRYING, "451 4.7.1 Greylisted, try later",
    )  # fmt: skip

    with clock.at(email.not_before):
        services.deliver_email(email.pk)

    email.refresh_from_db()
    assert (email.status, email.failure_reason, len(smtp.taken)) == (S.SENT, "", 1)
    assert str(email.code) in smtp.taken[0]


def test_refused_mail_fails_at_once(smtp, deliver):
    smtp.answers.append("554 5.7.1 Spam")

    email = deliver()

    assert (email.status, reasons.sentence(email.failure_reason)) == (S.FAILED, reasons.SENTENCES["mail_refused"])


def test_wrong_password_fails_with_the_reason(smtp, settings, deliver):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "salah"

    email = deliver()

    assert (email.status, email.failure_reason[:14]) == (S.FAILED, "login_refused:")


def test_demanded_encryption_that_the_server_lacks_fails_with_the_reason(smtp, settings, deliver):
    settings.EMAIL_USE_TLS = True

    email = deliver()

    assert (email.status, email.failure_reason.partition(":")[0]) == (S.FAILED, "not_supported")


def test_wrong_port_is_tried_again(smtp, settings, deliver):
    settings.EMAIL_PORT = free_port()

    email = deliver()

    assert (email.status, email.failure_reason.partition(":")[0]) == (S.RETRYING, "no_connection")


def test_header_injection_is_refused(smtp):
    message = Message("Salam\nBcc: semua@contoh.test", "Isi surat")
    email = services.queue_ready_email("tests.ready", "siti@contoh.test", message, recipient=None)

    services.deliver_email(email.pk)

    assert Email.objects.get().status == S.FAILED
    assert smtp.taken == []


def test_server_that_hangs_up_after_taking_gets_the_mail_once_more_and_then_a_person_decides(smtp, deliver):
    smtp.answers += ["hang up", "hang up"]
    email = deliver()
    assert (email.status, reasons.code_of(email.failure_reason)) == (S.RETRYING, "unsure")
    assert selectors.with_doubt(Email.objects.all()).get().is_doubtful

    with clock.at(email.not_before):
        services.deliver_email(email.pk)

    email.refresh_from_db()
    assert (email.status, reasons.code_of(email.failure_reason), len(smtp.taken)) == (S.FAILED, "unsure", 2)
