from typing import Any

from django.dispatch import receiver

from notifications.signals import email_queued
from notifications.tasks import deliver_email


@receiver(email_queued)
def deliver_email_when_queued(email_id: int, **kwargs: Any) -> None:
    deliver_email.delay(email_id)
