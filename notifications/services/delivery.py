"""Delivering a mail: the row is the truth, the broker only hurries it along."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import Error as DatabaseError
from django.db import models, transaction
from django.db.models import Q

from core import clock
from core.transitions import check_transition
from notifications import reasons
from notifications.models import SUBJECT_LENGTH, Email
from notifications.reading import written
from notifications.reasons import Reason
from notifications.registry import Message
from notifications.selectors import forget_mail_trouble
from notifications.services.ledger import note
from notifications.services.pacing import is_hopeless, next_try
from notifications.states import DUE, TRANSITIONS, EmailStatus

LOST_AFTER = timedelta(minutes=5)  # a claim older than this belongs to a worker that is gone
FURTHEST = timedelta(hours=6)  # beyond the longest pause: such a moment was written by a clock that ran ahead
SWEEP_AT_ONCE = 500


def deliver_email(email_id: int) -> None:
    """Sends one due mail; does nothing when it is not due or somebody else has it.

    The claim is committed before SMTP and the result after it, so that no transaction waits for the network
    and a killed worker leaves a claim that the sweeper sees. Sent twice is possible then, with one Message-ID.
    A task whose time is up in the middle leaves its claim too: nobody knows what a slow server had taken by then.
    """
    with transaction.atomic(durable=True):
        email = _claim(email_id)
    if email is not None:
        _deliver(email)


def deliver_within_transaction(email_id: int) -> None:
    """The same inside the caller's transaction, for a past that is told in one: the demo's. Never for real people."""
    if email := _claim(email_id):
        _deliver(email)


def _deliver(email: Email) -> None:
    """From the claim to its end."""
    try:
        message = written(email)
    except SoftTimeLimitExceeded:
        raise
    except (DatabaseError, OSError) as error:  # nothing is wrong with the mail: what it is written from was away
        _keep_failure(email, Reason("not_read", type(error).__name__))
        return
    except Exception as error:  # whatever a template or a renderer may raise: the admin sees it and can retry
        _keep_failure(email, Reason("template", type(error).__name__))
        return
    if message is None:
        _finish(email, EmailStatus.CANCELLED, reason=Reason("gone").stored())
        return
    address = _address(email)
    try:
        _send(email, message, address)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # sorted by explain(); anything unknown ends as failed with its name
        _keep_failure(email, reasons.explain(error))
        return
    cleared = Message("", "") if email.clear_after_sending else message
    _finish(
        email, EmailStatus.SENT, sent_at=clock.now(), failure_reason="", to_address=address,
        reason=Reason("readdressed").stored() if address != email.to_address else "",
        subject=message.subject[:SUBJECT_LENGTH], body_text=cleared.text, body_html=cleared.html,
    )  # fmt: skip


def sweep_outbox() -> list[int]:
    """Ids of mails that are due, the longest due first, after taking back claims of workers that died.

    What does not fit waits for the next sweep. A mail whose worker died MOST_LOST times is parked as failed.
    A mail whose one-time link has ended is cancelled, and moments that no clock should have written are now.
    """
    _take_back_lost_claims()
    _end_expired()
    _come_back_from_the_future()
    due = Email.objects.due().order_by("not_before", "id")
    return list(due.values_list("pk", flat=True)[:SWEEP_AT_ONCE])


@transaction.atomic
def _take_back_lost_claims() -> None:
    """Nobody knows whether the mail server had taken them: the history says so. They go again under one Message-ID."""
    now = clock.now()
    gone = Q(claimed_at__lt=now - LOST_AFTER) | Q(claimed_at__gt=now + LOST_AFTER)
    lost = Email.objects.filter(gone, status=EmailStatus.SENDING)
    reason = Reason("lost").stored()
    for email in lost.select_for_update(no_key=True, skip_locked=True).order_by("pk"):
        status = EmailStatus.FAILED if is_hopeless(email) else EmailStatus.QUEUED
        _finish(email, status, reason=reason, failure_reason=reason)


@transaction.atomic
def _end_expired() -> None:
    """Links that no longer open anything are neither sent nor kept."""
    waiting = Email.objects.filter(expires_at__lte=clock.now(), status__in=(*DUE, EmailStatus.FAILED))
    ids = list(waiting.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True))
    Email.objects.filter(pk__in=ids).update(status=EmailStatus.CANCELLED, body_text="", body_html="")
    note(ids, EmailStatus.CANCELLED, reason=Reason("expired").stored())


def _come_back_from_the_future() -> None:
    now = clock.now()
    ahead = Q(status=EmailStatus.QUEUED, not_before__gt=now + LOST_AFTER) | Q(not_before__gt=now + FURTHEST)
    Email.objects.filter(ahead, status__in=DUE).update(not_before=now)


def _claim(email_id: int) -> Email | None:
    """Compare-and-swap: of all workers that try, one gets the mail."""
    now = clock.now()
    is_good = Q(expires_at=None) | Q(expires_at__gt=now)
    due = Email.objects.due().filter(is_good, pk=email_id)
    won = due.update(status=EmailStatus.SENDING, claimed_at=now, attempts=models.F("attempts") + 1)
    if not won:
        return None
    note([email_id], EmailStatus.SENDING)
    return Email.objects.select_related("recipient").get(pk=email_id)


def _address(email: Email) -> str:
    """Where the person reads mail now; what was made for one address, like the link that proves it, stays with it."""
    if email.body_text or email.recipient is None:
        return email.to_address
    return email.recipient.email or email.to_address


def _send(email: Email, message: Message, address: str) -> None:
    """One SMTP dialogue; EMAIL_TIMEOUT bounds it."""
    host = urlsplit(settings.SITE_URL).hostname
    mail = EmailMultiAlternatives(
        subject=message.subject, body=message.text, to=[address],
        headers={"Message-ID": f"<{email.code}@{host}>", "Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    for one in message.attachments:
        mail.attach(one.name, one.content, one.content_type)
    mail.send()


def _keep_failure(email: Email, reason: Reason) -> None:
    stored = reason.stored()
    if later := next_try(email, reason):
        _finish(email, EmailStatus.RETRYING, reason=stored, failure_reason=stored, not_before=later)
    else:
        _finish(email, EmailStatus.FAILED, reason=stored, failure_reason=stored)


@transaction.atomic
def _finish(email: Email, status: EmailStatus, *, reason: str = "", **values: Any) -> None:
    """Ends our claim, unless the sweeper has already given the mail to somebody else."""
    check_transition(TRANSITIONS, email.status, status)
    if status == EmailStatus.CANCELLED and email.clear_after_sending:
        values |= {"body_text": "", "body_html": ""}
    ours = Email.objects.filter(pk=email.pk, status=EmailStatus.SENDING, claimed_at=email.claimed_at)
    if ours.update(status=status, claimed_at=None, **values):
        note([email.pk], status, reason=reason)
        if status == EmailStatus.FAILED:
            transaction.on_commit(forget_mail_trouble, robust=True)
