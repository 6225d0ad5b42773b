"""How registrations and batches end."""

from accounts.models import User
from batches.models import Batch
from participants.models import Registration


def withdraw_registration(registration: Registration, reason: str = "", *, by: User) -> Registration:
    """Any live state before the training starts -> WITHDRAWN; the seat goes to the first waiting person at once.

    Mails both; announces `registration_left` when a seat was held. TrainingStarted from the first day on.
    """
    raise NotImplementedError


def cancel_registration(registration: Registration, reason: str = "", *, by: User) -> Registration:
    """The LSP ends a live registration, with a reason (ReasonNeeded); the seat goes on as in withdraw."""
    raise NotImplementedError


def cancel_batch(batch: Batch, reason: str = "", *, by: User) -> Batch:
    """Cancels every live registration (mailed, nobody promoted), then the batch (batches.mark_cancelled)."""
    raise NotImplementedError


def complete_batch(batch: Batch, *, by: User) -> Batch:
    """CONFIRMED -> COMPLETED for all seated, the rest cancelled; then batches.mark_completed."""
    raise NotImplementedError


def purge_old_drafts() -> int:
    """Deletes drafts untouched for 30 days, with their answers and files; how many."""
    raise NotImplementedError
