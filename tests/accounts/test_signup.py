"""Signing up, confirming, signing in, resetting: allauth in our words, its mails through the outbox."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.urls import reverse

from accounts.models import Consent, User
from core.models import AuditEntry
from notifications import services as outbox
from notifications.models import Email
from tests.factories.accounts import PASSWORD, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms")]
SIGN_UP, SIGN_IN, RESET = reverse("account_signup"), reverse("account_login"), reverse("account_reset_password")
NEW = {"name": "  Siti   Rahmawati ", "email": "Siti@Contoh.test", "password1": PASSWORD, "consent": "on"}
LINK = re.compile(r"https://testserver(/akun/\S+)")


def link_in(email):
    return LINK.search(email.body_text)[1]


def strip(answer):
    """Body without what is different on each request."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1", answer.content.decode())


def test_sign_up_makes_a_person_with_consent_and_owes_one_mail(client, mailoutbox):
    answer = client.post(SIGN_UP, NEW, REMOTE_ADDR="10.1.2.3")

    assert (answer.status_code, answer.url) == (302, reverse("account_email_verification_sent"))
    user = User.objects.get()
    assert (user.email, user.name, user.language) == ("siti@contoh.test", "Siti Rahmawati", "id")
    consent = Consent.objects.get(user=user)
    assert (consent.term.code, consent.term.version, consent.ip, consent.language) == ("PRIVASI", 1, "10.1.2.3", "id")
    email = Email.objects.get()
    assert (email.kind, email.to_address, email.recipient) == ("accounts.confirm_signup", user.email, user)
    assert email.clear_after_sending
    assert mailoutbox == []  # nothing waits for SMTP
    assert AuditEntry.objects.get().act == "signed_up"


def test_sign_up_works_with_smtp_and_broker_down(client, monkeypatch, django_capture_on_commit_callbacks, caplog):
    def away(*args, **kwargs):
        raise ConnectionError("down")

    monkeypatch.setattr("notifications.tasks.deliver_email.delay", away)
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", away)

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(SIGN_UP, NEW)

    assert answer.status_code == 302
    assert outbox.sweep_outbox() == [Email.objects.get().pk]


def test_person_and_mail_exist_together_or_not_at_all(client, monkeypatch):
    def broken(*args, **kwargs):
        raise LookupError("template")

    monkeypatch.setattr("accounts.emails.render_templates", broken)

    with pytest.raises(LookupError):
        client.post(SIGN_UP, NEW)

    assert not User.objects.exists()


def test_sign_up_in_english_writes_in_english(client):
    client.cookies["bahasa"] = "en"

    client.post(SIGN_UP, NEW)

    assert User.objects.get().language == "en"
    assert Email.objects.get().language == "en"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"consent": ""}, "Centang persetujuan pemberitahuan privasi untuk membuat akun."),
        ({"name": ""}, "Isi nama lengkap."),
        ({"email": "siti"}, "Tulis alamat email lengkap, misalnya nama@contoh.id."),
        ({"password1": "pendek1!"}, "Kata sandi paling pendek 12 huruf."),
        ({"password1": "1234567890123"}, "Kata sandi ini ada dalam daftar kata sandi yang sering dibobol."),
        ({"password1": "siti@contoh.test"}, "Kata sandi terlalu mirip dengan nama atau email Anda."),
    ],
)
def test_sign_up_explains_what_is_missing_and_keeps_the_rest(client, change, sentence):
    answer = client.post(SIGN_UP, NEW | change)

    page = answer.content.decode()
    assert sentence in page
    assert change.get("name") == "" or "Siti   Rahmawati" in page or "Siti Rahmawati" in page
    assert not User.objects.exists()


def test_consent_is_never_ticked_beforehand(client):
    page = client.get(SIGN_UP).content.decode()

    box = re.search(r'<input[^>]*name="consent"[^>]*>', page)[0]
    assert "checked" not in box
    assert reverse("privacy") in page


