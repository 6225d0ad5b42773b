"""Celery's entry to the sweep."""

from celery import shared_task

from assessments import services


@shared_task
def follow_sessions() -> None:
    """Moves rounds whose sessions have moved."""
    services.follow_all_sessions()
