"""Staff without a second factor reach nothing; roles and sessions end when they should."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.urls import get_resolver, reverse

from accounts import services
from accounts.middleware import OPEN_ROUTES
from accounts.roles import STAFF, Role
from core import clock
from tests.factories.accounts import PASSWORD, client_of, make_user

pytestmark = pytest.mark.django_db
MFA = reverse("mfa_index")


def current_code(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.mark.parametrize(("chosen", "kept"), [("", "en"), ("id", "id")])
def test_sign_in_takes_the_language_of_the_account_unless_the_browser_has_one(client, chosen, kept):
    user = make_user(password=PASSWORD)
    type(user).objects.filter(pk=user.pk).update(language="en")
    if chosen:
        client.cookies["bahasa"] = chosen

    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})

    assert "_auth_user_id" in client.session
    assert client.cookies["bahasa"].value == kept
    assert f'<html lang="{kept}"' in client.get(reverse("help")).content.decode()


@pytest.mark.parametrize("role", sorted(STAFF))
def test_staff_without_second_factor_reach_only_the_account_pages(role):
    """Every address is tried in tests/tot_portal/test_access.py, by an admin without one."""
    browser = client_of(make_user(role=role, second_factor=False))

    for closed in ("home", "dashboard", f"{role}_home", "notifications:notice_list"):
        answer = browser.get(reverse(closed))
        assert (answer.status_code, answer.url) == (302, MFA)
    for opened in ("mfa_index", "profile", "account_logout"):
        assert browser.get(reverse(opened)).status_code == 200


def test_posts_are_stopped_too(admin):
    browser = client_of(make_user(role=Role.ADMIN, second_factor=False))

    answer = browser.post(reverse("lsp_settings"), {"name": "Diam-diam"})

    assert (answer.status_code, answer.url) == (302, MFA)


def test_page_where_they_land_says_why():
    page = client_of(make_user(role=Role.ADMIN, second_factor=False)).get(MFA)

    assert "Petugas memerlukan langkah kedua" in page.content.decode()


def test_enrolling_opens_the_portal_in_the_same_session():
    browser = client_of(make_user(role=Role.ADMIN, second_factor=False, password=PASSWORD))
    browser.get(reverse("mfa_activate_totp"))
    secret = browser.session["mfa.totp.secret"]

    browser.post(reverse("mfa_activate_totp"), {"code": current_code(secret)})

    assert browser.get(reverse("user_list")).status_code == 200


def test_removing_the_factor_closes_it_again():
    user = make_user(role=Role.ADMIN, password=PASSWORD)
    browser = client_of(user)
    assert browser.get(reverse("user_list")).status_code == 200

    browser.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.filter(user=user).exists()
    assert browser.get(reverse("user_list")).url == MFA


def test_participants_need_no_second_factor(participant):
    assert client_of(participant).get(reverse("profile")).status_code == 200


def test_demo_asks_for_none(settings):
    settings.SECOND_FACTOR_REQUIRED = False

    browser = client_of(make_user(role=Role.ADMIN, second_factor=False))

    assert browser.get(reverse("user_list")).status_code == 200


def test_password_alone_does_not_enter_an_account_with_a_second_factor(client):
    make_user("rina@contoh.test", role=Role.ADMIN, password=PASSWORD)

    answer = client.post(reverse("account_login"), {"login": "rina@contoh.test", "password": PASSWORD})

    assert answer.url == reverse("mfa_authenticate")
    assert client.get(reverse("user_list")).status_code == 302


def test_code_of_the_app_is_taken_once(client):
    user = make_user("rina@contoh.test", role=Role.ADMIN, password=PASSWORD)
    code = current_code(decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"]))
    for browser in (client, client_of(None)):
        browser.post(reverse("account_login"), {"login": "rina@contoh.test", "password": PASSWORD})

    first = client.post(reverse("mfa_authenticate"), {"code": code})
    second = browser.post(reverse("mfa_authenticate"), {"code": code})

    assert first.status_code == 302
    assert "Kode tidak cocok." in second.content.decode()


def test_expired_role_ends_with_the_day():
    browser = client_of(make_user(role=Role.ADMIN, expires_on=clock.today()))
    assert browser.get(reverse("user_list")).status_code == 200

    session = browser.session
    with clock.at(clock.now() + timedelta(days=1)):
        session["began_at"] = session["seen_at"] = int(clock.now().timestamp())
        session.save()
        assert browser.get(reverse("user_list")).status_code == 403


def test_revoked_role_ends_at_the_next_request(admin, assessor):
    services.grant_role(assessor, Role.ADMIN, by=admin)
    browser = client_of(assessor)
    assert browser.get(reverse("user_list")).status_code == 200

    services.revoke_role(assessor, Role.ADMIN, by=admin)

    assert browser.get(reverse("user_list")).status_code in {302, 403}


@pytest.mark.parametrize(
    ("staff", "idle", "stays"),
    [(True, timedelta(minutes=29), True), (True, timedelta(minutes=31), False),
     (False, timedelta(hours=23), True), (False, timedelta(hours=25), False)],
)  # fmt: skip
def test_idle_session_ends(staff, idle, stays):
    browser = client_of(make_user(role=Role.ASSESSOR if staff else None))
    assert browser.get(reverse("profile")).status_code == 200

    with clock.at(clock.now() + idle):
        answer = browser.get(reverse("profile"))

    assert answer.status_code == (200 if stays else 302)


def test_staff_session_ends_after_12_hours_of_work():
    browser = client_of(make_user(role=Role.ASSESSOR))
    start = clock.now()

    answers = []
    for quarter in range(50):
        with clock.at(start + quarter * timedelta(minutes=15)):
            answers.append(browser.get(reverse("profile")).status_code)

    assert answers[:49] == [200] * 49  # up to 12.00 hours
    assert answers[49] == 302


def test_every_open_route_exists():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}

    assert {name for name in OPEN_ROUTES if ":" not in name} <= names
