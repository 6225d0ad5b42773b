"""Celery's entry to the sweeps."""

from celery import shared_task

from core import ops
from participants import services


@shared_task
def purge_old_drafts() -> None:
    """Deletes drafts that nobody touched for 30 days."""
    ops.mark_sweep("participants.tasks.purge_old_drafts", services.purge_old_drafts())


@shared_task
def sweep_seats() -> None:
    """Seats waiting people wherever a seat is free."""
    ops.mark_sweep("participants.tasks.sweep_seats", services.sweep_seats())


@shared_task
def tell_schedule_changes() -> None:
    """Mails confirmed people what has changed on their timetable."""
    ops.mark_sweep("participants.tasks.tell_schedule_changes", services.tell_schedule_changes())


@shared_task
def remind() -> None:
    """Owes the reminders about registrations and sessions whose time it is."""
    ops.mark_sweep("participants.tasks.remind", services.remind_participants())
