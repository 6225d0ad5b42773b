"""Reminders to those who teach, record, hear appeals and play."""

from assessments.reminders import due_reminders
from notifications.services import owe_reminders


def remind_assessors() -> int:
    """Owes every reminder about plays, sheets and appeals whose time it is; how many. Running it twice is once."""
    return owe_reminders(due_reminders())
