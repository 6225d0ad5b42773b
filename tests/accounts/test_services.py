"""Roles, activity, sessions, profile, LSP and consents."""

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.urls import reverse

from accounts import services
from accounts.errors import (
    AlreadyHasRole,
    LastAdmin,
    NotToOneself,
    RoleExpiresInPast,
    RoleNotHeld,
    TermMissing,
    UserInactive,
)
from accounts.models import Consent, ConsentTerm, Lsp, RoleGrant, User
from accounts.roles import Role
from accounts.selectors import has_second_factor
from core import clock
from core.models import AuditEntry
from core.uploads import UploadRefused
from core.versioned import put_in_force
from tests.factories.accounts import PASSWORD, make_admin, make_user

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1)


def fresh(user):
    return User.objects.get(pk=user.pk)


def signed_in_elsewhere(client, user):
    """A browser that entered by the sign-in page, so that its session is listed."""
    user.set_password(PASSWORD)
    user.save()
    Authenticator.objects.filter(user=user).delete()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert UserSession.objects.filter(user=user).count() == 1
    return client


# --- roles


def test_grant_role_gives_it_at_once_and_is_on_record(admin, participant):
    grant = services.grant_role(participant, Role.ASSESSOR, expires_on=clock.today(), by=admin)

    assert fresh(participant).roles == {Role.PARTICIPANT, Role.ASSESSOR}
    assert (grant.granted_by, grant.expires_on) == (admin, clock.today())
    entry = AuditEntry.objects.get(act="role_granted")
    assert (entry.actor_id, entry.subject_id) == (admin.pk, participant.pk)
    assert entry.changes["role"] == ["", "assessor"]


def test_one_person_may_hold_several_roles(admin, participant):
    for role in (Role.ASSESSOR, Role.DIRECTOR):
        services.grant_role(participant, role, by=admin)

    assert fresh(participant).roles == {Role.PARTICIPANT, Role.ASSESSOR, Role.DIRECTOR}


def test_grant_role_with_another_end_replaces_the_grant(admin, participant):
    services.grant_role(participant, Role.ASSESSOR, expires_on=clock.today(), by=admin)

    services.grant_role(participant, Role.ASSESSOR, expires_on=None, by=admin)

    assert RoleGrant.objects.live().get(user=participant).expires_on is None
    assert RoleGrant.objects.filter(user=participant).count() == 2


def test_expired_role_is_not_held_and_can_be_granted_again(admin, participant):
    services.grant_role(participant, Role.ASSESSOR, expires_on=clock.today(), by=admin)

    with clock.at(clock.now() + TOMORROW):
        assert fresh(participant).roles == {Role.PARTICIPANT}
        services.grant_role(participant, Role.ASSESSOR, by=admin)
        assert Role.ASSESSOR in fresh(participant).roles


@pytest.mark.parametrize(
    ("expires_on", "error"), [(None, AlreadyHasRole), (date(2020, 1, 1), RoleExpiresInPast)], ids=str
)
def test_grant_role_is_refused(admin, assessor, expires_on, error):
    with pytest.raises(error):
        services.grant_role(assessor, Role.ASSESSOR, expires_on=expires_on, by=admin)


def test_nobody_grants_to_oneself(admin):
    with pytest.raises(NotToOneself):
        services.grant_role(admin, Role.DIRECTOR, by=admin)

    assert fresh(admin).roles == {Role.PARTICIPANT, Role.ADMIN}


def test_closed_account_gets_no_role(admin, participant):
    services.deactivate_user(participant, by=admin)

    with pytest.raises(UserInactive):
        services.grant_role(participant, Role.ASSESSOR, by=admin)


def test_participant_is_no_role_to_grant(admin, participant):
    with pytest.raises(ValueError):
        services.grant_role(participant, "everything", by=admin)


def test_revoke_role_takes_it_at_once_and_ends_sessions(admin, assessor, client):
    browser = signed_in_elsewhere(client, assessor)

    grant = services.revoke_role(assessor, Role.ASSESSOR, by=admin)

    assert fresh(assessor).roles == {Role.PARTICIPANT}
    assert grant.revoked_by == admin
    assert browser.get(reverse("profile")).status_code == 302
    assert AuditEntry.objects.get(act="role_revoked").subject_id == assessor.pk


def test_revoke_role_that_is_not_held_is_refused(admin, participant):
    with pytest.raises(RoleNotHeld):
        services.revoke_role(participant, Role.ASSESSOR, by=admin)


def test_last_admin_keeps_the_role(admin):
    with pytest.raises(LastAdmin):
        services.revoke_role(admin, Role.ADMIN, by=admin)


@pytest.mark.parametrize("other", ["none", "inactive", "expired"])
def test_last_admin_is_who_remains_able_to_act(admin, participant, other):
    if other != "none":
        second = make_admin(expires_on=date(2020, 1, 1) if other == "expired" else None)
        User.objects.filter(pk=second.pk).update(is_active=other != "inactive")

    with pytest.raises(LastAdmin):
        services.deactivate_user(admin, by=participant)


def test_admin_beside_another_admin_may_leave(admin):
    make_admin()

    services.revoke_role(admin, Role.ADMIN, by=admin)

    assert fresh(admin).roles == {Role.PARTICIPANT}


