"""Reminders to participants and to the desk."""

from notifications.services import owe_reminders
from participants.reminders import due_reminders


def remind_participants() -> int:
    """Owes every reminder about registrations whose time it is; how many. Running it twice is once."""
    return owe_reminders(due_reminders())
