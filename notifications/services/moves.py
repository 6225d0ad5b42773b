"""What people and the owning apps do with mails that wait: release, try again, take back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from core import clock
from core.audit import record
from core.errors import DomainError
from core.events import announce
from core.transitions import check_transition
from notifications.errors import MailHeld, MailInFlight
from notifications.models import Email, EmailQuerySet
from notifications.services.ledger import note
from notifications.signals import email_queued
from notifications.states import MAY_CANCEL, MAY_RETRY, TRANSITIONS, EmailStatus

MANY_AT_ONCE = 1000
ANNOUNCED_AT_ONCE = 20


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
    """FAILED or RETRYING -> QUEUED, due now, with a whole day of attempts; announces email_queued.

    Errors: TransitionNotAllowed, MailInFlight, MailHeld.
    """
    email = Email.objects.select_for_update(no_key=True).get(pk=email.pk)
    check_transition(TRANSITIONS, email.status, EmailStatus.QUEUED)
    _check_hand(email, MAY_RETRY)
    before, email.status = email.status, EmailStatus.QUEUED
    email.attempts, email.not_before, email.claimed_at = 0, clock.now(), None
    email.save(update_fields=["status", "attempts", "not_before", "claimed_at"])
    note([email.pk], email.status, by=by)
    record("email_retried", email, by=by, subject_id=email.recipient_id, changes={"status": (before, email.status)})
    announce(email_queued, sender=Email, email_id=email.pk)
    return email


@transaction.atomic
def cancel_email(email: Email, *, by: models.Model | None = None) -> Email:
    """Takes back a mail that has not gone out; its one-time links are forgotten.

    Errors: TransitionNotAllowed, MailInFlight.
    """
    email = Email.objects.select_for_update(no_key=True).get(pk=email.pk)
    check_transition(TRANSITIONS, email.status, EmailStatus.CANCELLED)
    _check_hand(email, MAY_CANCEL)
    before, email.status = email.status, EmailStatus.CANCELLED
    email.held_text = ""
    if email.clear_after_sending:
        email.body_text = email.body_html = ""
    email.save(update_fields=["status", "held_text", "body_text", "body_html"])
    note([email.pk], email.status, by=by)
    record("email_cancelled", email, by=by, subject_id=email.recipient_id, changes={"status": (before, email.status)})
    return email


def _check_hand(email: Email, allowed: tuple[EmailStatus, ...]) -> None:
    """The table also has the moves of workers and of what released the mail; a person's hand stays off those."""
    if email.status == EmailStatus.SENDING:
        raise MailInFlight
    if email.status not in allowed:
        raise MailHeld


# --- many at once


@dataclass(frozen=True)
class Outcome:
    """What became of one of the chosen mails; `problem` is the refusal in words, empty when it was done."""

    email: Email
    problem: str = ""


@transaction.atomic
def retry_emails(emails: EmailQuerySet, *, by: models.Model) -> list[Outcome]:
    """retry_email for each; what is refused is told and stops no other."""
    return [_tried(retry_email, email, by) for email in emails.order_by("pk")]


@transaction.atomic
def cancel_emails(emails: EmailQuerySet, *, by: models.Model) -> list[Outcome]:
    """cancel_email for each; what is refused is told and stops no other."""
    return [_tried(cancel_email, email, by) for email in emails.order_by("pk")]


def _tried(act: Callable[..., Email], email: Email, by: models.Model) -> Outcome:
    try:
        with transaction.atomic():
            return Outcome(act(email, by=by))
    except DomainError as error:
        return Outcome(email, str(error))


@transaction.atomic
def retry_all(emails: EmailQuerySet, *, by: models.Model) -> int:
    """FAILED and RETRYING mails of `emails` -> QUEUED, the oldest first, at most MANY_AT_ONCE; how many.

    Each is on record. Only the first few are announced: the sweeper brings the others, in their order.
    """
    rows = emails.troubled().without_text().order_by("pk")
    chosen = list(rows.select_for_update(no_key=True, skip_locked=True, of=("self",))[:MANY_AT_ONCE])
    ids = [email.pk for email in chosen]
    now = clock.now()
    Email.objects.filter(pk__in=ids).update(status=EmailStatus.QUEUED, attempts=0, not_before=now, claimed_at=None)
    note(ids, EmailStatus.QUEUED, by=by)
    for email in chosen:
        changes = {"status": (email.status, EmailStatus.QUEUED)}
        record("email_retried", email, by=by, subject_id=email.recipient_id, changes=changes)
    for email_id in ids[:ANNOUNCED_AT_ONCE]:
        announce(email_queued, sender=Email, email_id=email_id)
    return len(ids)
