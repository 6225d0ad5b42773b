"""The pages of accounts: for oneself, for admins, for those who read the log."""

import re
import time

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.urls import reverse

from accounts import services
from accounts.models import Lsp, RoleGrant, User
from accounts.roles import Role
from core import audit, clock
from core.models import AuditEntry
from notifications.models import Email
from notifications.registry import Message
from notifications.services import queue_ready_email
from tests.accounts.test_services import picture
from tests.factories.accounts import PASSWORD, client_of, make_admin, make_user

pytestmark = pytest.mark.django_db
USERS, INVITE, LSP, LOG = (reverse(name) for name in ("user_list", "invite_user", "lsp_settings", "audit_log"))
LSP_ANSWER = {
    "name": "LSP Contoh Nusantara", "short_name": "LSP CN", "kind": "P3", "licence_number": "BNSP-LSP-000-ID",
    "address": "Jalan Merdeka 1", "phone": "021-555-0100", "email": "info@contoh.test", "office_hours": "Senin",
    "time_zone": "Asia/Makassar", "review_working_days": "4", "return_days": "6", "uses_bnsp_approval": "on",
    "bnsp_lead_working_days": "15", "appeal_working_days": "10", "appeal_answer_working_days": "20",
    "certificate_code": "LSP-CN",
    "signatories-TOTAL_FORMS": "3", "signatories-INITIAL_FORMS": "0",
    "signatories-0-name": "Hendra Wijaya", "signatories-0-title": "Ketua LSP", "signatories-0-number": "",
    "signatories-1-name": "", "signatories-1-title": "", "signatories-1-number": "",
    "signatories-2-name": "", "signatories-2-title": "", "signatories-2-number": "",
}  # fmt: skip


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def url(name, person, *more):
    return reverse(name, args=[person.code, *more])


# --- people


def test_user_list_shows_staff_with_roles_and_second_factor(admin, participant):
    make_user(name="Wulan", role=Role.ASSESSOR, second_factor=False, expires_on=clock.today())

    page = text(client_of(admin).get(USERS))

    assert "Wulan" in page
    assert "Asesor senior" in page
    assert "sampai" in page
    assert "Belum dipasang" in page
    assert participant.email not in page


@pytest.mark.parametrize(
    ("question", "found"),
    [({"role": "participant"}, {"siti@contoh.test"}), ({"role": "all", "q": "RAHMA"}, {"siti@contoh.test"}),
     ({"role": "admin"}, {"rina@contoh.test"}), ({"role": "inactive"}, set()),
     ({"role": "nonsense"}, {"rina@contoh.test"})],
)  # fmt: skip
def test_user_list_is_filtered(admin, participant, question, found):
    page = client_of(admin).get(USERS, question)

    assert {person.email for person in page.context["page"]} == found


def test_user_list_takes_the_same_queries_for_1_and_30_people(admin, django_assert_num_queries):
    browser = client_of(admin)
    browser.get(USERS)
    with django_assert_num_queries(7):
        browser.get(USERS)
    for _number in range(29):
        make_user(role=Role.ASSESSOR)

    with django_assert_num_queries(7):
        browser.get(USERS)


def test_invite_user_grants_and_mails(admin):
    answer = client_of(admin).post(INVITE, {"name": "Wulan", "email": "wulan@contoh.test", "roles": ["assessor"]})

    person = User.objects.get(email="wulan@contoh.test")
    assert answer.url == url("user_detail", person)
    assert RoleGrant.objects.get(user=person).expires_on is None
    assert Email.objects.get().to_address == person.email


def test_invite_user_explains_and_keeps_what_was_typed(admin):
    answer = client_of(admin).post(
        INVITE,
        {"name": "Wulan", "email": "wulan", "expires_on_day": "1", "expires_on_month": "1", "expires_on_year": "2020"},
    )

    page = text(answer)
    for sentence in ["Tulis alamat email lengkap", "Pilih peran.", "hari ini atau sesudahnya", 'value="wulan"']:
        assert sentence in page


def test_invite_oneself_is_explained_in_the_form(admin):
    answer = client_of(admin).post(INVITE, {"name": "Saya", "email": admin.email, "roles": ["director"]})

    assert "Anda tidak dapat memberi peran kepada diri sendiri." in text(answer)


def test_user_detail_shows_mails_that_did_not_arrive(admin, assessor):
    email = queue_ready_email("tests.x", assessor.email, Message("Salam", "Isi"), recipient=assessor)
    Email.objects.update(status="retrying", failure_reason="mailbox_full: 552")

    page = text(client_of(admin).get(url("user_detail", assessor)))

    assert "Kotak surat penerima penuh." in page
    assert reverse("notifications:email_detail", args=[email.code]) in page


def test_user_detail_shows_roles_past_and_present(admin, assessor):
    services.grant_role(assessor, Role.DIRECTOR, by=admin)
    services.revoke_role(assessor, Role.DIRECTOR, by=admin)

    page = text(client_of(admin).get(url("user_detail", assessor)))

    for words in ["Asesor senior", "Berlaku", "Pimpinan", "Dicabut", assessor.code]:
        assert words in page