# --- activity, sessions, second factor


def test_deactivated_person_is_out_at_once_and_cannot_enter(admin, participant, client):
    browser = signed_in_elsewhere(client, participant)

    services.deactivate_user(participant, by=admin)
    services.deactivate_user(participant, by=admin)

    assert browser.get(reverse("profile")).status_code == 302
    browser.post(reverse("account_login"), {"login": participant.email, "password": PASSWORD})
    assert browser.get(reverse("profile")).status_code == 302
    assert AuditEntry.objects.filter(act="user_deactivated").count() == 1


def test_reactivated_person_has_the_roles_of_before(admin, assessor):
    services.deactivate_user(assessor, by=admin)

    services.reactivate_user(assessor, by=admin)

    assert fresh(assessor).is_active
    assert Role.ASSESSOR in fresh(assessor).roles


@pytest.mark.parametrize("act", ["deactivate_user", "reactivate_user", "reset_second_factor"])
def test_nobody_does_it_to_oneself(admin, act):
    with pytest.raises(NotToOneself):
        getattr(services, act)(admin, by=admin)


def test_reset_second_factor_forgets_it_and_ends_sessions(admin, assessor):
    assert has_second_factor(assessor)

    services.reset_second_factor(assessor, by=admin)

    assert not has_second_factor(assessor)
    assert AuditEntry.objects.get().act == "second_factor_reset"


def test_end_sessions_keeps_the_one_in_use(participant, client):
    signed_in_elsewhere(client, participant)
    own = UserSession.objects.get().session_key

    assert services.end_sessions(participant, keep=own) == 0
    assert services.end_sessions(participant) == 1


def test_update_profile_records_what_changed(participant):
    services.update_profile(participant, name="Siti R.", language="id", by=participant)
    services.update_profile(participant, name="Siti R.", language="id", by=participant)

    entry = AuditEntry.objects.get()
    assert (entry.act, entry.changes) == ("profile_changed", {"name": ["Siti Rahmawati", "Siti R."]})


# --- consents


def test_record_consent_keeps_version_language_and_object(participant, terms):
    consent = services.record_consent(participant, "KODE_ETIK", about="registration:abc")
    again = services.record_consent(participant, "KODE_ETIK", about="registration:abc")
    other = services.record_consent(participant, "KODE_ETIK", about="registration:xyz")

    assert consent == again
    assert consent != other
    assert (consent.term.version, consent.language, consent.ip) == (1, "id", None)


def test_new_version_is_consented_anew(participant, terms):
    services.record_consent(participant, "KODE_ETIK")
    put_in_force(ConsentTerm, code="KODE_ETIK", title="Kode etik", content={"id": "baru", "en": "new", "kind": "x"})

    services.record_consent(participant, "KODE_ETIK")

    assert list(Consent.objects.order_by("id").values_list("term__version", flat=True)) == [1, 2]


def test_missing_text_cannot_be_accepted(participant):
    with pytest.raises(TermMissing):
        services.record_consent(participant, "KODE_ETIK")


# --- LSP


def test_update_lsp_makes_the_one_row_and_records_changes(admin):
    services.update_lsp({"name": "LSP Contoh", "short_name": "LC", "return_days": 9}, by=admin)
    services.update_lsp({"return_days": 10}, by=admin)

    lsp = Lsp.objects.get()
    assert (lsp.pk, lsp.name, lsp.return_days, lsp.review_working_days) == (1, "LSP Contoh", 10, 5)
    newest = AuditEntry.objects.filter(act="lsp_changed").first()
    assert newest.changes == {"return_days": [9, 10]}


def test_update_lsp_tells_signatories_in_order(admin):
    people = [{"name": "Hendra", "title": "Ketua", "number": "1"}, {"name": "Maya", "title": "Manajer", "number": ""}]

    services.update_lsp({"signatories": people}, by=admin)

    assert AuditEntry.objects.get().changes == {"signatories": [[], ["Hendra (Ketua)", "Maya (Manajer)"]]}


def test_update_lsp_without_change_is_no_act(admin):
    services.update_lsp({"name": "LSP Contoh"}, by=admin)

    services.update_lsp({"name": "LSP Contoh"}, by=admin)

    assert AuditEntry.objects.count() == 1


def test_update_lsp_stores_a_clean_logo(admin):
    lsp = services.update_lsp({"name": "LSP Contoh"}, logo=picture(), by=admin)

    assert lsp.logo.content_type in {"image/png", "image/jpeg"}
    assert lsp.logo_url.startswith("/pengaturan/lsp/logo/?v=")


def test_update_lsp_refuses_what_is_no_picture(admin):
    with pytest.raises(UploadRefused):
        services.update_lsp({"name": "LSP Contoh"}, logo=picture(b"<svg onload=alert(1)>"), by=admin)

    assert not Lsp.objects.exists()


def picture(content=None):
    from io import BytesIO

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    if content is None:
        buffer = BytesIO()
        Image.new("RGB", (40, 30), "navy").save(buffer, "PNG")
        content = buffer.getvalue()
    return SimpleUploadedFile("logo.png", content, "image/png")


def test_make_user_for_tests_is_a_person_without_staff_role():
    assert make_user().roles == {Role.PARTICIPANT}
