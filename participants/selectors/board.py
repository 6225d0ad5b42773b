"""What the desk's board asks of registrations."""

from datetime import date

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from participants.models import Registration
from participants.states import FOR_REVIEW, RegistrationStatus


def registration_counts() -> dict[str, int]:
    """Registrations per status, zero included; one query."""
    found = Registration.objects.order_by().values_list("status").annotate(n=Count("id"))
    return dict.fromkeys(RegistrationStatus, 0) | dict(found)


def oldest_waiting() -> QuerySet[Registration]:
    """What waits for the desk, the oldest first."""
    waiting = Registration.objects.filter(status__in=FOR_REVIEW).select_related("person", "batch", "scheme")
    return waiting.order_by("submitted_at", "id")


def registrations_by_month(since: date) -> dict[date, int]:
    """Applications by the month in which they were first sent, from the month of `since` on; one query."""
    sent = Registration.objects.sent().filter(submitted_at__date__gte=since).order_by()
    return {
        month.date(): count
        for month, count in sent.annotate(month=TruncMonth("submitted_at")).values_list("month").annotate(n=Count("id"))
    }
