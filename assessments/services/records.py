"""The life of a record: begun, given up, corrected; and what the two sides decided about the asesi."""

from collections.abc import Collection

from accounts.models import User
from assessments.errors.records import (
    AlreadyRecording,
    AlreadySigned,
    DecidedMeanwhile,
    DecisionsCompared,
    ExamNotOpen,
    MethodUnknown,
    NotIndependent,
    NotStaffOfTheBatch,
    NotThePlaysAssessor,
    NotTheRecorder,
    NotYourDecision,
    PlayIsCancelled,
    PlayNotPublished,
    RecordingIsClosed,
    RecordReasonNeeded,
)
from assessments.models import Assessment, PlayDecision, Rating, Record, RolePlay
from assessments.policies.records import can_start_record
from assessments.records import rubric_of
from assessments.selectors.independence import obstacles, sentence
from assessments.selectors.plays import assessed_registration
from assessments.services.attempt_moves import lock_assessment, move_assessment
from assessments.services.results import recommend
from assessments.services.taps import demand_draft, lock_record
from assessments.states import RECORD, AssessmentStatus, Mode, RecordStatus, RolePlayStatus, RotationStatus
from batches.states import BatchStatus
from core import audit, clock
from core.patience import patient
from core.transitions import check_transition

S = RecordStatus
TRAINEE, SENIOR = "trainee", "senior"
RECORDED_IN = (BatchStatus.RUNNING, BatchStatus.EXAMINING)
RETAKEN_IN = (*RECORDED_IN, BatchStatus.COMPLETED)


@patient
def start_record(play: RolePlay, *, by: User) -> Record:
    """The recorder's draft on a play, new or as it was left. Starting declares that nothing keeps one from rating.

    The errors say which rule stands in the way: of the play, of the batch, of the recorder's independence in an exam,
    or that somebody else records it.
    """
    play = lock_play(play)
    _demand_recordable(play)
    live = Record.objects.live().filter(role_play=play).select_related("recorder").order_by("status").first()
    if live and live.status == S.DRAFT and live.recorder_id == by.pk:
        return live
    _demand_recorder(play, by)
    if live:
        raise AlreadySigned if live.status == S.SIGNED else AlreadyRecording(name=live.recorder)
    record = Record.objects.create(role_play=play, recorder=by, version=_next_version(play), impartial_at=clock.now())
    audit.record("record_started", record, by=by, subject_id=_subject(play))
    return record


@patient
def set_methods(record: Record, methods: Collection[str], has_objection: bool, *, by: User) -> Record:
    """Which methods the play used, and whether the asesi objects: what does not occur leaves the count. Draft only."""
    play = lock_play(record.role_play)
    record = lock_record(record)
    demand_draft(record, by)
    known = [method.code for method in rubric_of(play).methods]
    if set(methods) - set(known):
        raise MethodUnknown
    chosen = [code for code in known if code in methods]
    before = {"methods": play.methods, "has_objection": play.has_objection}
    play.methods, play.has_objection = chosen, has_objection
    play.save(update_fields=["methods", "has_objection"])
    changes = {name: (old, getattr(play, name)) for name, old in before.items()}
    if any(old != new for old, new in changes.values()):
        audit.record("record_methods_set", record, by=by, subject_id=_subject(play), changes=changes)
    return lock_record(record)


@patient
def void_record(record: Record, reason: str, *, by: User) -> Record:
    """DRAFT -> VOID with a reason; what was tapped stays on record. A correction given up leaves the signed version."""
    reason = _explained(reason)
    play = lock_play(record.role_play)
    if play.assessment:
        play.assessment = lock_assessment(play.assessment)
    record = lock_record(record)
    if record.recorder_id != by.pk:
        raise NotTheRecorder
    check_transition(RECORD, record.status, S.VOID)
    signed, record.replaces = record.replaces, None
    record.status, record.status_at = S.VOID, clock.now()
    record.save(update_fields=["status", "status_at", "replaces"])
    audit.record("record_voided", record, by=by, subject_id=_subject(play), reason=reason)
    if signed and play.assessment and play.assessment.status == AssessmentStatus.OPEN:
        recommend(play.assessment, signed, by=by)
    return record


