"""Owing reminders: each once, whoever computes them and however often."""

import logging
from collections.abc import Iterable

from notifications.models import Email
from notifications.reminders import Reminder
from notifications.services.owing import queue_email

AT_ONCE = 300  # of one sweep, which stays far below the limit of a task; the next sweep, minutes later, goes on

logger = logging.getLogger(__name__)


def owe_reminders(found: Iterable[Reminder]) -> int:
    """Owes those that were never owed, each in a transaction of its own; how many. Two sweeps at once owe one each.

    One whose mail cannot be written is logged and tried at the next sweep, and keeps nobody else waiting.
    """
    wanted = {one.key: one for one in found}
    owed = set(Email.objects.filter(once_key__in=wanted).values_list("once_key", flat=True))
    new = [one for key, one in wanted.items() if key not in owed]
    return sum(_owe(one) for one in new[:AT_ONCE])


def _owe(one: Reminder) -> int:
    try:
        return queue_email(one.kind, to=one.to, once=one.key, **one.ids) is not None
    except Exception:  # whatever a renderer may raise: others must still be reminded
        logger.exception("A reminder was not owed: %s", one.key)
        return 0
