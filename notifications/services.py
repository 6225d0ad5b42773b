"""Owing a mail, and delivering it: the row is the truth, the broker only hurries it along."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.utils.translation import get_language

from core import clock
from core.audit import record
from core.events import announce
from core.transitions import check_transition
from notifications import failures, registry
from notifications.errors import UnknownAddress
from notifications.failures import Failure
from notifications.models import Email
from notifications.registry import Attachment, Message, add_context, register
from notifications.rendering import render_templates
from notifications.signals import email_queued
from notifications.states import DUE, TRANSITIONS, EmailStatus

__all__ = [  # what the other apps use of the outbox
    "Attachment", "Message", "add_context", "cancel_email", "deliver_email", "queue_email", "queue_ready_email",
    "register", "release_held", "render_templates", "retry_email", "sweep_outbox",
]  # fmt: skip

RETRY_MINUTES = (1, 5, 15, 60, 240)  # after the first, second … attempt; the sixth failure is the last
MOST_ATTEMPTS = len(RETRY_MINUTES) + 1
LOST_AFTER = timedelta(minutes=5)  # a claim older than this belongs to a worker that is gone
SWEEP_AT_ONCE = 500


@transaction.atomic
def queue_email(
    kind: str, *, to: models.Model | None, address: str | None = None, language: str | None = None, hold: bool = False,
    **ids: Any,
) -> Email:  # fmt: skip
    """Owes `to` (or `address`) a mail of a registered kind; part of the caller's transaction.

    Only ids travel: the text is made when the mail is sent. It is made once here too and thrown away, so that a
    broken template refuses the act instead of failing later. Announces email_queued. Errors: UnknownAddress.
    `hold`: what it will carry is not made yet; it waits, unannounced, for release_held.
    """
    address = address or getattr(to, "email", "")
    if not address:
        raise UnknownAddress
    language = language or getattr(to, "language", None) or get_language() or settings.LANGUAGE_CODE
    registry.render(kind, ids, language)
    email = Email.objects.create(
        kind=kind, params=ids, language=language, recipient=to, to_address=address, not_before=clock.now(),
        status=EmailStatus.HELD if hold else EmailStatus.QUEUED,
    )  # fmt: skip
    if not hold:
        announce(email_queued, sender=Email, email_id=email.pk)
    return email


@transaction.atomic
def release_held(kind: str, **ids: Any) -> int:
    """HELD -> QUEUED for the mails of `kind` about these ids, in the caller's transaction; how many. Announces each."""
    held = Email.objects.select_for_update(no_key=True).filter(kind=kind, status=EmailStatus.HELD, params__contains=ids)
    released = list(held.order_by("pk").values_list("pk", flat=True))
    Email.objects.filter(pk__in=released).update(status=EmailStatus.QUEUED, not_before=clock.now())
    for email_id in released:
        announce(email_queued, sender=Email, email_id=email_id)
    return len(released)


@transaction.atomic
def queue_ready_email(
    kind: str, address: str, message: Message, *, recipient: models.Model | None, language: str | None = None,
    clear_after_sending: bool = True,
) -> Email:  # fmt: skip
    """Owes a mail whose text is already made: account mails with one-time links, cleared once sent."""
    email = Email.objects.create(
        kind=kind, language=language or get_language() or settings.LANGUAGE_CODE, recipient=recipient,
        to_address=address, subject=message.subject[:250], body_text=message.text, body_html=message.html,
        clear_after_sending=clear_after_sending, not_before=clock.now(),
    )  # fmt: skip
    announce(email_queued, sender=Email, email_id=email.pk)
    return email