def test_known_and_new_address_get_the_same_answer(client):
    make_user("joko@contoh.test", password=PASSWORD)

    new = client.post(SIGN_UP, NEW)
    new_page = client.get(new.url)
    client.logout()
    known = client.post(SIGN_UP, NEW | {"email": "joko@contoh.test"})
    known_page = client.get(known.url)

    assert (known.status_code, known.url) == (new.status_code, new.url)
    same = strip(known_page).replace("joko@contoh.test", "siti@contoh.test")
    assert re.sub(r"\s+", " ", same) == re.sub(r"\s+", " ", strip(new_page))
    assert User.objects.count() == 2
    kinds = list(Email.objects.order_by("id").values_list("kind", "to_address"))
    assert kinds == [
        ("accounts.confirm_signup", "siti@contoh.test"),
        ("accounts.already_exists", "joko@contoh.test"),
    ]


def test_loser_of_a_race_for_an_address_gets_the_same_answer(client, monkeypatch):
    make_user("siti@contoh.test", password=PASSWORD)
    monkeypatch.setattr(
        "allauth.account.internal.flows.manage_email.email_already_exists", lambda email: (email.lower(), False)
    )

    answer = client.post(SIGN_UP, NEW)

    assert (answer.status_code, answer.url) == (302, reverse("account_email_verification_sent"))
    assert Email.objects.get().kind == "accounts.already_exists"


def test_confirming_signs_in_the_browser_that_signed_up(client):
    client.post(SIGN_UP, NEW)
    link = link_in(Email.objects.get())

    asked = client.get(link)
    answer = client.post(link)

    assert asked.status_code == 200
    assert answer.status_code == 302
    assert EmailAddress.objects.get().verified
    assert client.get(reverse("profile")).status_code == 200


def test_confirming_by_get_changes_nothing(client):
    client.post(SIGN_UP, NEW)

    client.get(link_in(Email.objects.get()))

    assert not EmailAddress.objects.get().verified


def test_unconfirmed_person_cannot_enter_and_gets_a_new_link(client):
    make_user("siti@contoh.test", password=PASSWORD, verified=False)

    answer = client.post(SIGN_IN, {"login": "siti@contoh.test", "password": PASSWORD})

    assert (answer.status_code, answer.url) == (302, reverse("account_email_verification_sent"))
    assert Email.objects.get().kind == "accounts.confirm_email"
    assert client.get(reverse("profile")).status_code == 302


def test_reset_answers_known_and_unknown_addresses_alike(client):
    make_user("joko@contoh.test", password=PASSWORD)

    known = client.post(RESET, {"email": "joko@contoh.test"}, follow=True)
    unknown = client.post(RESET, {"email": "tidak.ada@contoh.test"}, follow=True)

    assert known.redirect_chain == unknown.redirect_chain
    assert strip(known) == strip(unknown)
    kinds = dict(Email.objects.values_list("to_address", "kind"))
    assert kinds == {
        "joko@contoh.test": "accounts.reset_password",
        "tidak.ada@contoh.test": "accounts.unknown_account",
    }


def test_wrong_address_and_wrong_password_get_the_same_answer(client):
    make_user("joko@contoh.test", password=PASSWORD)

    wrong = client.post(SIGN_IN, {"login": "joko@contoh.test", "password": "salah-salah-salah"})
    unknown = client.post(SIGN_IN, {"login": "tidak@contoh.test", "password": "salah-salah-salah"})

    assert strip(wrong).replace("joko@contoh.test", "tidak@contoh.test") == strip(unknown)
    assert "Email atau kata sandi tidak cocok." in wrong.content.decode()


def test_reset_link_works_once_and_ends_every_session(client, client_of):
    user = make_user("joko@contoh.test", password=PASSWORD)
    elsewhere = client_of(user)
    assert elsewhere.get(reverse("profile")).status_code == 200
    client.post(RESET, {"email": user.email})
    link = link_in(Email.objects.get())

    page = client.get(link, follow=True)
    form = page.redirect_chain[-1][0]
    client.post(form, {"password1": "gunung-laut-sawah-1", "password2": "gunung-laut-sawah-1"})

    user.refresh_from_db()
    assert user.check_password("gunung-laut-sawah-1")
    assert elsewhere.get(reverse("profile")).status_code == 302
    client.logout()
    assert "sudah dipakai" in client.get(link, follow=True).content.decode()
    assert "accounts.security_notice" in Email.objects.values_list("kind", flat=True)


