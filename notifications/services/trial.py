"""Mails to the admin who asks for them: does mail go out again, and how do the new words read in the mailbox?"""

from datetime import timedelta

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import clock
from core.audit import record
from notifications.emails import TEST_MAIL
from notifications.errors import TooManyTrials
from notifications.models import Email
from notifications.registry import Message
from notifications.services.owing import queue_email, queue_ready_email
from notifications.wording import WORDING_TEST

MOST_A_MINUTE = 5  # for one person


@transaction.atomic
def send_test_email(*, by: models.Model) -> Email:
    """Owes `by` the test mail, by the way of all mails. Errors: TooManyTrials, UnknownAddress."""
    _not_too_many(by)
    email = queue_email(TEST_MAIL, to=by)
    record("email_tested", email, by=by, subject_id=by.pk)
    return email


@transaction.atomic
def send_wording_test(message: Message, *, language: str, by: models.Model) -> Email:
    """Owes `by` a copy of a previewed mail, marked in the subject, without attachments. Errors: TooManyTrials.

    It may tell of somebody else: its text is forgotten once sent.
    """
    _not_too_many(by)
    with override(language):
        subject = _("[Uji] %(subject)s") % {"subject": message.subject}
    trial = Message(subject, message.text, message.html)
    email = queue_ready_email(WORDING_TEST, by.email, trial, recipient=by, language=language)
    record("wording_tested", email, by=by, subject_id=by.pk)
    return email


def _not_too_many(by: models.Model) -> None:
    """A pressed key must not fill a mailbox, and a stolen session must not use up what the mail server lets through."""
    lately = clock.now() - timedelta(minutes=1)
    trials = Email.objects.filter(recipient=by, kind__in=[TEST_MAIL, WORDING_TEST], created_at__gte=lately)
    if trials.count() >= MOST_A_MINUTE:
        raise TooManyTrials
