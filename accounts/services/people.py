"""What happens to a person's account: profile, sessions, second factor, activity."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import NotToOneself
from accounts.models import User
from accounts.services.roles import guard_last_admin
from accounts.services.sessions import end_sessions
from core import audit

NOT_YOUR_OWN = _("Anda tidak dapat mengubah akun sendiri di sini. Minta admin lain melakukannya.")


@transaction.atomic
def update_profile(user: User, *, name: str, language: str, by: User) -> User:
    """Changes the name on the account and the language of mails."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    changes = {"name": (user.name, name), "language": (user.language, language)}
    user.name, user.language = name, language
    user.save(update_fields=["name", "language"])
    if any(before != after for before, after in changes.values()):
        audit.record("profile_changed", user, by=by, subject_id=user.pk, changes=changes)
    return user


@transaction.atomic
def deactivate_user(user: User, *, by: User) -> User:
    """Nobody enters with this account until it is active again; sessions end, roles stay on record.

    Errors: NotToOneself, LastAdmin. A second call changes nothing.
    """
    if by.pk == user.pk:
        raise NotToOneself(NOT_YOUR_OWN)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.is_active:
        guard_last_admin(user)
        _set_active(user, False, "user_deactivated", by)
        end_sessions(user)
    return user


@transaction.atomic
def reactivate_user(user: User, *, by: User) -> User:
    """The account opens again with the roles that are still in force. Errors: NotToOneself."""
    if by.pk == user.pk:
        raise NotToOneself(NOT_YOUR_OWN)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not user.is_active:
        _set_active(user, True, "user_reactivated", by)
    return user


@transaction.atomic
def reset_second_factor(user: User, *, by: User) -> User:
    """Forgets the person's second factors (lost phone) and ends the sessions; staff must enrol again.

    Errors: NotToOneself.
    """
    if by.pk == user.pk:
        raise NotToOneself(NOT_YOUR_OWN)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    removed, _rows = Authenticator.objects.filter(user=user).delete()
    if removed:
        audit.record("second_factor_reset", user, by=by, subject_id=user.pk)
        end_sessions(user)
    return user


def _set_active(user: User, active: bool, act: str, by: User) -> None:
    user.is_active = active
    user.save(update_fields=["is_active"])
    audit.record(act, user, by=by, subject_id=user.pk, changes={"is_active": (not active, active)})


@transaction.atomic
def replace_feed(user: User, *, by: User) -> User:
    """A new address for the person's calendar; the old one answers no more."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    user.feed_version += 1
    user.save(update_fields=["feed_version"])
    audit.record("calendar_address_replaced", user, by=by, subject_id=user.pk)
    return user
