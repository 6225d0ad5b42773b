"""Seats: confirm, wait, promote. Always the batch's lock first, then the registration's."""

from datetime import UTC, datetime, timedelta

from accounts.models import User
from batches.models import Batch
from batches.services import lock_batch, take_seat
from batches.states import SEATS_MOVE
from core import clock, jobs
from core.models import Job
from core.patience import patient
from core.transitions import check_transition
from participants.errors import NobodyEligible, TrainingStarted
from participants.models import Registration
from participants.services.moves import lock_registration, move
from participants.states import TRANSITIONS, RegistrationStatus

S = RegistrationStatus
CONFIRM_JOB = "confirm_registrations"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@patient
def confirm_registration(registration: Registration, *, by: User | None) -> Registration:
    """ELIGIBLE (or WAITLISTED) -> CONFIRMED with a seat; batch full: WAITLISTED, in order of verification.

    Mails and, when seated, announces `registration_confirmed`. A waiting one stays as it is while the batch is full;
    people who wait already are seated first. TrainingStarted once seats no longer move.
    """
    batch = lock_batch(registration.batch_id)
    registration = _lock_in(batch, registration)
    if registration.status == S.WAITLISTED and batch.is_full:
        return registration
    check_transition(TRANSITIONS, registration.status, S.CONFIRMED)
    if not seats_move(batch):
        raise TrainingStarted
    if promote_waiting(batch):
        registration = _lock_in(batch, registration)
    if registration.status == S.CONFIRMED:
        return registration  # was among those who waited
    if _seat(registration, batch, mail="registration_confirmed", by=by) or registration.status == S.WAITLISTED:
        return registration
    key = waitlist_key(registration)
    move(registration, S.WAITLISTED, by=by, mail="registration_waitlisted", waitlist_key=key)
    return registration


@patient
def confirm_all_eligible(batch: Batch, *, by: User, return_to: str = "") -> Job:
    """Queues a Job that confirms the eligible ones in order of verification; its page links back to `return_to`.

    NobodyEligible when there are none.
    """
    eligible = Registration.objects.filter(batch=batch, status=S.ELIGIBLE).order_by("verified_at", "id")
    rows = [(one.code, f"{one.number} {one.person.display_name}") for one in eligible.select_related("person")]
    if not rows:
        raise NobodyEligible
    return jobs.queue_job(
        CONFIRM_JOB, by=by, rows=rows, params={"batch": batch.code}, about=batch.name, return_to=return_to
    )


def promote_waiting(batch: Batch) -> list[Registration]:
    """Seats the first waiting people while seats are free; the caller holds the batch's lock. Mails each."""
    promoted: list[Registration] = []
    while not batch.is_full and seats_move(batch):
        first = Registration.objects.waiting().filter(batch=batch).first()
        if first is None:
            break
        first = _lock_in(batch, first)
        if not _seat(first, batch, mail="registration_promoted", by=None):
            break
        promoted.append(first)
    return promoted


def sweep_seats() -> int:
    """Promotes wherever seats are free and people wait (a capacity was raised, an event was lost); how many."""
    waiting = Registration.objects.filter(status=S.WAITLISTED, batch__status__in=SEATS_MOVE).order_by()
    batches = Batch.objects.filter(pk__in=waiting.values("batch"))
    return sum(len(fill_free_seats(batch)) for batch in batches.order_by("pk") if not batch.is_full)


@patient
def fill_free_seats(batch: Batch) -> list[Registration]:
    """Promotes what the batch has room for now."""
    return promote_waiting(lock_batch(batch.pk))


def seats_move(batch: Batch) -> bool:
    """Seats are taken and freed while the batch is open or closed, before its first day."""
    return batch.status in SEATS_MOVE and not batch.has_started()


def waitlist_key(registration: Registration) -> int:
    """The order of the list: microseconds of the verification."""
    return ((registration.verified_at or clock.now()) - EPOCH) // timedelta(microseconds=1)


def _lock_in(batch: Batch, registration: Registration) -> Registration:
    registration = lock_registration(registration)
    registration.batch = batch  # one object: its count of seats stays true in this transaction
    return registration


def _seat(registration: Registration, batch: Batch, *, mail: str, by: User | None) -> bool:
    if not take_seat(batch.pk):
        return False
    batch.refresh_from_db(fields=["seats_held"])
    move(
        registration, S.CONFIRMED, by=by, mail=mail, confirmed_at=clock.now(), confirmed_by=by, waitlist_key=None,
        told_schedule_version=batch.schedule_version,  # what changed on the timetable before is no news to this person
    )  # fmt: skip
    return True
