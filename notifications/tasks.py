"""Celery's entry to the outbox."""

from celery import shared_task

from core.sweeps import start_again, sweep
from notifications import services


@shared_task
def deliver_email(email_id: int) -> None:
    """Sends one mail; safe to run twice and beside itself."""
    services.deliver_email(email_id)


@sweep
def sweep_outbox() -> int:
    """Delivers what the broker or a dead worker lost, and what is due again."""
    return start_again(deliver_email.apply_async, services.sweep_outbox())
