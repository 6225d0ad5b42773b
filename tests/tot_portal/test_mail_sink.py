"""The demo's mail server."""

import smtplib
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

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


def test_newest_mails_stay(tmp_path, monkeypatch):
    monkeypatch.setattr(mail_sink, "KEEP", 3)

    for number in range(5):
        mail_sink.store(tmp_path, str(number).encode())

    assert [file.read_text() for file in sorted(tmp_path.iterdir())] == ["2", "3", "4"]


def test_production_has_no_mail_sink(settings):
    settings.DEMO = False

    with pytest.raises(ImproperlyConfigured, match="belongs to the demo"):
        call_command("mail_sink")
