"""Takes a rotation into use: who records, and for exams the attempts that its plays belong to."""

from collections import Counter

from django.utils.translation import gettext as _

from accounts.models import User
from assessments.errors.plays import (
    AlreadyAssessed,
    AsesiMissing,
    ExamNotNow,
    NoAssessorFree,
    NotAdmittedToExam,
    PeopleHaveLeft,
    RotationInUse,
    RotationNotNow,
)
from assessments.models import Assessment, PlayDecision, Record, RolePlay, Rotation, Round
from assessments.rubric import read
from assessments.selectors.exam_list import exam_list
from assessments.selectors.independence import Independence, independence_of, sentence
from assessments.selectors.plays import assessed_registration, published_rotation, rounds_of, seat
from assessments.services.rotation_plans import PLANNED_IN
from assessments.states import ROTATION, AssessmentStatus, Mode, PlayRole, RecordStatus, RolePlayStatus, RotationStatus
from batches.models import Assignment
from batches.services import lock_batch
from batches.states import BatchStatus
from core import audit, clock
from core.errors import ChangedMeanwhile
from core.patience import patient
from core.transitions import check_transition
from participants.models import Registration
from participants.states import SEATED

EXAMINED_IN = (BatchStatus.RUNNING, BatchStatus.EXAMINING)
F = Assignment.Function


@patient
def publish_rotation(rotation: Rotation, *, by: User) -> Rotation:
    """DRAFT -> PUBLISHED; the published one of the mode becomes REPLACED, unless it was recorded (RotationInUse).

    Plays without an assessor get one in turn: of practice a facilitator, of the exam an examiner without obstacles
    (NoAssessorFree). An exam needs a class under way (ExamNotNow), an asesi for each (AsesiMissing) and people who
    pass the gate (NotAdmittedToExam); it opens their first attempt with all units and links it.
    """
    batch = lock_batch(rotation.batch_id)
    drafts = Rotation.objects.select_for_update(no_key=True, of=("self",)).select_related("rubric")
    rotation = drafts.filter(pk=rotation.pk).first()
    if rotation is None:  # somebody has drawn another draft in its place
        raise ChangedMeanwhile
    rotation.batch = batch
    check_transition(ROTATION, rotation.status, RotationStatus.PUBLISHED)
    _check_time(rotation)
    rounds = rounds_of(rotation)
    _check_people(rounds)
    older = _replace(rotation, by=by)
    independence = independence_of(batch)
    if Mode(rotation.mode).is_exam:
        _open_attempts(rotation, rounds)
        _assign_examiners(rounds, independence)
    else:
        _assign_facilitators(rounds, independence)
    rotation.status, rotation.published_at, rotation.published_by = RotationStatus.PUBLISHED, clock.now(), by
    rotation.save(update_fields=["status", "published_at", "published_by"])
    replaced = older.version if older else ""
    audit.record(
        "rotation_published", rotation, by=by,
        changes={"status": (RotationStatus.DRAFT.value, rotation.status.value), "replaces": ("", replaced)},
    )  # fmt: skip
    return rotation


def why_in_use(rotation: Rotation) -> str:
    """What keeps a published rotation from being replaced; "" if nothing."""
    if running := rotation.rounds.filter(started_at__isnull=False, ended_at=None).first():
        return _("putaran %(number)s sedang berlangsung") % {"number": running.number}
    records = Record.objects.filter(role_play__round__rotation=rotation).exclude(status=RecordStatus.VOID)
    if count := records.count():
        return _("%(count)s permainan sudah direkam") % {"count": count}
    if count := PlayDecision.objects.filter(role_play__round__rotation=rotation).count():
        return _("%(count)s keputusan pemeran asesor sudah tersimpan") % {"count": count}
    return ""


def _check_time(rotation: Rotation) -> None:
    batch = rotation.batch
    if Mode(rotation.mode).is_exam and batch.status not in EXAMINED_IN:
        raise ExamNotNow(status=batch.get_status_display())
    if batch.status not in PLANNED_IN:
        raise RotationNotNow(status=batch.get_status_display())


def _check_people(rounds: list[Round]) -> None:
    people = {
        one.registration_id: one.registration for round_ in rounds for play in round_.plays.all()
        for one in play.seats.all() if one.registration_id
    }  # fmt: skip
    if gone := [str(one.person) for one in people.values() if one.status not in SEATED]:
        raise PeopleHaveLeft(names=", ".join(sorted(gone)))


