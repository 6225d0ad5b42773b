"""Letting the held mails about a batch's decisions go, together, or discarding them."""

from collections.abc import Collection
from uuid import UUID

from accounts.models import User
from batches.models import Batch
from batches.services import lock_batch
from core import audit
from core.patience import patient
from notifications.selectors.held import held_in
from notifications.services import Released, discard_group, release_group
from participants.models import Registration
from participants.selectors.decision_mails import decision_group


@patient
def release_decisions(batch: Batch, *, seen: str, by: User) -> Released:
    """Queues the batch's held mails whose decision still stands, and cancels the others.

    `seen` is the mark of the comparison that `by` has read. NothingHeld; GroupChanged when it has changed: a decision
    under way is waited for, so what is released is what holds.
    """
    batch = lock_batch(batch.pk)
    group = decision_group(batch)
    _lock_people(group)
    released = release_group(group, seen=seen, by=by)
    changes = {"mails_released": (0, released.queued), "mails_ended": (0, released.ended)}
    audit.record("decision_mails_released", batch, by=by, changes=changes, label=batch.name)
    return released


@patient
def discard_decision_mails(batch: Batch, codes: Collection[UUID], *, by: User) -> int:
    """Takes back those of the batch's held mails that `codes` names; how many. The decisions stand. NothingHeld."""
    batch = lock_batch(batch.pk)
    discarded = discard_group(decision_group(batch), codes=codes, by=by)
    for email in discarded:
        audit.record(
            "decision_mail_discarded", email, by=by, subject_id=email.recipient_id, changes={"kind": ("", email.kind)}
        )  # fmt: skip
    return len(discarded)


def _lock_people(group: str) -> None:
    """A decision about one of them that is under way ends first."""
    people = [params["registration_id"] for params in held_in(group).values_list("params", flat=True)]
    list(Registration.objects.filter(pk__in=people).order_by("pk").select_for_update(no_key=True).values_list("pk"))
