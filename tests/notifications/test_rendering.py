"""Mails from templates: subject, text and HTML, in the language asked for, escaped."""

from datetime import date

import pytest
from django.template import TemplateDoesNotExist

from accounts.models import Lsp, User
from notifications.registry import kind_title
from notifications.rendering import render_templates

pytestmark = pytest.mark.django_db


def write(**more):
    user = User(name="<b>Siti</b>", email="siti@contoh.test")
    values = {"user": user, "email": user.email, "activate_url": "https://testserver/x"}
    return render_templates("account/email_confirmation_signup", values, "id", **more)


def test_mail_has_one_subject_line_text_and_html():
    message = write()

    assert message.subject == "Satu langkah lagi: pastikan email Anda"
    assert "https://testserver/x" in message.text
    assert "&lt;b&gt;Siti&lt;/b&gt;" in message.html
    assert "Halo <b>Siti</b>," in message.text  # plain text is shown as it is


def test_action_mails_say_so_in_the_subject():
    assert write(action=True).subject == "[Perlu tindakan] Satu langkah lagi: pastikan email Anda"


@pytest.mark.parametrize(
    ("deadline", "begins"),
    [
        (date(2026, 12, 3), "[Perlu tindakan, paling lambat 3 Des 2026] Satu langkah lagi"),
        ("hari ini pukul 17.00", "[Perlu tindakan, paling lambat hari ini pukul 17.00] Satu langkah lagi"),
        (None, "[Perlu tindakan] Satu langkah lagi"),
    ],
)
def test_deadline_stands_in_the_subject_where_there_is_one(deadline, begins):
    assert write(action=True, deadline=deadline).subject.startswith(begins)


def test_mail_that_asks_for_nothing_has_no_deadline_in_its_subject():
    assert write(deadline=date(2026, 12, 3)).subject.startswith("Satu langkah lagi")


def test_every_mail_names_the_lsp():
    Lsp.objects.create(pk=1, name="LSP Contoh Nusantara", short_name="LSP CN", address="Jalan Merdeka 1")

    message = write()

    assert "LSP Contoh Nusantara" in message.text
    assert "Jalan Merdeka 1" in message.html


def test_missing_template_is_a_fault_of_ours():
    with pytest.raises(TemplateDoesNotExist):
        render_templates("account/nothing", {}, "id")


def test_unknown_kind_shows_its_bare_name():
    assert kind_title("old.kind") == "old.kind"
