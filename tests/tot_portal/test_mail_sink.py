"""The demo's mail server."""

import asyncio
import smtplib
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from notifications.reasons import explain
from tot_portal.demo import mailbox
from tot_portal.embedded import free_port
from tot_portal.management.commands import mail_sink


def test_mail_is_stored_as_it_was_sent(tmp_path):
    port = free_port()
    controller = Controller(mail_sink.Sink(tmp_path / "mails"), hostname="127.0.0.1", port=port)
    controller.start()
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Kursi Anda", "a@example.org", "b@example.org"
    message.set_content("Kursi Anda sudah pasti.")

    with smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(message)
    controller.stop()

    (stored,) = (tmp_path / "mails").iterdir()
    assert stored.suffix == ".eml"
    assert b"Subject: Kursi Anda" in stored.read_bytes()


def test_switched_off_server_takes_no_mail_and_asks_to_come_back(tmp_path, settings):
    settings.DEMO_MAIL_DIR = tmp_path
    sink, mail = mail_sink.Sink(tmp_path), Envelope()
    mail.content = b"Subject: Kursi Anda"

    mailbox.switch_server(off=True)
    refused = asyncio.run(sink.handle_DATA(None, None, mail))
    stored = list(tmp_path.glob("*.eml"))
    mailbox.switch_server(off=False)

    assert explain(smtplib.SMTPDataError(int(refused[:3]), refused[4:])).code == "server_busy"
    assert stored == []
    assert asyncio.run(sink.handle_DATA(None, None, mail)).startswith("250")


def test_newest_mails_stay(tmp_path, monkeypatch):
    monkeypatch.setattr(mail_sink, "KEEP", 3)

    for number in range(5):
        mail_sink.store(tmp_path, str(number).encode())

    assert [file.read_text() for file in sorted(tmp_path.iterdir())] == ["2", "3", "4"]


def test_production_has_no_mail_sink(settings):
    settings.DEMO = False

    with pytest.raises(ImproperlyConfigured, match="belongs to the demo"):
        call_command("mail_sink")
