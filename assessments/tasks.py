"""Celery's entry to the sweep."""

from celery import shared_task

from assessments import services
from core import ops


@shared_task
def follow_sessions() -> None:
    """Moves rounds whose sessions have moved."""
    ops.mark_sweep("follow-sessions", services.follow_all_sessions())
