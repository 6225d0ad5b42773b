"""Secrets of second factors: unreadable in a dump, usable, and moved to a new key."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import CommandError, call_command

from accounts.roles import Role
from core import crypto
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db
NEW = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE"


@pytest.fixture
def factors():
    user = make_user(role=Role.ADMIN)
    codes = RecoveryCodes.activate(user)
    return Authenticator.objects.get(type="totp"), codes


def test_secrets_are_sealed_in_the_database(factors):
    for factor in Authenticator.objects.all():
        token = factor.data.get("secret") or factor.data["seed"]
        assert token.startswith(crypto.text_prefix())


def test_sealed_recovery_codes_still_work(factors):
    code = factors[1].get_unused_codes()[0]

    assert factors[1].validate_code(code)
    assert not factors[1].validate_code(code)


def test_rotation_moves_them_to_the_newest_key(factors, settings):
    codes = factors[1].get_unused_codes()
    old = settings.FIELD_KEYS
    settings.FIELD_KEYS = [NEW, *old]
    with pytest.raises(CommandError):
        call_command("rotate_keys", "--check")

    call_command("rotate_keys")

    settings.FIELD_KEYS = [NEW]
    call_command("rotate_keys", "--check")
    assert Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes() == codes
