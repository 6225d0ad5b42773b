"""The history of each mail: written with every move of its state."""

from collections.abc import Iterable

from django.db import models

from notifications.models import EmailEvent
from notifications.states import EmailStatus


def note(email_ids: Iterable[int], status: EmailStatus, *, reason: str = "", by: models.Model | None = None) -> None:
    """Writes that these mails came into `status`, in the caller's transaction. `reason` as in `Reason.stored()`."""
    EmailEvent.objects.bulk_create(
        EmailEvent(email_id=email_id, status=status, reason=reason, by=by) for email_id in email_ids
    )
