"""Celery's entry to the sweep."""

from batches import services
from core.sweeps import sweep


@sweep
def tell_schedule_changes() -> int:
    """Mails those who serve or instruct what has changed on their timetables."""
    return services.tell_schedule_changes()
