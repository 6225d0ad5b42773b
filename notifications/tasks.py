"""Celery's entry to the outbox."""

from celery import shared_task

from core import ops
from notifications import services


@shared_task
def deliver_email(email_id: int) -> None:
    """Sends one mail; safe to run twice and beside itself."""
    services.deliver_email(email_id)


@shared_task
def sweep_outbox() -> None:
    """Delivers what the broker or a dead worker lost, and what is due again."""
    due = services.sweep_outbox()
    ops.mark_sweep("notifications.tasks.sweep_outbox", len(due))
    for email_id in due:
        # The next sweep finds it again; expired copies keep a long queue from growing.
        deliver_email.apply_async((email_id,), expires=60)
