"""Owing a mail: the row is written in the transaction of the act that causes it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils.translation import get_language

from core import clock
from core.events import announce
from notifications import registry
from notifications.errors import UnknownAddress
from notifications.models import SUBJECT_LENGTH, Email
from notifications.registry import Message
from notifications.services.ledger import note
from notifications.signals import email_queued
from notifications.states import EmailStatus


@transaction.atomic
def queue_email(
    kind: str, *, to: models.Model | None, address: str | None = None, language: str | None = None, hold: bool = False,
    group: str = "", once: str | None = None, **ids: Any,
) -> Email | None:  # fmt: skip
    """Owes `to` (or `address`) a mail of a registered kind; part of the caller's transaction.

    Only ids travel: the text is made when the mail is sent. It is made once here too, so that a broken template
    refuses the act instead of failing later; only its subject is kept, for the lists. Announces email_queued.
    Errors: UnknownAddress.
    `hold`: what it will carry is not made yet; it waits, unannounced, for release_held.
    `group`: it is held until the mails of this group are released or discarded together.
    `once`: a key of the cause; a second mail with the same key is not owed, and None is returned.
    """
    address = address or getattr(to, "email", "")
    if not address:
        raise UnknownAddress
    language = language or getattr(to, "language", None) or get_language() or settings.LANGUAGE_CODE
    if once and Email.objects.filter(once_key=once).exists():
        return None
    draft = registry.render(kind, ids, language)
    status = EmailStatus.HELD if hold or group else EmailStatus.QUEUED
    email = Email(
        kind=kind, params=ids, language=language, recipient=to, to_address=address, not_before=clock.now(),
        status=status, hold_group=group, once_key=once, subject=draft.subject[:SUBJECT_LENGTH] if draft else "",
        held_text=draft.text if draft and group else "",
    )  # fmt: skip
    return _owe(email)


@transaction.atomic
def queue_ready_email(
    kind: str, address: str, message: Message, *, recipient: models.Model | None, language: str | None = None,
    clear_after_sending: bool = True, expires_at: datetime | None = None,
) -> Email:  # fmt: skip
    """Owes a mail whose text is already made: account mails with one-time links, cleared once sent.

    `expires_at`: when the link in it ends. A mail that has not gone out by then is cancelled and cleared.
    """
    email = Email(
        kind=kind, language=language or get_language() or settings.LANGUAGE_CODE, recipient=recipient,
        to_address=address, subject=message.subject[:SUBJECT_LENGTH], body_text=message.text, body_html=message.html,
        clear_after_sending=clear_after_sending, expires_at=expires_at, not_before=clock.now(),
    )  # fmt: skip
    return _owe(email)


def _owe(email: Email) -> Email | None:
    """Stores the mail with its first line of history; None when somebody else has just owed the same once_key."""
    try:
        with transaction.atomic():
            email.save(force_insert=True)
    except IntegrityError:
        if email.once_key and Email.objects.filter(once_key=email.once_key).exists():
            return None
        raise
    note([email.pk], email.status)
    if email.status == EmailStatus.QUEUED:
        announce(email_queued, sender=Email, email_id=email.pk)
    return email