def test_own_page_offers_no_acts_on_oneself(admin):
    page = text(client_of(admin).get(url("user_detail", admin)))

    assert "Nonaktifkan akun" not in page
    assert "diubah oleh admin lain" in page


def test_grant_role_page(admin, participant):
    browser = client_of(admin)

    browser.post(url("grant_role", participant), {"role": "auditor"})
    again = browser.post(url("grant_role", participant), {"role": "auditor"})
    empty = browser.post(url("grant_role", participant), {"role": ""})

    assert Role.AUDITOR in User.objects.get(pk=participant.pk).roles
    assert "sudah memegang peran Auditor" in text(again)
    assert "Pilih peran." in text(empty)


def test_revoke_role_asks_first(admin, assessor):
    browser = client_of(admin)

    page = browser.get(url("revoke_role", assessor, "assessor"))
    assert "Cabut peran Asesor senior dari Bambang Hartono?" in text(page)
    assert Role.ASSESSOR in User.objects.get(pk=assessor.pk).roles
    browser.post(url("revoke_role", assessor, "assessor"))

    assert Role.ASSESSOR not in User.objects.get(pk=assessor.pk).roles
    assert browser.get(url("revoke_role", assessor, "nonsense")).status_code == 404


def test_last_admin_is_told_so(admin):
    browser = client_of(admin)

    answer = browser.post(url("revoke_role", admin, "admin"), {"next": USERS}, follow=True)

    assert "Ini satu-satunya admin yang aktif." in text(answer)


def test_admin_who_takes_the_own_role_back_leaves(admin):
    make_admin()

    answer = client_of(admin).post(url("revoke_role", admin, "admin"))

    assert answer.url == reverse("home")


@pytest.mark.parametrize("name", ["deactivate_user", "reset_second_factor"])
def test_grave_acts_ask_first(admin, assessor, name):
    browser = client_of(admin)

    page = browser.get(url(name, assessor))
    assert "Bambang Hartono?" in text(page)
    assert not AuditEntry.objects.exists()
    browser.post(url(name, assessor))

    assert AuditEntry.objects.count() == 1


def test_reactivate_user_page(admin, assessor):
    services.deactivate_user(assessor, by=admin)
    browser = client_of(admin)
    assert "Aktifkan akun" in text(browser.get(url("user_detail", assessor)))

    browser.post(url("reactivate_user", assessor))

    assert User.objects.get(pk=assessor.pk).is_active


def test_grants_need_a_fresh_proof(participant):
    boss = make_admin(password=PASSWORD)
    browser = client_of(boss)
    session = browser.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - 901}]
    session.save()

    answer = browser.post(url("grant_role", participant), {"role": "auditor"})

    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert Role.AUDITOR not in User.objects.get(pk=participant.pk).roles
    browser.post(answer.url, {"password": PASSWORD, "next": url("grant_role", participant)})
    assert Role.AUDITOR in User.objects.get(pk=participant.pk).roles


# --- LSP


def test_lsp_settings_are_saved_with_signatories_in_order(admin):
    answer = client_of(admin).post(LSP, LSP_ANSWER)

    assert answer.url == LSP
    lsp = Lsp.current()
    assert (lsp.name, lsp.time_zone, lsp.review_working_days, lsp.return_days) == (
        "LSP Contoh Nusantara", "Asia/Makassar", 4, 6,
    )  # fmt: skip
    assert lsp.hold_decisions is False  # its box was not ticked
    assert (lsp.appeal_working_days, lsp.appeal_answer_working_days, lsp.certificate_code) == (10, 20, "LSP-CN")
    assert lsp.signatories == [{"name": "Hendra Wijaya", "title": "Ketua LSP", "number": ""}]
    assert "Hendra Wijaya" in text(client_of(admin).get(LSP))


def test_lsp_settings_explain_and_keep(admin):
    wrong = {
        "name": "", "review_working_days": "0", "signatories-1-title": "Manajer", "signatories-0-title": "",
        "certificate_code": "lsp/1",
    }  # fmt: skip

    page = text(client_of(admin).post(LSP, LSP_ANSWER | wrong))

    for sentence in [
        "Isi nama LSP.",
        "Batas memeriksa pendaftaran (hari kerja) paling sedikit 1.",
        "Tulis 2 sampai 20 huruf besar",
        "Isi jabatan penanda tangan.",
        "Isi nama penanda tangan",
        "BNSP-LSP-000-ID",
    ]:
        assert sentence in page
    assert not Lsp.objects.exists()


def test_thresholds_are_called_the_lsps_own(admin):
    page = text(client_of(admin).get(LSP))

    assert "Pengaturan LSP, usulan: 5." in page
    assert "aturan BNSP" not in page


