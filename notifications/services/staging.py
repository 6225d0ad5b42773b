"""Held groups: mails that are compared, and then released together or discarded."""

from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from django.db import models, transaction

from core import clock
from core.events import announce
from core.transitions import check_transition
from notifications.errors import GroupChanged, NothingHeld
from notifications.models import Email
from notifications.reasons import Reason
from notifications.selectors.held import Fate, compare_group, held_in
from notifications.services.ledger import note
from notifications.signals import email_queued
from notifications.states import TRANSITIONS, EmailStatus


class Released(NamedTuple):
    """How many mails went into the queue, and how many ended because their cause was gone."""

    queued: int
    ended: int


@transaction.atomic
def release_group(group: str, *, seen: str, by: models.Model | None) -> Released:
    """HELD -> QUEUED for the group's mails whose cause stands, announced each; -> CANCELLED for the others.

    `seen` is the mark of the comparison that the releasing person had before the eyes. The caller holds the locks of
    what the mails are about, and records the act. NothingHeld; GroupChanged: nothing is released then.
    """
    _lock(group)
    found = compare_group(group)
    if not found.mails:
        raise NothingHeld
    if seen != found.mark:
        raise GroupChanged
    going = [mail.email for mail in found.going]
    _move(going, EmailStatus.QUEUED, by=by)
    for fate in (Fate.GONE, Fate.SUPERSEDED):
        _move(
            [mail.email for mail in found.ending if mail.fate == fate],
            EmailStatus.CANCELLED,
            reason=Reason(fate).stored(),
            by=by,
        )
    for email in going:
        announce(email_queued, sender=Email, email_id=email.pk)
    return Released(len(going), len(found.ending))


@transaction.atomic
def discard_group(group: str, *, codes: Collection[UUID], by: models.Model | None) -> list[Email]:
    """HELD -> CANCELLED for those of the group's mails that `codes` names; the caller records the act. NothingHeld."""
    chosen = [email for email in _lock(group) if email.code in codes]
    if not chosen:
        raise NothingHeld
    _move(chosen, EmailStatus.CANCELLED, reason=Reason("discarded").stored(), by=by)
    return chosen


def _lock(group: str) -> list[Email]:
    """Who releases at the same time waits here, and then finds nothing left."""
    return list(held_in(group).select_for_update(no_key=True))


def _move(emails: Iterable[Email], status: EmailStatus, *, reason: str = "", by: models.Model | None) -> None:
    for email in emails:
        check_transition(TRANSITIONS, email.status, status)
    ids = [email.pk for email in emails]
    values = {"not_before": clock.now()} if status == EmailStatus.QUEUED else {}
    Email.objects.filter(pk__in=ids).update(status=status, held_text="", **values)
    note(ids, status, reason=reason, by=by)
