"""Separation of duties toward one participant: the database's constraint decides, the sentence explains."""

from accounts.models import User
from assessments.errors.results import OtherDuty, OwnResult, TrainsTheClass
from assessments.models import Appeal, DutyEntry
from assessments.selectors.independence import lessons_of
from assessments.states import Duty
from batches.models import Assignment
from participants.models import Registration


def take_duty(registration: Registration, user: User, duty: Duty, *, appeal: Appeal | None = None) -> DutyEntry:
    """Writes that `user` does `duty` for this person, once. OtherDuty when a different one is on record.

    Part of the caller's transaction. Two that come at once meet at the unique constraint: one of them is refused.
    """
    entry, _is_new = DutyEntry.objects.get_or_create(
        registration=registration, user=user, defaults={"duty": duty, "appeal": appeal}
    )
    if (entry.duty, entry.appeal_id) != (duty, appeal and appeal.pk):
        raise OtherDuty(name=user, duty=Duty(entry.duty).label)
    return entry


def demand_not_own(registration: Registration, user: User) -> None:
    """OwnResult when the person is oneself: staff who are participants leave their own case to others."""
    if registration.person.user_id == user.pk:
        raise OwnResult


def demand_distance(registration: Registration, user: User) -> None:
    """OwnResult or TrainsTheClass when the person is oneself, or sat in a class that one has trained."""
    demand_not_own(registration, user)
    trains = Assignment.objects.filter(
        batch=registration.batch_id, person=user, function=Assignment.Function.FACILITATOR
    )
    if trains.exists() or lessons_of(registration.batch).filter(person=user).exists():
        raise TrainsTheClass(name=user)
