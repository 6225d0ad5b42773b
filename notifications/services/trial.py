"""A mail from the portal to the admin who asks for it: does mail go out again?"""

from django.db import models, transaction

from core.audit import record
from notifications.emails import TEST_MAIL
from notifications.models import Email
from notifications.services.owing import queue_email


@transaction.atomic
def send_test_email(*, by: models.Model) -> Email:
    """Owes `by` the test mail, by the way of all mails. Errors: UnknownAddress."""
    email = queue_email(TEST_MAIL, to=by)
    record("email_tested", email, by=by, subject_id=by.pk)
    return email
