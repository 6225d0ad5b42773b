"""Makes a rotation and takes it into use."""

from collections.abc import Collection, Sequence

from django.db.models import Max

from accounts.models import User
from assessments import rotation as planner
from assessments import timing
from assessments.errors.plays import (
    ExamNotNow,
    MethodsNotCovered,
    NobodyForExam,
    NoExaminer,
    NoSessions,
    RotationNotNow,
    RubricMissing,
    TooFewPeople,
)
from assessments.errors.records import MethodUnknown
from assessments.models import RolePlay, Rotation, Round, Rubric, Seat
from assessments.rubric import RubricView, read
from assessments.selectors.exam_list import exam_list
from assessments.selectors.independence import independence_of
from assessments.selectors.plays import seated_people
from assessments.states import Mode, PlayRole, RolePlayStatus, RotationStatus
from batches.models import Assignment, Batch, Room, Session, SessionKind
from batches.services import lock_batch
from batches.states import BatchStatus
from core import audit, clock
from core.patience import patient
from participants.models import Registration

PLANNED_IN = (BatchStatus.CLOSED, BatchStatus.RUNNING, BatchStatus.EXAMINING)
KINDS = {Mode.FORMATIVE: SessionKind.ROLE_PLAY, Mode.SUMMATIVE: SessionKind.EXAM}


@patient
def make_rotation(
    batch: Batch, *, mode: str, minutes: int, by: User, seed: int = 0, group_size: int = 3,
    methods: Collection[str] = (), has_objection: bool = False,
) -> Rotation:  # fmt: skip
    """A draft of rounds for practice or exam, on the batch's sessions; an older draft of the mode goes.

    Pins the rubric in force. Practice takes everybody who sits; the exam whom `exam_list` admits, with as many plays
    at a time as there are examiners. Rounds may reach beyond their sessions: `timing.warnings` says so. Refuses with
    what is missing: people, examiners, sessions, methods, rubric.
    """
    mode = Mode(mode)
    batch = lock_batch(batch.pk)
    if batch.status not in PLANNED_IN:
        raise RotationNotNow(status=batch.get_status_display())
    rubric = rubric_of(batch)
    check_methods(read(rubric.content), methods, is_exam=mode.is_exam)
    people = _people(batch, mode)
    plan = _plan(batch, mode, people, group_size=group_size, seed=seed)
    sessions = _sessions(batch, mode)
    Rotation.objects.filter(batch=batch, mode=mode, status=RotationStatus.DRAFT).delete()
    rotation = Rotation.objects.create(
        batch=batch, mode=mode, rubric=rubric, version=next_version(batch, mode), seed=seed, settings={
            "group_size": group_size, "minutes": minutes, "methods": list(methods), "has_objection": has_objection,
        },
    )  # fmt: skip
    _write(rotation, plan, timing.spread(sessions, len(plan), minutes))
    audit.record("rotation_made", rotation, by=by, changes={"mode": ("", mode.value), "rounds": (0, len(plan))})
    return rotation


def rubric_of(batch: Batch) -> Rubric:
    """The rubric in force of the batch's scheme. RubricMissing."""
    code = batch.scheme.rubric_code
    rubric = Rubric.objects.in_force().filter(code=code).first()
    if rubric is None:
        raise RubricMissing(code=code)
    return rubric


def check_methods(rubric: RubricView, methods: Collection[str], *, is_exam: bool) -> None:
    """MethodUnknown for codes that the rubric does not have; MethodsNotCovered if an exam uses too few."""
    known = {one.code: one for one in rubric.methods}
    if set(methods) - set(known):
        raise MethodUnknown
    direct = any(known[code].is_direct for code in methods)
    if is_exam and (len(set(methods)) < rubric.min_methods or (rubric.require_direct_method and not direct)):
        raise MethodsNotCovered(count=rubric.min_methods)


