"""Celery's entry to the sweep."""

from celery import shared_task

from batches import services
from core import ops


@shared_task
def tell_schedule_changes() -> None:
    """Mails those who serve or instruct what has changed on their timetables."""
    ops.mark_sweep("batches.tasks.tell_schedule_changes", services.tell_schedule_changes())
