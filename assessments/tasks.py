"""Celery's entry to the sweep."""

from assessments import services
from core.sweeps import sweep


@sweep
def follow_sessions() -> int:
    """Moves rounds whose sessions have moved."""
    return services.follow_all_sessions()


@sweep
def remind() -> int:
    """Owes the reminders about plays, sheets and appeals whose time it is."""
    return services.remind_assessors()
