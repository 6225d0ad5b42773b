"""Reads over rotations: whose plays, which round, who sits where."""

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from assessments.models import RolePlay, Rotation, Round, Seat
from assessments.rotation import Fairness, Group, fairness
from assessments.states import PlayRole, RolePlayStatus, RotationStatus
from batches.models import Batch
from participants.models import Registration
from participants.states import SEATED


def with_seats(plays: QuerySet[RolePlay]) -> QuerySet[RolePlay]:
    """With round, room, assessor and the people on the seats: three queries, however many."""
    seats = Seat.objects.select_related("registration__person__user").order_by("id")
    related = plays.select_related("round__rotation__batch", "round__session", "room", "assessor")
    return related.prefetch_related(Prefetch("seats", seats))


def plays_of(assessor: User) -> QuerySet[RolePlay]:
    """Published plays that this person records, in the order in which they are played; without cancelled ones."""
    mine = RolePlay.objects.published().filter(assessor=assessor).exclude(status=RolePlayStatus.CANCELLED)
    return with_seats(mine).order_by("round__starts_at", "group", "id")


def plays_of_registration(registration: Registration) -> QuerySet[RolePlay]:
    """Published plays in which this person sits, cancelled ones too, in the order in which they are played."""
    mine = RolePlay.objects.published().filter(seats__registration=registration)
    return with_seats(mine).order_by("round__starts_at", "group", "id")


def seat(play: RolePlay, role: str) -> Seat | None:
    """The seat of asesor or asesi; no query when the seats are prefetched."""
    return next((one for one in play.seats.all() if one.role == role), None)


def assessed_registration(play: RolePlay) -> Registration:
    """Who plays asesor, and is therefore assessed."""
    found = seat(play, PlayRole.ASESOR)
    if found is None:
        raise ValueError(f"play {play.pk} has no asesor")
    return found.registration


def seat_name(one: Seat | None) -> str:
    """Who sits there, as shown; an asesi from outside by the name that was typed."""
    if one is None:
        return ""
    return one.external_name or str(one.registration.person)


def seated(batch: Batch) -> QuerySet[Registration]:
    """The people of the class by name."""
    people = Registration.objects.filter(batch=batch, status__in=SEATED).select_related("person__user", "batch")
    return people.order_by("person__full_name", "id")


def seated_people(batch: Batch) -> list[Registration]:
    """The people of the class by name; one query."""
    return list(seated(batch))


def rotations_of(batch: Batch, mode: str) -> QuerySet[Rotation]:
    return Rotation.objects.filter(batch=batch, mode=mode).select_related("rubric")


def published_rotation(batch: Batch, mode: str) -> Rotation | None:
    return rotations_of(batch, mode).filter(status=RotationStatus.PUBLISHED).first()


def rounds_of(rotation: Rotation) -> list[Round]:
    """Rounds in order with `plays.all()` and their seats; four queries, however many."""
    plays = with_seats(RolePlay.objects.all()).order_by("group")
    rounds = rotation.rounds.select_related("session").prefetch_related(Prefetch("plays", plays)).order_by("number")
    return list(rounds)


def fairness_of(rounds: list[Round], people: list[Registration]) -> Fairness:
    """Turns per person of what is (still) to be played; an asesi from outside is nobody's turn. No queries."""
    plan = [[_group(play) for play in one.plays.all() if play.status != RolePlayStatus.CANCELLED] for one in rounds]
    return fairness(plan, [person.pk for person in people])


def _group(play: RolePlay) -> Group:
    by_role: dict[str, list[int | None]] = {role: [] for role in PlayRole}
    for one in play.seats.all():
        by_role[one.role].append(one.registration_id)
    asesi = by_role[PlayRole.ASESI]
    observers = tuple(pk for pk in by_role[PlayRole.PENGAMAT] if pk is not None)
    return Group(by_role[PlayRole.ASESOR][0] or 0, asesi[0] if asesi else None, observers)
