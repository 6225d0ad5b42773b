"""What follows when somebody changes how he or she signs in: it is on record, and other sessions end."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, password_changed, password_reset, password_set, user_signed_up
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.middleware import SECOND_FACTOR_KEY
from accounts.models import User
from accounts.services import end_sessions
from core.audit import record


@receiver(user_signed_up)
def record_sign_up(user: User, **kwargs: Any) -> None:
    record("signed_up", user, by=user, subject_id=user.pk)


@receiver(email_changed)
def end_sessions_after_new_address(
    request: HttpRequest, user: User, from_email_address: EmailAddress | None, **kwargs: Any
) -> None:
    if from_email_address is None:  # the first address of a new account
        return
    record("email_changed", user, by=user, subject_id=user.pk)
    end_sessions(user, keep=request.session.session_key)


@receiver([password_changed, password_reset, password_set])
def end_sessions_after_new_password(request: HttpRequest, user: User, **kwargs: Any) -> None:
    record("password_changed", user, by=user, subject_id=user.pk)
    end_sessions(user, keep=request.session.session_key)


@receiver(authenticator_added)
def end_sessions_after_new_factor(request: HttpRequest, user: User, **kwargs: Any) -> None:
    record("second_factor_added", user, by=user, subject_id=user.pk)
    end_sessions(user, keep=request.session.session_key)


@receiver(authenticator_removed)
def end_sessions_after_lost_factor(request: HttpRequest, user: User, **kwargs: Any) -> None:
    record("second_factor_removed", user, by=user, subject_id=user.pk)
    request.session.pop(SECOND_FACTOR_KEY, None)
    end_sessions(user, keep=request.session.session_key)
