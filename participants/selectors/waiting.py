"""The waiting list as a person sees it, and how long giving a seat back is fair to the next one."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from batches.models import Batch
from core import clock
from participants.models import Registration
from participants.states import RegistrationStatus

FAIR_WORKING_DAYS = 5  # before the start: time for the next person to travel


def waiting_position(registration: Registration) -> int | None:
    """1 for the first; None when not waiting. One query, or none after `place_waiting`."""
    if registration.status != RegistrationStatus.WAITLISTED:
        return None
    if hasattr(registration, "waiting_place"):
        return registration.waiting_place
    key = registration.waitlist_key
    ahead = Q(waitlist_key__lt=key) | Q(waitlist_key=key, pk__lt=registration.pk)
    return Registration.objects.waiting().filter(ahead, batch=registration.batch_id).count() + 1


def place_waiting(registrations: Iterable[Registration]) -> None:
    """Notes on each of those who wait its place in the list of its batch; one query."""
    waiting = [one for one in registrations if one.status == RegistrationStatus.WAITLISTED]
    lists: dict[int, list[int]] = defaultdict(list)
    if waiting:
        everybody = Registration.objects.waiting().filter(batch__in={one.batch_id for one in waiting})
        for batch, pk in everybody.values_list("batch", "pk"):
            lists[batch].append(pk)
    for one in waiting:
        if one.pk in lists[one.batch_id]:
            one.waiting_place = lists[one.batch_id].index(one.pk) + 1


def withdraw_fairly_until(batch: Batch) -> date:
    """The last day on which a seat given back still helps the next person; never in the past."""
    return max(clock.add_working_days(batch.starts_on, -FAIR_WORKING_DAYS), clock.today(batch.time_zone))
