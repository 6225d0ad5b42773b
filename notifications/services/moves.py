"""What people and the owning apps do with mails that wait: release, try again, take back."""

from typing import Any

from django.db import models, transaction

from core import clock
from core.audit import record
from core.events import announce
from core.transitions import check_transition
from notifications.models import Email
from notifications.services.ledger import note
from notifications.signals import email_queued
from notifications.states import TRANSITIONS, EmailStatus


@transaction.atomic
def release_held(kind: str, **ids: Any) -> int:
    """HELD -> QUEUED for the mails of `kind` about these ids, in the caller's transaction; how many. Announces each."""
    held = Email.objects.select_for_update(no_key=True).filter(kind=kind, status=EmailStatus.HELD, params__contains=ids)
    released = list(held.order_by("pk").values_list("pk", flat=True))
    Email.objects.filter(pk__in=released).update(status=EmailStatus.QUEUED, not_before=clock.now())
    note(released, EmailStatus.QUEUED)
    for email_id in released:
        announce(email_queued, sender=Email, email_id=email_id)
    return len(released)


@transaction.atomic
def retry_email(email: Email, *, by: models.Model) -> Email:
    """Puts a failed mail back into the queue with all its attempts. Errors: TransitionNotAllowed."""
    email = Email.objects.select_for_update(no_key=True).get(pk=email.pk)
    check_transition(TRANSITIONS, email.status, EmailStatus.QUEUED)
    before, email.status = email.status, EmailStatus.QUEUED
    email.attempts, email.not_before, email.claimed_at = 0, clock.now(), None
    email.save(update_fields=["status", "attempts", "not_before", "claimed_at"])
    note([email.pk], email.status, by=by)
    record("email_retried", email, by=by, subject_id=email.recipient_id, changes={"status": (before, email.status)})
    announce(email_queued, sender=Email, email_id=email.pk)
    return email


@transaction.atomic
def cancel_email(email: Email, *, by: models.Model | None = None) -> Email:
    """Takes back a mail that has not gone out; its one-time links are forgotten. Errors: TransitionNotAllowed."""
    email = Email.objects.select_for_update(no_key=True).get(pk=email.pk)
    check_transition(TRANSITIONS, email.status, EmailStatus.CANCELLED)
    before, email.status = email.status, EmailStatus.CANCELLED
    if email.clear_after_sending:
        email.body_text = email.body_html = ""
    email.save(update_fields=["status", "body_text", "body_html"])
    note([email.pk], email.status, by=by)
    record("email_cancelled", email, by=by, subject_id=email.recipient_id, changes={"status": (before, email.status)})
    return email