def next_version(batch: Batch, mode: str) -> int:
    """Versions count per batch and mode; the batch is locked."""
    last = Rotation.objects.filter(batch=batch, mode=mode).aggregate(last=Max("version"))["last"]
    return (last or 0) + 1


def _people(batch: Batch, mode: Mode) -> list[Registration]:
    if mode.is_exam:
        if batch.status == BatchStatus.CLOSED:
            raise ExamNotNow(status=batch.get_status_display())
        admitted = exam_list(batch).admitted
        if not admitted:
            raise NobodyForExam
        return admitted
    people = seated_people(batch)
    if len(people) < planner.MIN_PEOPLE:
        raise TooFewPeople(count=len(people))
    return people


def _plan(batch: Batch, mode: Mode, people: Sequence[Registration], *, group_size: int, seed: int) -> planner.Plan:
    ids, met = [person.pk for person in people], _pairs_met(batch, mode)
    if not mode.is_exam:
        return planner.plan_practice(ids, group_size=group_size, seed=seed, met=met)
    examiners = independence_of(batch).staff(Assignment.Function.EXAMINER)
    if not examiners:
        raise NoExaminer
    return planner.plan_exam(ids, parallel=len(examiners), seed=seed, met=met)


def _pairs_met(batch: Batch, mode: Mode) -> set[planner.Pair]:
    """Pairs of the other published rotations of the batch: who practised together does not meet in the exam."""
    used = Rotation.objects.filter(batch=batch, status=RotationStatus.PUBLISHED).exclude(mode=mode)
    seats = Seat.objects.filter(round__rotation__in=used, registration__isnull=False)
    seats = seats.exclude(role_play__status=RolePlayStatus.CANCELLED).values_list("role_play", "role", "registration")
    roles: dict[int, dict[str, int]] = {}
    for play, role, registration in seats:
        roles.setdefault(play, {})[role] = registration
    both = {PlayRole.ASESOR.value, PlayRole.ASESI.value}
    return {(one[PlayRole.ASESOR], one[PlayRole.ASESI]) for one in roles.values() if both <= one.keys()}


def _sessions(batch: Batch, mode: Mode) -> list[Session]:
    """Live sessions of the kind that are not over yet; all of them when none is left."""
    kind = KINDS[mode]
    sessions = list(Session.objects.live().filter(batch=batch, kind=kind).order_by("period", "order"))
    if not sessions:
        raise NoSessions(kind=kind.label)
    now = clock.now()
    return [one for one in sessions if one.ends_at > now] or sessions


def _write(rotation: Rotation, plan: planner.Plan, slots: list[timing.Slot]) -> None:
    settings = rotation.settings
    rounds = Round.objects.bulk_create(
        Round(rotation=rotation, number=number, session=slot.session, starts_at=slot.starts_at,
              minutes=settings["minutes"])
        for number, slot in enumerate(slots, start=1)
    )  # fmt: skip
    rooms = list(Room.objects.filter(venue=rotation.batch.venue_id).order_by("name")) if rotation.batch.venue_id else []
    pairs = [
        (one, place, group) for one, groups in zip(rounds, plan, strict=True) for place, group in enumerate(groups)
    ]
    plays = RolePlay.objects.bulk_create(
        RolePlay(round=one, group=place + 1, room=rooms[place % len(rooms)] if rooms else None,
                 methods=settings["methods"], has_objection=settings["has_objection"])
        for one, place, _group in pairs
    )  # fmt: skip
    Seat.objects.bulk_create(
        Seat(role_play=play, round=one, role=role, registration_id=person)
        for play, (one, _place, group) in zip(plays, pairs, strict=True)
        for role, person in _roles(group)
    )


def _roles(group: planner.Group) -> list[tuple[PlayRole, int]]:
    seats = [(PlayRole.ASESOR, group.asesor)]
    if group.asesi is not None:
        seats.append((PlayRole.ASESI, group.asesi))
    return seats + [(PlayRole.PENGAMAT, one) for one in group.observers]
