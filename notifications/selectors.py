"""Reads over the outbox."""

from django.db.models import Count

from notifications.models import Email
from notifications.states import EmailStatus


def failed_email_count() -> int:
    """Mails that wait for an admin; one indexed query."""
    return Email.objects.filter(status=EmailStatus.FAILED).count()


def email_counts() -> dict[str, int]:
    """Mails per state, zero included; one query."""
    found = Email.objects.order_by().values_list("status").annotate(n=Count("pk"))
    return dict.fromkeys(EmailStatus.values, 0) | dict(found)