def deliver_email(email_id: int) -> None:
    """Sends one due mail; does nothing when it is not due or somebody else has it.

    The claim is committed before SMTP and the result after it, so that no transaction waits for the network
    and a killed worker leaves a claim that the sweeper sees. Sent twice is possible then, with one Message-ID.
    """
    with transaction.atomic(durable=True):
        email = _claim(email_id)
    if email is None:
        return
    try:
        message = _written(email)
    except Exception as error:  # whatever a template or a renderer may raise: the admin sees it and can retry
        _keep_failure(email, Failure("template", True, type(error).__name__))
        return
    if message is None:
        _finish(email, EmailStatus.CANCELLED)
        return
    try:
        _send(email, message)
    except Exception as error:  # sorted by explain(); anything unknown ends as failed with its name
        _keep_failure(email, failures.explain(error))
        return
    cleared = Message("", "") if email.clear_after_sending else message
    _finish(
        email, EmailStatus.SENT, sent_at=clock.now(), failure_reason="",
        subject=message.subject[:250], body_text=cleared.text, body_html=cleared.html,
    )  # fmt: skip


def sweep_outbox() -> list[int]:
    """Ids of mails that are due, after taking back claims of workers that died. Hopeless ones are parked."""
    lost = Email.objects.filter(status=EmailStatus.SENDING, claimed_at__lt=clock.now() - LOST_AFTER)
    lost.filter(attempts__gte=MOST_ATTEMPTS).update(
        status=EmailStatus.FAILED, failure_reason=Failure("lost", True).stored(), claimed_at=None
    )
    lost.update(status=EmailStatus.QUEUED, claimed_at=None)
    due = Email.objects.filter(status__in=DUE, not_before__lte=clock.now()).order_by("not_before", "id")
    return list(due.values_list("pk", flat=True)[:SWEEP_AT_ONCE])


@transaction.atomic
def retry_email(email: Email, *, by: models.Model) -> Email:
    """Puts a failed mail back into the queue with all its attempts. Errors: TransitionNotAllowed."""
    email = Email.objects.select_for_update(no_key=True).get(pk=email.pk)
    check_transition(TRANSITIONS, email.status, EmailStatus.QUEUED)
    before, email.status = email.status, EmailStatus.QUEUED
    email.attempts, email.not_before, email.claimed_at = 0, clock.now(), None
    email.save(update_fields=["status", "attempts", "not_before", "claimed_at"])
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
    record("email_cancelled", email, by=by, subject_id=email.recipient_id, changes={"status": (before, email.status)})
    return email


def _claim(email_id: int) -> Email | None:
    """Compare-and-swap: of all workers that try, one gets the mail."""
    now = clock.now()
    due = Email.objects.filter(pk=email_id, status__in=DUE, not_before__lte=now)
    won = due.update(status=EmailStatus.SENDING, claimed_at=now, attempts=models.F("attempts") + 1)
    return Email.objects.get(pk=email_id) if won else None


def _written(email: Email) -> Message | None:
    if email.body_text:
        return Message(email.subject, email.body_text, email.body_html)
    return registry.render(email.kind, email.params, email.language)


def _send(email: Email, message: Message) -> None:
    """One SMTP dialogue; EMAIL_TIMEOUT bounds it."""
    host = urlsplit(settings.SITE_URL).hostname
    mail = EmailMultiAlternatives(
        subject=message.subject, body=message.text, to=[email.to_address],
        headers={"Message-ID": f"<{email.code}@{host}>", "Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    for one in message.attachments:
        mail.attach(one.name, one.content, one.content_type)
    mail.send()


def _keep_failure(email: Email, failure: Failure) -> None:
    if failure.final or email.attempts >= MOST_ATTEMPTS:
        _finish(email, EmailStatus.FAILED, failure_reason=failure.stored())
        return
    later = clock.now() + timedelta(minutes=RETRY_MINUTES[email.attempts - 1])
    _finish(email, EmailStatus.RETRYING, failure_reason=failure.stored(), not_before=later)


def _finish(email: Email, status: EmailStatus, **values: Any) -> None:
    """Ends our claim, unless the sweeper has already given the mail to somebody else."""
    check_transition(TRANSITIONS, email.status, status)
    if status == EmailStatus.CANCELLED and email.clear_after_sending:
        values |= {"body_text": "", "body_html": ""}
    ours = Email.objects.filter(pk=email.pk, status=EmailStatus.SENDING, claimed_at=email.claimed_at)
    ours.update(status=status, claimed_at=None, **values)
