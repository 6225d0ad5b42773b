"""Celery's entry to the sweeps."""

from celery import shared_task

from core import ops
from participants import services


@shared_task
def purge_old_drafts() -> None:
    """Deletes drafts that nobody touched for 30 days."""
    ops.mark_sweep("purge-old-drafts", services.purge_old_drafts())


@shared_task
def sweep_seats() -> None:
    """Seats waiting people wherever a seat is free."""
    ops.mark_sweep("sweep-seats", services.sweep_seats())


@shared_task
def tell_schedule_changes() -> None:
    """Mails confirmed people what has changed on their timetable."""
    ops.mark_sweep("tell-participants-of-changes", services.tell_schedule_changes())
