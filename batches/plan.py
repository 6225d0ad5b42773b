"""What an admin decides about a batch, and what a plan must obey: told by the form, enforced by the services."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import User
from batches.errors import (
    MinimumAboveCapacity,
    NameTaken,
    PeriodTooShort,
    WindowAfterStart,
    WindowNotOrdered,
    ZoneOfVenueDiffers,
)
from batches.models import AgendaTemplate, Batch, Scheme, Venue
from core.clock import ZONES
from core.errors import DomainError


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

    @property
    def last_day_to_register(self) -> date:
        return self.registration_closes_at.astimezone(ZoneInfo(self.time_zone)).date()


def plan_problems(plan: BatchPlan, batch: Batch | None = None) -> list[DomainError]:
    """Every rule that the plan breaks, each with its sentence; `batch` is the one being changed."""
    names = Batch.objects.filter(name__iexact=plan.name).exclude(pk=batch.pk if batch else None)
    zone = plan.venue.time_zone if plan.venue else plan.time_zone
    last = plan.starts_on + timedelta(days=plan.agenda.days - 1)
    broken = [
        (names.exists(), NameTaken()),
        (plan.ends_on < last, PeriodTooShort(days=plan.agenda.days)),
        (zone != plan.time_zone, ZoneOfVenueDiffers(zone=ZONES.get(zone, zone))),
        (plan.registration_closes_at <= plan.registration_opens_at, WindowNotOrdered()),
        (plan.last_day_to_register > plan.starts_on, WindowAfterStart()),
        (plan.min_people > plan.capacity, MinimumAboveCapacity(capacity=plan.capacity)),
    ]
    return [error for is_broken, error in broken if is_broken]
