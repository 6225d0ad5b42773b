"""Each mail of accounts can be written, in both languages, with links of our own."""

from datetime import UTC, date, datetime

import pytest

from accounts import emails
from accounts.models import User
from accounts.roles import Role
from notifications.registry import kind_title

pytestmark = pytest.mark.django_db
CONTEXT = {
    "activate_url": "http://jahat.test/akun/x/",
    "password_reset_url": "http://jahat.test/akun/y/?a=1",
    "signup_url": "http://jahat.test/akun/z/",
    "ip": "10.0.0.1",
    "timestamp": datetime(2026, 8, 3, 1, 0, tzinfo=UTC),
}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("prefix", [*emails.LINK_MAILS, *emails.NOTICES])
def test_account_mail_is_written_with_our_address(prefix, language):
    user = User.objects.create_user("siti@contoh.test", name="Siti", language=language)

    email = emails.queue_account_mail(prefix, user.email, CONTEXT | {"user": user})

    assert email.subject
    assert "https://testserver/" in email.body_text
    assert "https://testserver/" in email.body_html
    assert "jahat" not in email.body_text + email.body_html
    assert (email.language, email.clear_after_sending) == (language, True)
    assert kind_title(email.kind) != email.kind


def test_invitation_of_a_command_names_no_inviter():
    user = User.objects.create_user("rina@contoh.test", name="Rina")

    email = emails.queue_invitation(
        user, link="https://testserver/x", roles=[Role.ADMIN], new=True, until=date(2026, 12, 3), by=None
    )

    assert "berlaku sampai 3 Desember 2026" in email.body_text
    assert "Anda diundang sebagai petugas" in email.body_text
    assert "- Admin LSP" in email.body_text


def test_own_address_keeps_page_and_question():
    assert emails.own_address("http://jahat.test/akun/y/?a=1#b") == "https://testserver/akun/y/?a=1"