def _replace(rotation: Rotation, *, by: User) -> Rotation | None:
    older = published_rotation(rotation.batch, rotation.mode)
    if older is None:
        return None
    older = Rotation.objects.select_for_update(no_key=True).get(pk=older.pk)
    check_transition(ROTATION, older.status, RotationStatus.REPLACED)
    if detail := why_in_use(older):
        raise RotationInUse(detail=detail)
    older.status = RotationStatus.REPLACED
    older.save(update_fields=["status"])
    audit.record("rotation_replaced", older, by=by, changes={"status": ("published", older.status.value)})
    return older


def _taking_place(one: Round) -> list[RolePlay]:
    """The plays of a round without those that were cancelled while it was a draft."""
    return [play for play in one.plays.all() if play.status != RolePlayStatus.CANCELLED]


# --- exam


def _open_attempts(rotation: Rotation, rounds: list[Round]) -> None:
    admitted = exam_list(rotation.batch)
    units = [unit.code for unit in read(rotation.rubric.content).units]
    for play in (play for one in rounds for play in _taking_place(one)):
        person = assessed_registration(play)
        attempt = latest_attempt(person)
        if attempt and attempt.status != AssessmentStatus.OPEN:
            raise AlreadyAssessed(name=person.person)
        if why := admitted.why_not(person):
            raise NotAdmittedToExam(name=person.person, detail=why)
        if seat(play, PlayRole.ASESI) is None:
            raise AsesiMissing(name=person.person)
        play.assessment = attempt or open_attempt(person, units)
        play.save(update_fields=["assessment"])


def latest_attempt(registration: Registration) -> Assessment | None:
    """The latest attempt that is not void; one query."""
    return registration.exam_attempts.live().order_by("-attempt").first()


def open_attempt(registration: Registration, units: list[str]) -> Assessment:
    """The next attempt, open, with these units; the batch is locked."""
    last = registration.exam_attempts.order_by("-attempt").values_list("attempt", flat=True).first()
    return Assessment.objects.create(registration=registration, attempt=(last or 0) + 1, units=units)


def _assign_examiners(rounds: list[Round], independence: Independence) -> None:
    """Round by round, whoever has examined least so far; nobody records two plays of a round."""
    examiners = independence.staff(F.EXAMINER)
    load: Counter[int] = Counter()
    for one in rounds:
        plays = _taking_place(one)
        chosen = _match([play for play in plays if play.assessor_id is None], plays, examiners, load, independence)
        for play, examiner in chosen:
            play.assessor = examiner
            play.save(update_fields=["assessor"])
        load.update(play.assessor_id for play in plays)


def _match(
    open_plays: list[RolePlay], plays: list[RolePlay], examiners: list[User], load: Counter[int],
    independence: Independence,
) -> list[tuple[RolePlay, User]]:  # fmt: skip
    """An examiner for each open play, tried in order of load until all have one. NoAssessorFree otherwise."""
    taken = {play.assessor_id for play in plays}
    order = sorted((one for one in examiners if one.pk not in taken), key=lambda one: load[one.pk])
    may = {
        play.pk: [one for one in order if not independence.obstacles(one, assessed_registration(play))]
        for play in open_plays
    }
    found = _distinct([(play, may[play.pk]) for play in open_plays], frozenset())
    if found is None:
        stuck = min(open_plays, key=lambda play: len(may[play.pk]))
        raise _nobody_free(stuck, examiners, independence)
    return found


def _distinct(wanted: list[tuple[RolePlay, list[User]]], used: frozenset[int]) -> list[tuple[RolePlay, User]] | None:
    """One different person for each, by trying; a round has a handful of plays."""
    if not wanted:
        return []
    (play, candidates), *others = wanted
    for one in candidates:
        if one.pk not in used and (rest := _distinct(others, used | {one.pk})) is not None:
            return [(play, one), *rest]
    return None


def _nobody_free(play: RolePlay, examiners: list[User], independence: Independence) -> NoAssessorFree:
    person = assessed_registration(play)
    reasons = [sentence(independence.obstacles(one, person)) for one in examiners]
    busy = _("Semua penguji lain sudah merekam pada putaran ini. Pilih penguji secara manual atau tambah penguji.")
    detail = " ".join(text for text in reasons if text) or busy
    return NoAssessorFree(name=person.person, number=play.round.number, detail=detail)


# --- practice


def _assign_facilitators(rounds: list[Round], independence: Independence) -> None:
    """In turn; a facilitator may look after several groups of a round. Without facilitators nobody is assigned."""
    facilitators = independence.staff(F.FACILITATOR)
    if not facilitators:
        return
    free = (play for one in rounds for play in _taking_place(one) if play.assessor_id is None)
    for turn, play in enumerate(free):
        play.assessor = facilitators[turn % len(facilitators)]
        play.save(update_fields=["assessor"])
