"""Seats: confirm, wait, promote. Always the batch's lock first, then the registration's."""

from accounts.models import User
from batches.models import Batch
from core.models import Job
from participants.models import Registration


def confirm_registration(registration: Registration, *, by: User | None) -> Registration:
    """ELIGIBLE (or WAITLISTED) -> CONFIRMED with a seat; batch full: WAITLISTED, in order of verification.

    Mails and, when seated, announces `registration_confirmed`. A waiting one stays as it is while the batch is full.
    """
    raise NotImplementedError


def confirm_all_eligible(batch: Batch, *, by: User) -> Job:
    """Queues a Job that confirms the eligible ones in order of verification. NobodyEligible when there are none."""
    raise NotImplementedError


def promote_waiting(batch: Batch) -> list[Registration]:
    """Seats the first waiting people while seats are free; the caller holds the batch's lock. Mails each."""
    raise NotImplementedError


def sweep_seats() -> int:
    """Promotes wherever seats are free and people wait (a capacity was raised, an event was lost); how many."""
    raise NotImplementedError
