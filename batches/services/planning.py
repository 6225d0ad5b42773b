"""Planning a batch: creating it from a scheme and an agenda, and changing it before it starts."""

from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from batches.errors import BatchNotEditable, NameTaken, SchemeIsFixed
from batches.models import Batch
from batches.plan import BatchPlan, plan_problems
from batches.services.seats import change_capacity, lock_batch
from batches.services.staffing import set_staff
from batches.services.timetable import change_place, shift_sessions
from batches.services.venues import save_venue
from batches.states import EDITABLE, SCHEME_FREE
from core import audit, clock
from core.errors import ChangedMeanwhile
from core.patience import patient

PLAIN_FIELDS = ("name", "scheme", "agenda", "venue", "time_zone", "starts_on", "ends_on", "registration_opens_at",
                "registration_closes_at", "min_people")  # fmt: skip


@patient
def create_batch(plan: BatchPlan, *, new_venue: dict[str, Any] | None = None, by: User) -> Batch:
    """A draft with its staff, at a venue that may be new too. Nobody is told yet.

    Errors of batches.plan, of save_venue and of assign_person.
    """
    if new_venue:
        plan = replace(plan, venue=save_venue(None, new_venue, by=by))
    _refuse_problems(plan)
    values = {name: getattr(plan, name) for name in PLAIN_FIELDS}
    batch = Batch(**values, capacity=plan.capacity, status_by=by, status_at=clock.now(), created_at=clock.now())
    _save(batch)
    audit.record("batch_created", batch, by=by, changes={"name": ("", batch.name)})
    set_staff(batch, facilitators=plan.facilitators, examiners=plan.examiners, by=by)
    return batch


@patient
def update_batch(batch: Batch, plan: BatchPlan, *, version: int, by: User) -> Batch:
    """Changes a batch that has not started; its sessions follow dates and place, its staff is set_staff's.

    ChangedMeanwhile if it was saved since the form was opened at `version`; SchemeIsFixed once people may have applied
    by the rules; CapacityBelowSeats; ScheduleClash on the new days; errors of batches.plan.
    """
    batch = lock_batch(batch.pk)
    if batch.status not in EDITABLE:
        raise BatchNotEditable
    if batch.version != version:
        raise ChangedMeanwhile
    if batch.status not in SCHEME_FREE and (batch.scheme != plan.scheme or batch.agenda != plan.agenda):
        raise SchemeIsFixed
    _refuse_problems(plan, batch)
    changes = {name: (getattr(batch, name), getattr(plan, name)) for name in PLAIN_FIELDS}
    was = {name: getattr(batch, name) for name in ("starts_on", "ends_on", "time_zone")}
    for name, (_before, after) in changes.items():
        setattr(batch, name, after)
    batch.version += 1
    _save(batch, update_fields=[*PLAIN_FIELDS, "version"])
    audit.record("batch_changed", batch, by=by, changes=changes)
    shift_sessions(batch, **was, by=by)
    if changes["venue"][0] != batch.venue:
        change_place(batch)
    return change_capacity(batch, plan.capacity, by=by)


def _refuse_problems(plan: BatchPlan, batch: Batch | None = None) -> None:
    for problem in plan_problems(plan, batch):
        raise problem


def _save(batch: Batch, **options: Any) -> None:
    """Two admins may choose one name at the same moment: the database decides."""
    try:
        with transaction.atomic():
            batch.save(**options)
    except IntegrityError as error:
        if "name" in getattr(getattr(error.__cause__, "diag", None), "constraint_name", ""):
            raise NameTaken from error
        raise
