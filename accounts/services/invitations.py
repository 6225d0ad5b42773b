"""Bringing staff in: an admin names address and roles, the person sets a password by a signed link."""

from collections.abc import Iterable
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts import emails
from accounts.errors import AlreadyHasRole, InvitationSpent, NotToOneself
from accounts.models import User
from accounts.roles import Role
from accounts.selectors import has_second_factor, is_verified
from accounts.services.roles import grant_role
from accounts.services.sessions import end_sessions
from core import audit, clock

SALT = "accounts.invitation"
VALID_FOR = timedelta(days=7)


@transaction.atomic
def invite_staff(
    *, email: str, name: str, roles: Iterable[Role], expires_on: date | None = None, by: User | None
) -> User:
    """Finds or makes the person, grants the roles and mails a link: to set a password, or to sign in with it.

    Roles already held with the same end stay as they are, so a second call only mails a new link.
    Errors: NotToOneself, UserInactive, RoleExpiresInPast.
    """
    email = email.strip().lower()
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, name=name.strip())
        audit.record("user_invited", user, by=by, subject_id=user.pk)
    if by is not None and by.pk == user.pk:
        raise NotToOneself
    roles = [Role(role) for role in roles]
    for role in roles:
        try:
            grant_role(user, role, expires_on=expires_on, by=by)
        except AlreadyHasRole:
            continue
    link = settings.SITE_URL + (reverse("account_login") if _can_sign_in(user) else invitation_path(user))
    until = clock.today() + VALID_FOR
    emails.queue_invitation(user, link=link, roles=roles, new=not _can_sign_in(user), until=until, by=by)
    return user


def invitation_path(user: User) -> str:
    """The page of a one-time link: it carries the account and what its password was when it was made."""
    token = signing.dumps({"user": user.code, "state": _state(user)}, salt=SALT)
    return reverse("accept_invitation", args=[token])


def read_invitation(token: str) -> User:
    """Whose link this is. Errors: InvitationSpent (used, too old, changed, or the account is closed)."""
    try:
        content = signing.loads(token, salt=SALT, max_age=VALID_FOR)
    except signing.BadSignature as error:
        raise InvitationSpent from error
    user = User.objects.filter(code=content["user"], is_active=True).first()
    if user is None or not constant_time_compare(content["state"], _state(user)) or _can_sign_in(user):
        raise InvitationSpent
    return user


@transaction.atomic
def accept_invitation(token: str, *, name: str, password: str) -> User:
    """Sets name and password and takes the address as proven: the link came through it. Errors: InvitationSpent.

    A password that somebody set for this address before it was proven is replaced, and its sessions end.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=read_invitation(token).pk)
    if read_invitation(token).pk != user.pk:  # again under the lock: of two clicks one wins
        raise InvitationSpent
    user.name = name.strip()
    user.set_password(password)
    user.save(update_fields=["name", "password"])
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    end_sessions(user)
    audit.record("invitation_accepted", user, by=user, subject_id=user.pk)
    return user


def _can_sign_in(user: User) -> bool:
    """Only a second factor shows that the account is in its owner's hands.

    Without one its password may be a stranger's, who signed up with this address and had the owner confirm it.
    """
    return user.has_usable_password() and is_verified(user) and has_second_factor(user)


def _state(user: User) -> str:
    """Changes with the password, which makes the link a one-time link."""
    return salted_hmac(SALT, user.password).hexdigest()[:24]