def test_reset_link_expires_after_30_minutes(client, settings):
    user = make_user("joko@contoh.test", password=PASSWORD)
    client.post(RESET, {"email": user.email})
    settings.PASSWORD_RESET_TIMEOUT = -1

    page = client.get(link_in(Email.objects.get()), follow=True)

    assert "sudah lewat masa berlakunya" in page.content.decode()


def test_two_different_new_passwords_are_explained(client):
    user = make_user("joko@contoh.test", password=PASSWORD)
    client.post(RESET, {"email": user.email})
    form = client.get(link_in(Email.objects.get()), follow=True).redirect_chain[-1][0]

    answer = client.post(form, {"password1": "gunung-laut-sawah-1", "password2": "gunung-laut-sawah-2"})

    assert "Kedua kata sandi berbeda. Tulis yang sama dua kali." in answer.content.decode()


def test_forged_host_never_reaches_a_mail(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    make_user("joko@contoh.test", password=PASSWORD)

    client.post(SIGN_UP, NEW, headers={"host": "jahat.test"})
    client.logout()
    client.post(RESET, {"email": "joko@contoh.test"}, headers={"host": "jahat.test"})

    assert Email.objects.count() == 2
    assert not [email for email in Email.objects.all() if "jahat" in email.body_text + email.body_html]


def test_wrong_passwords_slow_down_one_caller_only(client):
    user = make_user("joko@contoh.test", password=PASSWORD)
    wrong = {"login": user.email, "password": "salah-salah-salah"}
    for _try in range(5):
        client.post(SIGN_IN, wrong, REMOTE_ADDR="10.0.0.1")

    attacker = client.post(SIGN_IN, wrong | {"password": PASSWORD}, REMOTE_ADDR="10.0.0.1")
    owner = client.post(SIGN_IN, wrong | {"password": PASSWORD}, REMOTE_ADDR="10.0.0.2")

    assert "Terlalu banyak percobaan. Coba lagi dalam 5 menit." in attacker.content.decode()
    assert owner.status_code == 302


@pytest.mark.parametrize("target", ["//jahat.test", "/\\jahat.test", "https:jahat.test", "https://jahat.test/x"])
def test_sign_in_never_leads_to_another_host(client, target):
    user = make_user("joko@contoh.test", password=PASSWORD)

    answer = client.post(f"{SIGN_IN}?next={target}", {"login": user.email, "password": PASSWORD, "next": target})

    assert (answer.status_code, answer.url) == (302, reverse("dashboard"))


def test_signing_in_changes_the_session_key(client):
    user = make_user("joko@contoh.test", password=PASSWORD)
    client.get(SIGN_IN)
    session = client.session
    session["mark"] = 1
    session.save()
    before = session.session_key

    client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})

    assert client.session.session_key != before


def test_signing_out_needs_a_post(client_of, participant):
    browser = client_of(participant)

    browser.get(reverse("account_logout"))
    assert browser.get(reverse("profile")).status_code == 200
    browser.post(reverse("account_logout"))

    assert browser.get(reverse("profile")).status_code == 302


def test_new_address_holds_after_its_link_only(client_of, client):
    user = make_user("joko@contoh.test", password=PASSWORD)
    browser = client_of(user)
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})

    browser.post(reverse("account_email"), {"email": "joko.baru@contoh.test", "action_add": ""})
    user.refresh_from_db()
    assert user.email == "joko@contoh.test"
    browser.post(link_in(Email.objects.get(kind="accounts.confirm_email")))

    user.refresh_from_db()
    assert user.email == "joko.baru@contoh.test"
    assert [address.email for address in EmailAddress.objects.all()] == ["joko.baru@contoh.test"]
    assert AuditEntry.objects.filter(act="email_changed", subject_id=user.pk).count() == 1
    assert (browser.get(reverse("profile")).status_code, client.get(reverse("profile")).status_code) == (200, 302)


def test_limits_are_counted_in_the_cache(client):
    cache.clear()
    for number in range(20):
        client.post(SIGN_UP, NEW | {"email": f"orang{number}@contoh.test", "consent": ""})

    assert client.post(SIGN_UP, NEW).status_code == 429
