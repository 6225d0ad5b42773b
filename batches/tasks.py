"""Celery's entry to the sweep."""

from celery import shared_task

from batches import services


@shared_task
def tell_schedule_changes() -> None:
    """Mails those who serve or instruct what has changed on their timetables."""
    services.tell_schedule_changes()
