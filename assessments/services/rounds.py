"""The timer of a round: its stamps are the server's, and its plays run with it."""

from accounts.models import User
from assessments.errors.plays import (
    AnotherRoundRuns,
    NothingToPlay,
    RotationNotPublished,
    RoundNotNow,
    RoundNotRunning,
    RoundStarted,
)
from assessments.models import RolePlay, Rotation, Round
from assessments.services.publishing import EXAMINED_IN
from assessments.states import ROLE_PLAY, RolePlayStatus, RotationStatus
from batches.services import lock_batch
from core import audit, clock
from core.patience import patient
from core.transitions import check_transition

S = RolePlayStatus


@patient
def start_round(round_: Round, *, by: User) -> Round:
    """Starts the timer now; its plays run. Only of a published rotation, one round at a time."""
    round_ = _lock(round_)
    batch = round_.rotation.batch
    if batch.status not in EXAMINED_IN:
        raise RoundNotNow(status=batch.get_status_display())
    if round_.rotation.status != RotationStatus.PUBLISHED:
        raise RotationNotPublished
    if round_.started_at:
        raise RoundStarted
    running = round_.rotation.rounds.filter(started_at__isnull=False, ended_at=None).first()
    if running:
        raise AnotherRoundRuns(number=running.number)
    if not _move_plays(round_, S.SCHEDULED, S.RUNNING, by=by):
        raise NothingToPlay
    round_.started_at = clock.now()
    round_.save(update_fields=["started_at"])
    audit.record("round_started", round_.rotation, by=by, changes={"round": ("", round_.number)})
    return round_


@patient
def end_round(round_: Round, *, by: User) -> Round:
    """Stops the timer; its running plays are finished and stay open for recording. RoundNotRunning otherwise."""
    round_ = _lock(round_)
    if round_.started_at is None or round_.ended_at:
        raise RoundNotRunning
    _move_plays(round_, S.RUNNING, S.FINISHED, by=by)
    round_.ended_at = clock.now()
    round_.save(update_fields=["ended_at"])
    audit.record("round_ended", round_.rotation, by=by, changes={"round": ("", round_.number)})
    return round_


def _lock(round_: Round) -> Round:
    """Batch, rotation and round, in this order."""
    batch = lock_batch(round_.rotation.batch_id)
    rotation = Rotation.objects.select_for_update(no_key=True).get(pk=round_.rotation_id)
    rotation.batch = batch
    locked = Round.objects.select_for_update(no_key=True).get(pk=round_.pk)
    locked.rotation = rotation
    return locked


def _move_plays(round_: Round, source: RolePlayStatus, target: RolePlayStatus, *, by: User) -> int:
    check_transition(ROLE_PLAY, source, target)
    plays = list(RolePlay.objects.select_for_update(no_key=True).filter(round=round_, status=source).order_by("pk"))
    for play in plays:
        play.status, play.status_at, play.status_by = target, clock.now(), by
        play.save(update_fields=["status", "status_at", "status_by"])
    return len(plays)