def test_logo_is_public_once_uploaded(admin, client):
    assert client.get(reverse("lsp_logo")).status_code == 404

    client_of(admin).post(LSP, LSP_ANSWER | {"new_logo": picture()})

    logo = client.get(reverse("lsp_logo"))
    assert (logo.status_code, logo["Cache-Control"]) == (200, "public, max-age=3600")
    assert logo["Content-Type"].startswith("image/")
    assert Lsp.current().logo_url in text(client.get(reverse("account_login")))


def test_logo_that_is_no_picture_is_explained(admin):
    answer = client_of(admin).post(LSP, LSP_ANSWER | {"new_logo": picture(b"bukan gambar")})

    assert "Berkas harus" in text(answer)
    assert not Lsp.objects.exists()


# --- audit log


@pytest.fixture
def history(admin, assessor):
    services.grant_role(assessor, Role.DIRECTOR, by=admin)
    audit.record("profile_changed", admin, by=admin, changes={"phone": ("0812", "0813"), "is_active": (True, False)})


def acts(answer):
    return [row["entry"].act for row in answer.context["rows"]]


def test_log_shows_who_did_what_with_secrets_masked(admin, history):
    page = text(client_of(admin).get(LOG))

    for words in ["Peran diberikan", "Rina Kusumawardani", "tentang Bambang Hartono", "Pimpinan", "••••", "Tidak"]:
        assert words in page
    assert "0812" not in page


def test_log_is_filtered(admin, assessor, history):
    browser = client_of(admin)
    day = clock.today()
    since = {"since_day": str(day.day), "since_month": str(day.month), "since_year": str(day.year)}

    assert acts(browser.get(LOG)) == ["profile_changed", "role_granted"]
    assert acts(browser.get(LOG, {"act": "role_granted"})) == ["role_granted"]
    assert acts(browser.get(LOG, {"person": assessor.code})) == ["role_granted"]
    assert acts(browser.get(LOG, {"object": admin.code})) == ["profile_changed"]
    assert acts(browser.get(LOG, since)) == ["profile_changed", "role_granted"]
    assert acts(browser.get(LOG, {**since, "since_year": "2040"})) == []
    assert acts(browser.get(LOG, {"until_day": "1", "until_month": "1", "until_year": "2020"})) == []


def test_log_explains_a_half_written_day(admin, history):
    page = client_of(admin).get(LOG, {"since_day": "1"})

    assert "Tulis sejak lengkap" in text(page)


def test_log_takes_the_same_queries_for_1_and_60_entries(admin, django_assert_num_queries):
    browser = client_of(admin)
    browser.get(LOG)
    audit.record("profile_changed", admin, by=admin)
    with django_assert_num_queries(8):
        browser.get(LOG)
    for _number in range(59):
        person = make_user()
        audit.record("profile_changed", person, by=person, subject_id=person.pk)

    with django_assert_num_queries(8):
        page = browser.get(LOG)
    assert len(page.context["rows"]) == 50


@pytest.mark.parametrize("who", ["admin", "director", "auditor"])
def test_log_is_read_by(who, request):
    assert client_of(request.getfixturevalue(who)).get(LOG).status_code == 200


# --- oneself


def test_profile_changes_name_and_language_of_mails(participant):
    browser = client_of(participant)

    browser.post(reverse("profile"), {"name": "Siti R.", "language": "en"})

    participant.refresh_from_db()
    assert (participant.name, participant.language) == ("Siti R.", "en")
    page = text(browser.get(reverse("profile")))
    for name in ("mfa_index", "account_email", "account_change_password", "usersessions_list"):
        assert reverse(name) in page


@pytest.mark.parametrize(
    "name",
    ["account_change_password", "account_email", "account_reauthenticate", "mfa_index", "mfa_activate_totp",
     "mfa_add_webauthn", "mfa_list_webauthn", "mfa_generate_recovery_codes",
     "usersessions_list", "profile"],
)  # fmt: skip
def test_account_page_opens_in_both_languages(name):
    browser = client_of(make_user(password=PASSWORD, second_factor=name not in {"mfa_activate_totp"}))

    for language in ("id", "en"):
        browser.cookies["bahasa"] = language
        assert browser.get(reverse(name), follow=True).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["account_login", "account_signup", "account_reset_password", "account_reset_password_done", "account_inactive",
     "account_email_verification_sent", "account_reset_password_from_key_done"],
)  # fmt: skip
def test_entrance_page_opens_for_strangers(name, client):
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize(
    ("name", "more"),
    [("user_list", None), ("invite_user", None), ("user_detail", ()), ("revoke_role", ("assessor",)),
     ("deactivate_user", ()), ("reset_second_factor", ()), ("lsp_settings", None)],
)  # fmt: skip
@pytest.mark.parametrize("who", ["participant", "assessor", "director", "auditor"])
def test_pages_of_admins_are_closed_to_others(who, name, more, request, stranger):
    browser = client_of(request.getfixturevalue(who))
    address = reverse(name) if more is None else url(name, stranger, *more)

    assert browser.get(address).status_code == 403
    assert browser.post(address).status_code == 403
