"""Staff come in by a signed link: once, for 7 days, to the second factor first."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.urls import reverse

from accounts import services
from accounts.errors import InvitationSpent, NotToOneself
from accounts.models import RoleGrant, User
from accounts.roles import Role
from accounts.selectors import is_verified
from accounts.services.invitations import invitation_path
from core import clock
from notifications.models import Email
from tests.factories.accounts import PASSWORD, make_user

pytestmark = pytest.mark.django_db
ANSWER = {"name": "Bambang Hartono", "password": PASSWORD}


def invite(admin, email="Bambang@Contoh.test", roles=(Role.ASSESSOR,), **more):
    return services.invite_staff(email=email, name="Bambang", roles=roles, by=admin, **more)


def link_of(email):
    return re.search(r"https://testserver(/\S+)", email.body_text)[1]


def token_of(user):
    return invitation_path(user).split("/")[-2]


def test_invite_staff_makes_a_person_with_roles_and_owes_a_mail(admin):
    until = clock.today() + timedelta(days=30)

    user = invite(admin, roles=[Role.ASSESSOR, Role.DIRECTOR], expires_on=until)

    assert (user.email, user.has_usable_password(), is_verified(user)) == ("bambang@contoh.test", False, False)
    grants = RoleGrant.objects.filter(user=user).order_by("role")
    assert [(grant.role, grant.expires_on, grant.granted_by) for grant in grants] == [
        ("assessor", until, admin),
        ("director", until, admin),
    ]
    email = Email.objects.get()
    assert (email.kind, email.to_address, email.clear_after_sending) == (
        "accounts.invitation", "bambang@contoh.test", True,
    )  # fmt: skip
    assert email.subject.startswith("[Perlu tindakan, paling lambat ")
    assert "Rina Kusumawardani" in email.body_text
    assert link_of(email).startswith("/akun/undangan/")


def test_link_sets_password_confirms_address_signs_in_and_leads_to_second_factor(admin, client):
    user = invite(admin)
    link = link_of(Email.objects.get())
    assert "Asesor senior" in client.get(link).content.decode()

    answer = client.post(link, ANSWER)

    user.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, reverse("mfa_index"))
    assert user.check_password(PASSWORD)
    assert user.name == "Bambang Hartono"
    assert is_verified(user)
    page = client.get(answer.url)
    assert "Petugas memerlukan langkah kedua" in page.content.decode()
    assert client.get(reverse("mfa_activate_totp")).status_code == 200  # not asked for the password just set


def test_session_that_a_link_opened_can_be_ended_from_afar(admin, client):
    user = invite(admin)
    client.post(link_of(Email.objects.get()), ANSWER)
    assert client.get(reverse("profile")).status_code == 200

    assert services.end_sessions(user) == 1

    assert client.get(reverse("profile")).status_code == 302


def test_link_works_once(admin, client):
    user = invite(admin)
    link = link_of(Email.objects.get())
    client.post(link, ANSWER)
    client.logout()

    answer = client.post(link, ANSWER | {"password": "gunung-laut-sawah-1"})

    user.refresh_from_db()
    assert answer.status_code == 410
    assert user.check_password(PASSWORD)


def test_link_is_valid_for_7_days(admin, monkeypatch):
    import time

    user = invite(admin)
    token = token_of(user)
    now = time.time()

    monkeypatch.setattr("time.time", lambda: now + 7 * 86400 - 10)
    assert services.read_invitation(token) == user
    monkeypatch.setattr("time.time", lambda: now + 7 * 86400 + 10)
    with pytest.raises(InvitationSpent):
        services.read_invitation(token)


@pytest.mark.parametrize("change", [lambda token: token[:-3] + "abc", lambda token: "x", lambda token: token + "%00"])
def test_changed_link_is_explained(admin, client, change):
    token = change(token_of(invite(admin)))

    answer = client.get(reverse("accept_invitation", args=[token]))

    assert answer.status_code in {400, 410}


def test_weak_password_is_explained_and_nothing_changes(admin, client):
    user = invite(admin)

    answer = client.post(link_of(Email.objects.get()), ANSWER | {"password": "bambang"})

    assert "Kata sandi paling pendek 12 huruf." in answer.content.decode()
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_second_invitation_sends_another_link_and_keeps_the_roles(admin):
    invite(admin)
    invite(admin)

    assert RoleGrant.objects.count() == 2  # the admin's and the assessor's
    assert Email.objects.count() == 2


def test_person_with_an_account_gets_the_role_and_the_sign_in_page(admin):
    user = make_user("bambang@contoh.test", password=PASSWORD, second_factor=True)

    invite(admin)

    assert Role.ASSESSOR in User.objects.get(pk=user.pk).roles
    assert link_of(Email.objects.get()) == reverse("account_login")
    with pytest.raises(InvitationSpent):
        services.read_invitation(token_of(user))


@pytest.mark.parametrize("confirmed_unawares", [False, True])
def test_password_set_by_somebody_else_is_replaced(admin, client, confirmed_unawares):
    """Who signed up with another person's address gains nothing by the invitation."""
    squatter = make_user("bambang@contoh.test", password="milik-orang-lain-99", verified=confirmed_unawares)
    invite(admin)

    client.post(link_of(Email.objects.get()), ANSWER)

    squatter.refresh_from_db()
    assert squatter.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=squatter).verified


def test_nobody_invites_oneself(admin):
    with pytest.raises(NotToOneself):
        invite(admin, email=admin.email)


def test_link_of_a_closed_account_is_dead(admin):
    user = invite(admin)
    token = token_of(user)

    services.deactivate_user(user, by=admin)

    with pytest.raises(InvitationSpent):
        services.read_invitation(token)


def test_command_makes_the_first_admin(capsys):
    call_command("invite_admin", "Rina@contoh.test", name="Rina")

    user = User.objects.get()
    assert Role.ADMIN in user.roles
    assert invitation_path(user).split("/")[2] == "undangan"
    assert "https://testserver/akun/undangan/" in capsys.readouterr().out
