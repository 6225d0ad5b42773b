"""Published rotations with plays, made as rows: what recording and deciding start from."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from assessments.models import Assessment, RolePlay, Rotation, Round, Seat
from assessments.states import AssessmentStatus, Mode, PlayRole, RolePlayStatus, RotationStatus
from batches.models import Batch
from batches.states import BatchStatus
from core import clock
from participants.models import Registration
from tests.factories.batches import make_planner
from tests.factories.classes import examiners_of, facilitators_of, make_class, make_rubric, people_of

METHODS = ("OBS", "WAW")
UNITS = ("MAPA", "MA", "MKVA")


@transaction.atomic
def make_play(
    batch: Batch | None = None,
    mode: str = Mode.SUMMATIVE,
    *,
    asesor: Registration | None = None,
    asesi: Registration | str | None = None,
    assessor: User | None = None,
    observers: tuple[Registration, ...] = (),
    status: str = RolePlayStatus.SCHEDULED,
    methods: tuple[str, ...] = METHODS,
    **fields,
) -> RolePlay:
    """One play in a round of its own of the batch's published rotation of `mode`, which is made if there is none.

    Defaults: a class of six; the first person who has not played asesor yet, the next one as asesi (a str: somebody
    from outside), the first examiner in exams and the first facilitator in practice. Exams have an Assessment: the
    open attempt of the asesor, or a new one with all units. `fields` go to the RolePlay.
    """
    batch = batch or make_class(status=BatchStatus.RUNNING if mode == Mode.FORMATIVE else BatchStatus.EXAMINING)
    people = people_of(batch)
    played = Seat.objects.filter(role=PlayRole.ASESOR, round__rotation__batch=batch, round__rotation__mode=mode)
    done = set(played.values_list("registration_id", flat=True))
    asesor = asesor or next((one for one in people if one.pk not in done), people[0])
    if asesi is None:
        after = people.index(asesor) + 1 if asesor in people else 0
        ring = people[after:] + people
        asesi = next((one for one in ring if one != asesor and one not in observers), "Asesi Luar")
    if assessor is None:
        assessor = (facilitators_of(batch) if mode == Mode.FORMATIVE else examiners_of(batch))[0]
    now = clock.now()
    stamps = {
        RolePlayStatus.SCHEDULED: {},
        RolePlayStatus.RUNNING: {"started_at": now},
    }.get(status, {"started_at": now - timedelta(minutes=45), "ended_at": now})
    rotation = _rotation(batch, mode)
    number = (rotation.rounds.aggregate(last=Max("number"))["last"] or 0) + 1
    round_ = Round.objects.create(rotation=rotation, number=number, starts_at=now, minutes=45, **stamps)
    play = RolePlay.objects.create(
        round=round_, group=1, assessor=assessor, methods=list(methods), status=status,
        assessment=None if mode == Mode.FORMATIVE else _attempt(asesor), **fields,
    )  # fmt: skip
    _sit(play, PlayRole.ASESOR, asesor)
    _sit(play, PlayRole.ASESI, asesi)
    for observer in observers:
        _sit(play, PlayRole.PENGAMAT, observer)
    return play


def _rotation(batch: Batch, mode: str) -> Rotation:
    published = Rotation.objects.filter(batch=batch, mode=mode, status=RotationStatus.PUBLISHED)
    if mode != Mode.RETAKE and (found := published.first()):
        return found
    last = Rotation.objects.filter(batch=batch, mode=mode).aggregate(last=Max("version"))["last"] or 0
    return Rotation.objects.create(
        batch=batch, mode=mode, rubric=make_rubric(), version=last + 1, status=RotationStatus.PUBLISHED,
        settings={"group_size": 3, "minutes": 45, "methods": list(METHODS), "has_objection": False},
        published_at=clock.now(), published_by=make_planner(),
    )  # fmt: skip


def _attempt(registration: Registration) -> Assessment:
    attempts = Assessment.objects.filter(registration=registration)
    live = attempts.filter(status__in=[AssessmentStatus.OPEN, AssessmentStatus.RECOMMENDED]).first()
    last = attempts.aggregate(last=Max("attempt"))["last"] or 0
    return live or Assessment.objects.create(registration=registration, attempt=last + 1, units=list(UNITS))


def _sit(play: RolePlay, role: str, who: Registration | str) -> Seat:
    person = {"external_name": who} if isinstance(who, str) else {"registration": who}
    return Seat.objects.create(role_play=play, round=play.round, role=role, **person)
