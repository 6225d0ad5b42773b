"""Celery's entry to the sweeps."""

from core.sweeps import sweep
from participants import services


@sweep
def purge_old_drafts() -> int:
    """Deletes drafts that nobody touched for 30 days."""
    return services.purge_old_drafts()


@sweep
def sweep_seats() -> int:
    """Seats waiting people wherever a seat is free."""
    return services.sweep_seats()


@sweep
def tell_schedule_changes() -> int:
    """Mails confirmed people what has changed on their timetable."""
    return services.tell_schedule_changes()


@sweep
def remind() -> int:
    """Owes the reminders about registrations and sessions whose time it is."""
    return services.remind_participants()