@patient
def correct_record(record: Record, reason: str, *, by: User) -> Record:
    """A new draft version of a signed record with its ratings; the signed one stands until the new one is signed.

    In an exam only until the result is decided (DecidedMeanwhile); a recommendation made on it is taken back.
    """
    reason = _explained(reason)
    play = lock_play(record.role_play)
    if play.assessment:
        play.assessment = lock_assessment(play.assessment)
    record = lock_record(record)
    if record.recorder_id != by.pk:
        raise NotTheRecorder
    check_transition(RECORD, record.status, S.REPLACED)
    if Record.objects.filter(role_play=play, status=S.DRAFT).exists():
        raise AlreadyRecording(name=record.recorder)
    _take_recommendation_back(play.assessment, reason, by)
    version = Record.objects.create(
        role_play=play, recorder=by, version=_next_version(play), replaces=record, replace_reason=reason,
        impartial_at=record.impartial_at, summary=record.summary,
    )  # fmt: skip
    ratings = Rating.objects.filter(record=record).order_by("pk")
    Rating.objects.bulk_create(
        Rating(record=version, item=one.item, aspect=one.aspect, value=one.value, note=one.note) for one in ratings
    )
    audit.record("record_corrected", version, by=by, subject_id=_subject(play), reason=reason)
    return version


@patient
def save_play_decision(play: RolePlay, role: str, result: str, reason: str, *, by: User) -> PlayDecision:
    """K or BK of the asesi: `role` trainee by who plays asesor, senior by who records the play; each for oneself.

    May be changed until the other side's is in: then both see both (DecisionsCompared).
    """
    reason = _explained(reason)
    play = lock_play(play)
    if by.pk not in _deciders(play, role):
        raise NotYourDecision
    made = {one.role: one for one in PlayDecision.objects.filter(role_play=play)}
    if len(made) == 2:
        raise DecisionsCompared
    before = made.get(role)
    decision = before or PlayDecision(role_play=play, role=role)
    changes = {"result": (decision.result, result)}
    decision.result, decision.reason, decision.by, decision.made_at = result, reason, by, clock.now()
    decision.save()
    audit.record("play_decision_made", play, by=by, subject_id=_subject(play), changes=changes)
    return decision


# --- shared with signing


def lock_play(play: RolePlay) -> RolePlay:
    """The play as it is now with what says who may record it; held until the end of the transaction."""
    rows = RolePlay.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("round__rotation__rubric", "round__rotation__batch", "assessment", "assessor").get(
        pk=play.pk
    )


def demand_independence(play: RolePlay, by: User) -> None:
    """NotIndependent with the sentences of all rules that keep `by` from this person's exam."""
    found = obstacles(by, play.round.rotation.batch, assessed_registration(play))
    if found:
        raise NotIndependent(reasons=sentence(found))


def _demand_recordable(play: RolePlay) -> None:
    rotation, batch = play.round.rotation, play.round.rotation.batch
    if rotation.status != RotationStatus.PUBLISHED:
        raise PlayNotPublished
    if play.status == RolePlayStatus.CANCELLED:
        raise PlayIsCancelled
    if batch.status not in (RETAKEN_IN if rotation.mode == Mode.RETAKE else RECORDED_IN):
        raise RecordingIsClosed(status=batch.get_status_display())


def _demand_recorder(play: RolePlay, by: User) -> None:
    is_exam = Mode(play.round.rotation.mode).is_exam
    if not can_start_record(by, play):
        raise NotThePlaysAssessor(name=play.assessor or "–") if is_exam else NotStaffOfTheBatch
    if is_exam:
        if play.assessment is None or play.assessment.status != AssessmentStatus.OPEN:
            raise ExamNotOpen
        demand_independence(play, by)


def _take_recommendation_back(assessment: Assessment | None, reason: str, by: User) -> None:
    if assessment is None or assessment.status == AssessmentStatus.OPEN:
        return
    if assessment.status != AssessmentStatus.RECOMMENDED:
        raise DecidedMeanwhile
    move_assessment(assessment, AssessmentStatus.OPEN, act="recommendation_taken_back", by=by, reason=reason)


def _next_version(play: RolePlay) -> int:
    return 1 + max(Record.objects.filter(role_play=play).values_list("version", flat=True), default=0)


def _deciders(play: RolePlay, role: str) -> set[int]:
    if role == TRAINEE:
        return {_subject(play)}
    if role == SENIOR:
        return set(Record.objects.live().filter(role_play=play).values_list("recorder", flat=True))
    return set()


def _subject(play: RolePlay) -> int:
    """The user who is assessed, for the audit log."""
    return assessed_registration(play).person.user_id


def _explained(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise RecordReasonNeeded
    return reason
