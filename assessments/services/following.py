"""Rounds of a published rotation go where their sessions go."""

from assessments import timing
from assessments.models import Rotation, Round
from assessments.services.rotation_plans import PLANNED_IN
from assessments.states import RotationStatus
from batches.models import Batch
from batches.services import lock_batch
from core import audit
from core.errors import SystemBusy
from core.patience import patient


def follow_all_sessions() -> int:
    """Moves the rounds of every batch whose sessions have moved; how many. Running it twice is once."""
    rounds = Round.objects.filter(rotation__status=RotationStatus.PUBLISHED, rotation__batch__status__in=PLANNED_IN)
    left_behind = timing.left_behind(list(rounds.select_related("rotation", "session")))
    batches = Batch.objects.filter(pk__in={one.rotation.batch_id for one, _starts_at in left_behind})
    return sum(_follow_if_free(batch) for batch in batches.order_by("pk"))


def _follow_if_free(batch: Batch) -> int:
    try:
        return follow_sessions(batch)
    except SystemBusy:  # the next sweep finds it again
        return 0


@patient
def follow_sessions(batch: Batch) -> int:
    """Puts the rounds of published rotations that have not started where their sessions are now; how many moved.

    Each keeps its session and its place in it. Rounds whose session was cancelled stay, and `timing.warnings` says so.
    Participants hear of a moved session by the news of the schedule.
    """
    batch = lock_batch(batch.pk)
    if batch.status not in PLANNED_IN:
        return 0
    published = Rotation.objects.filter(batch=batch, status=RotationStatus.PUBLISHED)
    rotations = list(published.select_for_update(no_key=True).order_by("pk"))
    return sum(_follow(rotation) for rotation in rotations)


def _follow(rotation: Rotation) -> int:
    rounds = Round.objects.select_for_update(no_key=True, of=("self",)).filter(rotation=rotation)
    moves = timing.left_behind(list(rounds.select_related("session").order_by("pk")))
    if not moves:
        return 0
    before = moves[0][0].starts_at
    for round_, starts_at in moves:
        round_.starts_at = starts_at
        round_.save(update_fields=["starts_at"])
    numbers = ", ".join(str(round_.number) for round_, _starts_at in moves)
    audit.record(
        "rotation_moved", rotation, by=None,
        changes={"round": ("", numbers), "starts_at": (before, moves[0][0].starts_at)},
    )  # fmt: skip
    return len(moves)
