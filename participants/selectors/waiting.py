"""The waiting list as a person sees it, and how long giving a seat back is fair to the next one."""

from datetime import date

from django.db.models import Q

from batches.models import Batch
from core import clock
from participants.models import Registration
from participants.states import RegistrationStatus

FAIR_WORKING_DAYS = 5  # before the start: time for the next person to travel


def waiting_position(registration: Registration) -> int | None:
    """1 for the first; None when not waiting. One query."""
    if registration.status != RegistrationStatus.WAITLISTED:
        return None
    key = registration.waitlist_key
    ahead = Q(waitlist_key__lt=key) | Q(waitlist_key=key, pk__lt=registration.pk)
    return Registration.objects.waiting().filter(ahead, batch=registration.batch_id).count() + 1


def withdraw_fairly_until(batch: Batch) -> date:
    """The last day on which a seat given back still helps the next person; never in the past."""
    return max(clock.add_working_days(batch.starts_on, -FAIR_WORKING_DAYS), clock.today(batch.time_zone))
