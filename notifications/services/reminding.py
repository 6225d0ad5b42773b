"""Owing reminders: each once, whoever computes them and however often."""

import logging
from collections.abc import Collection, Iterable

from notifications.models import Email
from notifications.reading import read_safely
from notifications.reminders import Reminder
from notifications.services.owing import queue_email
from notifications.states import EmailStatus

AT_ONCE = 300  # of one sweep, which stays far below the limit of a task; the next sweep, minutes later, goes on

logger = logging.getLogger(__name__)


def owe_reminders(found: Iterable[Reminder]) -> int:
    """Owes those that were never owed, each in a transaction of its own; how many. Two sweeps at once owe one each.

    One whose mail cannot be written is logged and tried at the next sweep, and keeps nobody else waiting.
    """
    wanted = {one.key: one for one in found}
    _let_return(wanted)
    owed = set(Email.objects.filter(once_key__in=wanted).values_list("once_key", flat=True))
    new = [one for key, one in wanted.items() if key not in owed]
    return sum(_owe(one) for one in new[:AT_ONCE])


def _let_return(keys: Collection[str]) -> None:
    """Frees the keys of mails that ended unsent for want of their cause, where it is back: a day moved away and back.

    What a hand took back stays taken back.
    """
    ended = Email.objects.filter(
        once_key__in=keys, status=EmailStatus.CANCELLED, events__status=EmailStatus.CANCELLED, events__by=None
    )
    returned = [email.pk for email in ended if read_safely(email)[0]]
    if returned:
        Email.objects.filter(pk__in=returned).update(once_key=None)


def _owe(one: Reminder) -> int:
    try:
        return queue_email(one.kind, to=one.to, once=one.key, **one.ids) is not None
    except Exception:  # whatever a renderer may raise: others must still be reminded
        logger.exception("A reminder was not owed: %s", one.key)
        return 0
