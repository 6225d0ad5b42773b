"""Planning a batch: creating it from a scheme and an agenda, and changing it before it starts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from batches.errors import BatchNotEditable, SchemeIsFixed
from batches.models import AgendaTemplate, Batch, Scheme, Venue
from batches.services.seats import change_capacity, lock_batch
from batches.services.staffing import set_staff
from batches.states import EDITABLE, BatchStatus
from core import audit, clock
from core.errors import ChangedMeanwhile

FREE_SCHEME = (BatchStatus.DRAFT, BatchStatus.SUBMITTED_TO_BNSP, BatchStatus.APPROVED)
PLAIN_FIELDS = ("name", "scheme", "agenda", "venue", "time_zone", "starts_on", "ends_on", "registration_opens_at",
                "registration_closes_at", "min_people")  # fmt: skip


@dataclass(frozen=True)
class BatchPlan:
    """What an admin decides about a batch. Moments are aware; days are local to `time_zone`."""

    name: str
    scheme: Scheme
    agenda: AgendaTemplate
    time_zone: str
    starts_on: date
    ends_on: date
    registration_opens_at: datetime
    registration_closes_at: datetime
    capacity: int
    min_people: int
    venue: Venue | None = None
    facilitators: Sequence[User] = field(default=())
    examiners: Sequence[User] = field(default=())


@transaction.atomic
def create_batch(plan: BatchPlan, *, by: User) -> Batch:
    """A draft with its staff. Nobody is told yet."""
    values = {name: getattr(plan, name) for name in PLAIN_FIELDS}
    batch = Batch.objects.create(
        **values, capacity=plan.capacity, status_by=by, status_at=clock.now(), created_at=clock.now()
    )
    audit.record("batch_created", batch, by=by, changes={"name": ("", batch.name)})
    set_staff(batch, facilitators=plan.facilitators, examiners=plan.examiners, by=by)
    return batch


@transaction.atomic
def update_batch(batch: Batch, plan: BatchPlan, *, version: int, by: User) -> Batch:
    """Changes a batch that has not started.

    ChangedMeanwhile if it was saved since the form was opened at `version`; SchemeIsFixed once people may have applied
    by the rules; CapacityBelowSeats; errors of the staff as in assign_person.
    """
    batch = lock_batch(batch.pk)
    if batch.status not in EDITABLE:
        raise BatchNotEditable
    if batch.version != version:
        raise ChangedMeanwhile
    if batch.status not in FREE_SCHEME and (batch.scheme != plan.scheme or batch.agenda != plan.agenda):
        raise SchemeIsFixed
    changes = {name: (getattr(batch, name), getattr(plan, name)) for name in PLAIN_FIELDS}
    for name, (_before, after) in changes.items():
        setattr(batch, name, after)
    batch.version += 1
    batch.save(update_fields=[*PLAIN_FIELDS, "version"])
    audit.record("batch_changed", batch, by=by, changes=changes)
    change_capacity(batch, plan.capacity, by=by)
    set_staff(batch, facilitators=plan.facilitators, examiners=plan.examiners, by=by)
    return batch
