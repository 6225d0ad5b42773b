"""How registrations and batches end."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from batches.models import Batch
from batches.services import give_seat_back, lock_batch, mark_cancelled, mark_completed
from core import audit, clock
from core.models import StoredFile
from core.patience import patient
from participants.errors import TrainingStarted
from participants.models import Registration, RegistrationQuerySet
from participants.services.moves import lock_registration, move, needed
from participants.services.seats import promote_waiting, seats_move
from participants.states import RegistrationStatus

S = RegistrationStatus
DRAFT_DAYS = 30


@patient
def withdraw_registration(registration: Registration, reason: str = "", *, by: User) -> Registration:
    """Any live state before the training starts -> WITHDRAWN; the seat goes to the first waiting person at once.

    Mails both; announces `registration_left` when a seat was held. TrainingStarted from the first day on.
    """
    return _leave(registration, S.WITHDRAWN, mail="registration_withdrawn", reason=reason.strip(), by=by)


@patient
def cancel_registration(registration: Registration, reason: str = "", *, by: User) -> Registration:
    """The LSP ends a live registration, with a reason (ReasonNeeded); the seat goes on as in withdraw."""
    return _leave(registration, S.CANCELLED, mail="registration_cancelled", reason=needed(reason), by=by)


@patient
def cancel_batch(batch: Batch, reason: str = "", *, by: User) -> Batch:
    """Cancels every live registration (mailed, nobody promoted), then the batch (batches.mark_cancelled)."""
    reason = needed(reason)
    batch = lock_batch(batch.pk)
    for registration in Registration.objects.live().filter(batch=batch).order_by("pk"):
        _end(registration, batch, S.CANCELLED, mail="registration_cancelled", reason=reason, by=by)
    return mark_cancelled(batch, reason, by=by)


@patient
def complete_batch(batch: Batch, *, by: User) -> Batch:
    """CONFIRMED -> COMPLETED for all seated; who is still under way is cancelled with a reason, both mailed; then
    batches.mark_completed, which refuses a batch that is not in its exam."""
    batch = lock_batch(batch.pk)
    too_late = _("Pelatihan angkatan ini sudah selesai.")
    for registration in Registration.objects.live().filter(batch=batch).order_by("pk"):
        registration = lock_registration(registration)
        if registration.status == S.CONFIRMED:
            move(registration, S.COMPLETED, by=by, mail="registration_completed")
        else:
            move(registration, S.CANCELLED, by=by, mail="registration_cancelled", reason=too_late, waitlist_key=None)
    return mark_completed(batch, by=by)


def purge_old_drafts() -> int:
    """Deletes what was never sent and untouched for 30 days, with answers and files; how many. Consents stay as proof.

    That is drafts, and drafts that were withdrawn or cancelled.
    """
    return sum(_purge(pk) for pk in _old_drafts().values_list("pk", flat=True))


def _old_drafts() -> RegistrationQuerySet:
    untouched = Registration.objects.filter(last_saved_at__lt=clock.now() - timedelta(days=DRAFT_DAYS))
    return untouched.filter(submitted_at=None).order_by("pk")


@transaction.atomic
def _purge(pk: int) -> int:
    free = _old_drafts().select_for_update(no_key=False, skip_locked=True, of=("self",)).select_related("person")
    registration = free.filter(pk=pk).first()
    if registration is None:
        return 0
    files = list(registration.documents.exclude(file=None).values_list("file", flat=True))
    audit.record("draft_purged", registration, by=None, subject_id=registration.person.user_id)
    registration.delete()
    StoredFile.objects.filter(pk__in=files).delete()  # the bytes go with the next sweep of orphans
    return 1


def _leave(registration: Registration, to: RegistrationStatus, *, mail: str, reason: str, by: User) -> Registration:
    batch = lock_batch(registration.batch_id)
    registration = _end(registration, batch, to, mail=mail, reason=reason, by=by, guard=True)
    promote_waiting(batch)
    return registration


def _end(
    registration: Registration, batch: Batch, to: RegistrationStatus, *, mail: str, reason: str, by: User,
    guard: bool = False,
) -> Registration:  # fmt: skip
    """Ends one registration of a locked batch and gives its seat back."""
    registration = lock_registration(registration)
    registration.batch = batch
    seated = registration.status == S.CONFIRMED
    if guard and seated and not seats_move(batch):
        raise TrainingStarted
    move(registration, to, by=by, mail=mail, reason=reason, waitlist_key=None)
    if seated:
        give_seat_back(batch.pk)
        batch.refresh_from_db(fields=["seats_held"])
    return registration
