"""People for tests: real rows, no surprises."""

import time
from itertools import count

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from accounts.models import RoleGrant, User
from accounts.roles import STAFF, Role

PASSWORD = "kuda-lumping-tari-pagi"
numbers = count(1)


def make_user(
    email="", *, name="", role=None, password=None, verified=True, second_factor=None, expires_on=None, **more
):
    """A person who can sign in; staff have a second factor unless `second_factor=False`."""
    number = next(numbers)
    user = User.objects.create_user(
        email or f"orang{number}@contoh.test", password, name=name or f"Orang {number}", **more
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
    if role in STAFF:
        RoleGrant.objects.create(user=user, role=role, expires_on=expires_on)
    if second_factor or (second_factor is None and role in STAFF):
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
    return user


def client_of(user, **headers):
    """A browser in which `user` has just signed in; None is a stranger's browser."""
    client = Client(headers=headers or None)
    if user is not None:
        client.force_login(user)
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
        session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
        session.save()
    return client


def make_admin(**more):
    return make_user(**{"name": "Rina Admin", "role": Role.ADMIN} | more)
