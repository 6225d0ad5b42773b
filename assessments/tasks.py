"""Celery's entry to the sweep."""

from celery import shared_task

from assessments import services
from core import ops


@shared_task
def follow_sessions() -> None:
    """Moves rounds whose sessions have moved."""
    ops.mark_sweep("assessments.tasks.follow_sessions", services.follow_all_sessions())


@shared_task
def remind() -> None:
    """Owes the reminders about plays, sheets and appeals whose time it is."""
    ops.mark_sweep("assessments.tasks.remind", services.remind_assessors())
