"""Who is to be reminded of what now, in registrations: computed from the facts at each sweep.

An offer of a seat that ends by itself would be one more function here. There is none: a free seat belongs to the
first who waits at once.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from accounts.models import Lsp, User
from accounts.roles import Role
from batches.reminders import sessions_of_tomorrow
from batches.states import SEATS_MOVE, BatchStatus
from core import clock
from notifications.reminders import Reminder, Zones, begins_on, day_of, per_zone, waking_zones
from participants.models import Registration
from participants.states import FOR_REVIEW, RegistrationStatus

S = RegistrationStatus
CORRECTIONS_DAYS = 2  # before the last day; the last day itself reminds once more
DRAFT_DAYS = 3  # before the registration closes
REVIEW_WORKING_DAYS = 1  # before the day that was promised to the participant
SOON, LAST = "soon", "last"


def due_reminders() -> Iterator[Reminder]:
    """All reminders of this app whose time it is; each has a whole day or more, so that a day's outage loses few."""
    zones = waking_zones()
    if zones:
        yield from corrections_due(zones)
        yield from drafts_closing(zones)
        yield from sessions_tomorrow(zones)
    yield from reviews_due(zones)


def corrections_due(zones: Zones) -> Iterator[Reminder]:
    """Returned registrations whose last day is near, and once more on it. Who was told today is not reminded today."""
    last = timedelta(days=CORRECTIONS_DAYS)
    near = per_zone("batch__time_zone", zones, lambda _zone, today: Q(return_due_on__range=(today, today + last)))
    for one in _active().filter(near, status=S.RETURNED, batch__status__in=SEATS_MOVE):
        today = zones[one.batch.time_zone]
        if day_of(one.status_at, one.batch.time_zone) < today and waits_for_corrections(one):
            ids = {"registration_id": one.pk, "due_on": one.return_due_on.isoformat()}
            yield Reminder("corrections_due", one.person.user, ids | {"stage": stage_of(one.return_due_on, today)})


def drafts_closing(zones: Zones) -> Iterator[Reminder]:
    """Drafts of batches whose registration closes in a few days, from the day after they were begun."""
    near = per_zone("batch__time_zone", zones, _closes_soon)
    now = clock.now()
    rows = _active().filter(near, status=S.DRAFT, batch__status=BatchStatus.OPEN, batch__registration_closes_at__gt=now)
    for one in rows:
        zone = one.batch.time_zone
        if day_of(one.created_at, zone) < zones[zone] and one.batch.accepts_registrations():
            closes_on = day_of(one.batch.registration_closes_at, zone).isoformat()
            ids = {"registration_id": one.pk, "batch_id": one.batch_id, "closes_on": closes_on}
            yield Reminder("draft_closing", one.person.user, ids)


def sessions_tomorrow(zones: Zones) -> Iterator[Reminder]:
    """Confirmed people of batches that meet tomorrow: one mail per person and day, whatever the day holds."""
    batches = sessions_of_tomorrow(zones).order_by().values("batch")
    for one in _active().filter(status=S.CONFIRMED, batch__in=batches):
        on = zones[one.batch.time_zone] + timedelta(days=1)
        ids = {"registration_id": one.pk, "on": on.isoformat()}
        yield Reminder("sessions_tomorrow", one.person.user, ids)


def reviews_due(zones: Zones) -> Iterator[Reminder]:
    """The admins, when what participants were promised for the next working day has not been decided.

    The desk's day is that of the LSP's own zone: its admins look after batches in all zones.
    """
    today = zones.get(Lsp.current().time_zone)
    if today is None:
        return
    due_on = clock.add_working_days(today, REVIEW_WORKING_DAYS)
    if undecided(due_on).exists():
        for admin in User.objects.with_role(Role.ADMIN).order_by("pk"):
            yield Reminder("reviews_due", admin, {"user_id": admin.pk, "due_on": due_on.isoformat()})


def undecided(due_on: date) -> QuerySet[Registration]:
    """Sent registrations that wait for the desk and were promised an answer by this day."""
    return Registration.objects.filter(status__in=FOR_REVIEW, review_due_on=due_on)


def waits_for_corrections(registration: Registration) -> bool:
    """What was returned can still be mended and sent again."""
    batch = registration.batch
    return registration.status == S.RETURNED and batch.status in SEATS_MOVE and not batch.has_started()


def stage_of(due_on: date, today: date) -> str:
    """Of the two reminders of a deadline the one whose time it is."""
    return LAST if due_on == today else SOON


def _closes_soon(zone: str, today: date) -> Q:
    found = Q(pk__in=[])
    for days in range(DRAFT_DAYS + 1):
        found |= begins_on("batch__registration_closes_at", zone, today + timedelta(days=days))
    return found


def _active() -> QuerySet[Registration]:
    rows = Registration.objects.filter(person__user__is_active=True)
    return rows.select_related("person__user", "batch").order_by("pk")
