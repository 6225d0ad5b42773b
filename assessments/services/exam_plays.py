"""A single exam play outside the class's plan: a retake, or for somebody whose play fell through or who came late."""

from collections.abc import Collection
from datetime import datetime

from accounts.models import User
from assessments import emails
from assessments.errors.plays import (
    AlreadyAssessed,
    AsesiNotOfClass,
    AttemptNotOpen,
    ExamNotNow,
    ExternalNameNeeded,
    NotAdmittedToExam,
    ObstaclesRemain,
    PlayAlreadyPlanned,
)
from assessments.models import Assessment, RolePlay, Rotation, Round, Seat
from assessments.rubric import read
from assessments.selectors.exam_list import exam_list
from assessments.selectors.independence import obstacles, sentence
from assessments.services.publishing import EXAMINED_IN, latest_attempt, open_attempt
from assessments.services.rotation_plans import check_methods, next_version, rubric_of
from assessments.states import AssessmentStatus, Mode, PlayRole, RecordStatus, RolePlayStatus, RotationStatus
from batches.models import Batch, Room
from batches.services import lock_batch
from batches.states import BatchStatus
from core import audit, clock
from core.patience import patient
from core.templatetags.ui import moment
from participants.models import Registration
from participants.states import SEATED

RETAKEN_IN = (*EXAMINED_IN, BatchStatus.COMPLETED)


@patient
def plan_retake(
    assessment: Assessment, *, assessor: User, asesi: Registration | None, external_name: str = "",
    starts_at: datetime, minutes: int, room: Room | None, methods: Collection[str], by: User,
) -> RolePlay:  # fmt: skip
    """One exam play for an open attempt: a rotation RETAKE with one round and one play, published at once.

    `asesi` is another person of the class, or None with the name of somebody from outside. AttemptNotOpen,
    PlayAlreadyPlanned while another play of the attempt is to be played or recorded, ObstaclesRemain, methods as in
    `make_rotation`. A batch that has ended still takes it: an appeal may come after. Mails who plays and the assessor.
    """
    batch = lock_batch(assessment.registration.batch_id)
    if batch.status not in RETAKEN_IN:
        raise ExamNotNow(status=batch.get_status_display())
    assessment = Assessment.objects.select_for_update(no_key=True).get(pk=assessment.pk)
    if assessment.status != AssessmentStatus.OPEN:
        raise AttemptNotOpen(status=assessment.get_status_display())
    person = Registration.objects.select_related("person__user", "batch").get(pk=assessment.registration_id)
    _check_no_other_play(assessment, person)
    seat = _asesi_seat(person, asesi, external_name)
    if found := obstacles(assessor, batch, person):
        raise ObstaclesRemain(detail=sentence(found))
    rotation = _rotation(batch, minutes, methods, by=by)
    round_ = Round.objects.create(rotation=rotation, number=1, starts_at=starts_at, minutes=minutes)
    play = RolePlay.objects.create(
        round=round_, group=1, room=room, assessor=assessor, assessment=assessment, methods=list(methods)
    )
    Seat.objects.create(role_play=play, round=round_, role=PlayRole.ASESOR, registration=person)
    Seat.objects.create(role_play=play, round=round_, role=PlayRole.ASESI, **seat)
    audit.record(
        "exam_play_planned", play, by=by, subject_id=person.person.user_id,
        changes={"attempt": ("", assessment.attempt), "assessor": ("", str(assessor)), "starts_at": ("", starts_at)},
    )  # fmt: skip
    emails.tell_planned(play)
    return play


@patient
def plan_late_exam(registration: Registration, **play) -> RolePlay:
    """As `plan_retake`, for somebody whom the exam's plan left out: opens the first attempt if there is none.

    AlreadyAssessed with a result, NotAdmittedToExam while attendance is short.
    """
    batch = lock_batch(registration.batch_id)
    attempt = latest_attempt(registration)
    if attempt and attempt.status != AssessmentStatus.OPEN:
        raise AlreadyAssessed(name=registration.person)
    if why := exam_list(batch).why_not(registration):
        raise NotAdmittedToExam(name=registration.person, detail=why)
    units = [unit.code for unit in read(rubric_of(batch).content).units]
    return plan_retake(attempt or open_attempt(registration, units), **play)


def _rotation(batch: Batch, minutes: int, methods: Collection[str], *, by: User) -> Rotation:
    rubric = rubric_of(batch)
    check_methods(read(rubric.content), methods, is_exam=True)
    settings = {"group_size": 2, "minutes": minutes, "methods": list(methods), "has_objection": False}
    return Rotation.objects.create(
        batch=batch, mode=Mode.RETAKE, rubric=rubric, version=next_version(batch, Mode.RETAKE), settings=settings,
        status=RotationStatus.PUBLISHED, published_at=clock.now(), published_by=by,
    )  # fmt: skip


def _check_no_other_play(assessment: Assessment, person: Registration) -> None:
    plays = assessment.plays.published().exclude(status=RolePlayStatus.CANCELLED).select_related("round")
    for play in plays:
        waits = play.status != RolePlayStatus.FINISHED
        if waits or play.records.filter(status__in=[RecordStatus.DRAFT, RecordStatus.SIGNED]).exists():
            when = moment(play.round.starts_at, person.batch.time_zone)
            raise PlayAlreadyPlanned(name=person.person, when=when)


def _asesi_seat(person: Registration, asesi: Registration | None, external_name: str) -> dict:
    if asesi is None:
        if not external_name.strip():
            raise ExternalNameNeeded
        return {"external_name": external_name.strip()}
    if asesi.pk == person.pk or asesi.batch_id != person.batch_id or asesi.status not in SEATED:
        raise AsesiNotOfClass
    return {"registration": asesi}
