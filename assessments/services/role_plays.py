"""One play of a rotation: who records it, where, with which asesi, or that it does not take place."""

from django.utils.translation import gettext as _

from accounts.models import User
from assessments import emails
from assessments.errors.plays import (
    AssessorBusy,
    AssessorDoesNotServe,
    CancelReasonNeeded,
    ExternalNameNeeded,
    ObstaclesRemain,
    PlayIsOver,
    PlayIsRecorded,
)
from assessments.models import Record, RolePlay, Rotation, Seat
from assessments.selectors.independence import independence_of, sentence
from assessments.selectors.plays import assessed_registration, seat_name
from assessments.states import ROLE_PLAY, Mode, PlayRole, RecordStatus, RolePlayStatus, RotationStatus
from batches.models import Assignment, Room
from batches.services import lock_batch
from core import audit, clock
from core.errors import ChangedMeanwhile
from core.patience import patient
from core.transitions import check_transition

CHANGEABLE = (RolePlayStatus.SCHEDULED, RolePlayStatus.RUNNING)
F = Assignment.Function


@patient
def assign_assessor(play: RolePlay, assessor: User, by: User) -> RolePlay:
    """This senior assessor records the play. Practice: anybody who serves the batch (AssessorDoesNotServe).

    Exam: nobody whom `obstacles` blocks (ObstaclesRemain with their text), nobody twice in a round (AssessorBusy).
    PlayIsRecorded once somebody else has begun a record. Mails who takes over a single exam play that is to come.
    """
    play = _lock(play)
    if play.assessor_id == assessor.pk:
        return play
    _check_not_recorded(play)
    independence = independence_of(play.round.rotation.batch)
    if Mode(play.round.rotation.mode).is_exam:
        if found := independence.obstacles(assessor, assessed_registration(play)):
            raise ObstaclesRemain(detail=sentence(found))
        _check_free(play, assessor)
    elif not independence.serves(assessor, F.FACILITATOR, F.EXAMINER):
        raise AssessorDoesNotServe(name=assessor)
    before, play.assessor = play.assessor, assessor
    play.save(update_fields=["assessor"])
    _record("play_assessor_assigned", play, by=by, assessor=(str(before or ""), str(assessor)))
    if play.round.rotation.mode == Mode.RETAKE and play.round.starts_at > clock.now():
        emails.tell_assigned(play)
    return play


@patient
def set_external_asesi(play: RolePlay, name: str, by: User) -> RolePlay:
    """Somebody from outside plays asesi, known by name only. PlayIsRecorded once a record has begun."""
    play = _lock(play)
    name = name.strip()
    if not name:
        raise ExternalNameNeeded
    _check_not_recorded(play, what=_("asesi"))
    seat, _made = Seat.objects.get_or_create(
        role_play=play, role=PlayRole.ASESI, defaults={"round": play.round, "external_name": name}
    )
    before = "" if _made else seat_name(seat)
    seat.registration, seat.external_name = None, name
    seat.save(update_fields=["registration", "external_name"])
    _record("play_asesi_set", play, by=by, asesi=(before, name))
    return play


@patient
def set_play_room(play: RolePlay, room: Room | None, *, by: User) -> RolePlay:
    """Where the play takes place; None is open."""
    play = _lock(play)
    if play.room == room:
        return play
    before, play.room = play.room, room
    play.save(update_fields=["room"])
    _record("play_room_set", play, by=by, room=(str(before or ""), str(room or "")))
    return play


@patient
def arrange_play(
    play: RolePlay, *, assessor: User | None, room: Room | None, external_name: str = "", by: User
) -> RolePlay:
    """What the desk sets on one form, all or nothing: the errors are those of the single acts. None assigns nobody new.

    An empty `external_name` leaves the asesi as it is.
    """
    if assessor:
        play = assign_assessor(play, assessor, by=by)
    play = set_play_room(play, room, by=by)
    present = Seat.objects.filter(role_play=play, role=PlayRole.ASESI).values_list("external_name", flat=True).first()
    if external_name.strip() and external_name.strip() != present:
        play = set_external_asesi(play, external_name, by=by)
    return play


@patient
def cancel_play(play: RolePlay, reason: str, *, by: User) -> RolePlay:
    """SCHEDULED or RUNNING -> CANCELLED with a reason; a record that was begun is void. CancelReasonNeeded.

    PlayIsRecorded once a record is signed. An attempt of the exam stays open: `plan_retake` gives it another play.
    Of a published play that was still to come, everybody concerned is mailed.
    """
    play = _lock(play)
    reason = reason.strip()
    if not reason:
        raise CancelReasonNeeded
    check_transition(ROLE_PLAY, play.status, RolePlayStatus.CANCELLED)
    before = play.status
    for record in Record.objects.select_for_update(no_key=True).live().filter(role_play=play):
        if record.status == RecordStatus.SIGNED:
            raise _recorded(record, _("hasilnya"))
        record.status, record.status_at = RecordStatus.VOID, clock.now()
        record.save(update_fields=["status", "status_at"])
    play.status, play.status_at, play.status_by = RolePlayStatus.CANCELLED, clock.now(), by
    play.cancel_reason = reason
    play.save(update_fields=["status", "status_at", "status_by", "cancel_reason"])
    _record("play_cancelled", play, by=by, reason=reason, status=(before, play.status.value))
    if play.round.rotation.status == RotationStatus.PUBLISHED and play.round.starts_at > clock.now():
        emails.tell_cancelled(play)
    return play


def _lock(play: RolePlay) -> RolePlay:
    """Batch, rotation and play in this order; PlayIsOver unless it may still change."""
    batch = lock_batch(play.round.rotation.batch_id)
    rotation = Rotation.objects.select_for_update(no_key=True).filter(pk=play.round.rotation_id).first()
    if rotation is None:  # somebody has drawn another draft in its place
        raise ChangedMeanwhile
    rotation.batch = batch
    locked = RolePlay.objects.select_for_update(no_key=True, of=("self",))
    locked = locked.select_related("round", "assessor", "room").get(pk=play.pk)
    locked.round.rotation = rotation
    if rotation.status == RotationStatus.REPLACED:
        raise PlayIsOver(status=rotation.get_status_display())
    if locked.status not in CHANGEABLE:
        raise PlayIsOver(status=locked.get_status_display())
    return locked


def _check_not_recorded(play: RolePlay, what: str = "") -> None:
    record = Record.objects.live().filter(role_play=play).select_related("recorder").first()
    if record:
        raise _recorded(record, what or _("penguji"))


def _recorded(record: Record, what: str) -> PlayIsRecorded:
    return PlayIsRecorded(name=record.recorder, what=what)


def _check_free(play: RolePlay, assessor: User) -> None:
    others = play.round.plays.exclude(pk=play.pk).exclude(status=RolePlayStatus.CANCELLED)
    other = others.filter(assessor=assessor).first()
    if other:
        raise AssessorBusy(name=assessor, other=assessed_registration(other).person)


def _record(act: str, play: RolePlay, *, by: User, reason: str = "", **changes: tuple[str, str]) -> None:
    asesor = assessed_registration(play)
    audit.record(act, play, by=by, subject_id=asesor.person.user_id, changes=changes, reason=reason)
