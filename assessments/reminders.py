"""Who of the staff, and who plays, is to be reminded of what now: computed from the facts at each sweep."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from assessments.models import DutyEntry, Record, RolePlay, Seat
from assessments.selectors.own_plays import OVER
from assessments.states import AppealStatus, Mode, RecordStatus, RolePlayStatus
from batches.models import Booking, Session
from batches.reminders import sessions_of_tomorrow
from batches.states import BatchStatus
from core import clock
from notifications.reminders import Reminder, Zones, begins_on, day_of, per_zone, waking_zones

APPEAL_WORKING_DAYS = 3  # before the answer that was promised to the participant
RECORD_DAYS = 2  # from the day after a play: an outage of the first day is caught up on the second
STARTS_AT, ZONE = "round__starts_at", "round__rotation__batch__time_zone"


def due_reminders() -> Iterator[Reminder]:
    """All reminders of this app whose time it is."""
    zones = waking_zones()
    if zones:
        yield from duties_tomorrow(zones)
        yield from plays_tomorrow(zones)
        yield from records_unsigned(zones)
        yield from appeals_due(zones)


def duties_tomorrow(zones: Zones) -> Iterator[Reminder]:
    """Who teaches or records tomorrow: one mail per person and day, over all batches."""
    taught = Booking.objects.filter(person__isnull=False, session__in=sessions_of_tomorrow(zones).order_by())
    recorded = _tomorrow(zones).filter(assessor__isnull=False)
    found = {*taught.values_list("person", "session__batch__time_zone"), *recorded.values_list("assessor", ZONE)}
    days = {(person, zones[zone] + timedelta(days=1)) for person, zone in found}
    for user, on in _active(days):
        yield Reminder("duties_tomorrow", user, {"user_id": user.pk, "on": on.isoformat()})


def plays_tomorrow(zones: Zones) -> Iterator[Reminder]:
    """Participants of single exam plays, which belong to no session of the timetable."""
    single = _tomorrow(zones).filter(round__rotation__mode=Mode.RETAKE)
    seats = Seat.objects.filter(role_play__in=single.order_by(), registration__person__user__is_active=True)
    rows = seats.select_related("registration__person__user", "role_play__round__rotation__batch").order_by("pk")
    for seat in rows:
        on = day_of(seat.role_play.round.starts_at, seat.role_play.round.rotation.batch.time_zone)
        ids = {"play_id": seat.role_play_id, "registration_id": seat.registration_id, "on": on.isoformat()}
        yield Reminder("exam_play_tomorrow", seat.registration.person.user, ids)


def records_unsigned(zones: Zones) -> Iterator[Reminder]:
    """Assessors whose sheets of a day are not signed on the day after: one mail per person and day of plays."""
    days = range(1, RECORD_DAYS + 1)
    past = Q(pk__in=[])
    for ago in days:
        past |= per_zone(
            ZONE, zones, lambda zone, today, ago=ago: begins_on(STARTS_AT, zone, today - timedelta(days=ago))
        )
    rows = unsigned_plays().filter(past, assessor__isnull=False).values_list("assessor", STARTS_AT, ZONE)
    for user, on in _active({(person, day_of(starts_at, zone)) for person, starts_at, zone in rows.order_by()}):
        yield Reminder("records_unsigned", user, {"user_id": user.pk, "on": on.isoformat()})


def appeals_due(zones: Zones) -> Iterator[Reminder]:
    """Panels whose appeal must be answered in a few working days; who was appointed today is not reminded today."""
    batch = "appeal__decision__assessment__registration__batch"
    near = per_zone(f"{batch}__time_zone", zones, _answer_is_near)
    rows = DutyEntry.objects.filter(near, appeal__status=AppealStatus.UNDER_REVIEW, user__is_active=True)
    for duty in rows.select_related("user", batch).order_by("pk"):
        zone = duty.appeal.decision.assessment.registration.batch.time_zone
        if day_of(duty.since, zone) < zones[zone]:
            ids = {"appeal_id": duty.appeal_id, "user_id": duty.user_id}
            yield Reminder("appeal_due", duty.user, ids | {"due_on": duty.appeal.answer_due_on.isoformat()})


def unsigned_plays() -> QuerySet[RolePlay]:
    """Plays whose sheet can still be signed and is not: as listed under the assessor's open tasks."""
    records = Record.objects.filter(role_play=OuterRef("pk"))
    begun = Q(status__in=[RolePlayStatus.RUNNING, RolePlayStatus.FINISHED])
    begun |= Q(Exists(records.filter(status=RecordStatus.DRAFT)))
    rows = RolePlay.objects.published().exclude(status=RolePlayStatus.CANCELLED).filter(begun)
    rows = rows.exclude(Exists(records.filter(status=RecordStatus.SIGNED)))
    return rows.filter(~Q(round__rotation__batch__status__in=OVER) | Q(round__rotation__mode=Mode.RETAKE))


def own_sessions(user: User) -> QuerySet[Session]:
    return Session.objects.filter(bookings__person=user)


def plays_to_come() -> QuerySet[RolePlay]:
    """Not begun; those of a cancelled batch keep their state and do not take place."""
    rows = RolePlay.objects.published().filter(status=RolePlayStatus.SCHEDULED)
    return rows.exclude(round__rotation__batch__status=BatchStatus.CANCELLED)


def _tomorrow(zones: Zones) -> QuerySet[RolePlay]:
    tomorrow = per_zone(ZONE, zones, lambda zone, today: begins_on(STARTS_AT, zone, today + timedelta(days=1)))
    return plays_to_come().filter(tomorrow).order_by()


def _answer_is_near(_zone: str, today: date) -> Q:
    """From so many working days before the last day until it; further back there was nothing to remind of."""
    return Q(
        appeal__answer_due_on__gte=today, appeal__answer_due_on__lte=clock.add_working_days(today, APPEAL_WORKING_DAYS)
    )


def _active(days: set[tuple[int, date]]) -> Iterator[tuple[User, date]]:
    """The people who can still sign in, with their days; one query."""
    users = User.objects.filter(is_active=True).in_bulk({person for person, _on in days})
    return ((users[person], on) for person, on in sorted(days) if person in users)
