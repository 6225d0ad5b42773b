"""Moves of a batch from draft to archive."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from accounts.models import User
from batches import readiness
from batches.errors import BatchNotReady, ReasonNeeded
from batches.models import Batch, RuleSet
from batches.services.seats import lock_batch
from batches.services.timetable import cancel_sessions, make_sessions
from batches.states import TRANSITIONS, BatchStatus
from core import audit, clock
from core.errors import TransitionNotAllowed
from core.patience import patient
from core.transitions import check_transition

S = BatchStatus


@patient
def submit_to_bnsp(batch: Batch, *, number: str, on: date, by: User) -> Batch:
    """DRAFT -> SUBMITTED_TO_BNSP with the letter's number and day."""
    return _move(batch, S.SUBMITTED_TO_BNSP, by=by, application_number=number, application_on=on)


@patient
def back_to_draft(batch: Batch, *, by: User) -> Batch:
    """SUBMITTED_TO_BNSP -> DRAFT; the letter's number stays for reference."""
    return _move(batch, S.DRAFT, by=by)


@patient
def record_bnsp_approval(batch: Batch, *, number: str, on: date, by: User) -> Batch:
    """SUBMITTED_TO_BNSP -> APPROVED with the approval's number and day."""
    return _move(batch, S.APPROVED, by=by, approval_number=number, approval_on=on)


@patient
def open_batch(batch: Batch, *, by: User) -> Batch:
    """DRAFT (where no approval is used) or APPROVED -> OPEN, with the rules in force pinned and its sessions made.

    BatchNotReady says why.
    """
    batch = _lock_in(batch, S.DRAFT, S.SUBMITTED_TO_BNSP, S.APPROVED)
    check_transition(TRANSITIONS, batch.status, S.OPEN)
    _demand(readiness.to_open(batch))
    batch = _move(batch, S.OPEN, by=by, rule_set=RuleSet.objects.in_force().get(code=batch.scheme.code))
    make_sessions(batch, by=by)
    return batch


@patient
def close_registration(batch: Batch, *, by: User | None) -> Batch:
    """OPEN -> CLOSED; review and seats go on."""
    return _move(batch, S.CLOSED, by=by)


@patient
def reopen_registration(batch: Batch, *, by: User) -> Batch:
    """CLOSED -> OPEN while the window lasts. BatchNotReady otherwise."""
    batch = _lock_in(batch, S.CLOSED)
    _demand(readiness.to_reopen(batch))
    return _move(batch, S.OPEN, by=by)


@patient
def start_batch(batch: Batch, *, by: User) -> Batch:
    """CLOSED -> RUNNING from the first day on, with staff and sessions. BatchNotReady names what blocks."""
    batch = _lock_in(batch, S.CLOSED)
    _demand(readiness.to_start(batch))
    return _move(batch, S.RUNNING, by=by)


@patient
def start_examination(batch: Batch, *, by: User) -> Batch:
    """RUNNING -> EXAMINING. BatchNotReady without facilitators or an examiner."""
    batch = _lock_in(batch, S.RUNNING)
    _demand(readiness.to_examine(batch))
    return _move(batch, S.EXAMINING, by=by)


@patient
def archive_batch(batch: Batch, *, by: User) -> Batch:
    """COMPLETED -> ARCHIVED: read-only from now on."""
    return _move(batch, S.ARCHIVED, by=by)


@patient
def mark_completed(batch: Batch, *, by: User) -> Batch:
    """EXAMINING -> COMPLETED. Called by participants.services.complete_batch, which completes the people first."""
    return _move(batch, S.COMPLETED, by=by)


@patient
def mark_cancelled(batch: Batch, reason: str, *, by: User) -> Batch:
    """Any state before the examination -> CANCELLED, with the sessions ahead. Called by
    participants.services.cancel_batch. ReasonNeeded."""
    if not reason.strip():
        raise ReasonNeeded
    stamps = {"cancelled_at": clock.now(), "cancelled_by": by}
    batch = _move(batch, S.CANCELLED, by=by, reason=reason, cancel_reason=reason, **stamps)
    cancel_sessions(batch, reason, by=by)
    return batch


def _lock_in(batch: Batch, *expected: BatchStatus) -> Batch:
    """The locked batch in one of these states. TransitionNotAllowed otherwise: two acts may lead to one state."""
    batch = lock_batch(batch.pk)
    if batch.status not in expected:
        raise TransitionNotAllowed(current=S(batch.status).label)
    return batch


def _demand(requirements: Iterable[readiness.Requirement]) -> None:
    blocking = [one for one in requirements if one.state == "blocked"]
    if blocking:
        raise BatchNotReady(detail=" ".join(f"{one.label}: {one.detail}" for one in blocking))


def _move(batch: Batch, target: BatchStatus, *, by: User | None, reason: str = "", **values: Any) -> Batch:
    """Lock, check, write, record: the one writer of a batch's status. TransitionNotAllowed."""
    batch = lock_batch(batch.pk)
    check_transition(TRANSITIONS, batch.status, target)
    changes = {"status": (batch.status, target.value)}
    changes |= {name: (getattr(batch, name), value) for name, value in values.items() if not name.endswith("_by")}
    batch.status, batch.status_at, batch.status_by = target, clock.now(), by
    for name, value in values.items():
        setattr(batch, name, value)
    batch.save(update_fields=["status", "status_at", "status_by", *values])
    audit.record(f"batch_{target.value}", batch, by=by, changes=changes, reason=reason)
    return batch
