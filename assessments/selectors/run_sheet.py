"""What the wall and the phones show while role plays run."""

from dataclasses import dataclass
from datetime import datetime

from assessments.models import Round
from assessments.selectors.rotation_board import rounds_of_batch
from assessments.states import Mode, RolePlayStatus, RotationStatus
from batches.models import Batch
from core import clock

SECONDS = 60


@dataclass(frozen=True)
class RunSheet:
    """The rounds of one mode in order, the one on show, and what its timer says at `now` by the server's clock."""

    mode: Mode
    modes: list[Mode]
    rounds: list[Round]
    shown: Round | None
    now: datetime

    @property
    def is_running(self) -> bool:
        return bool(self.shown and self.shown.started_at and not self.shown.ended_at)

    @property
    def seconds_left(self) -> int:
        """Of the round on show; negative once its time is over."""
        return int((self.shown.planned_end - self.now).total_seconds()) if self.shown else 0

    @property
    def minutes_left(self) -> int:
        """Whole minutes, rounded up, never below zero."""
        return max(0, -(-self.seconds_left // SECONDS))

    @property
    def is_over_time(self) -> bool:
        return self.is_running and self.seconds_left <= 0

    @property
    def number(self) -> int:
        """Which of the rounds is on show, from 1."""
        return self.rounds.index(self.shown) + 1 if self.shown else 0

    @property
    def next_round(self) -> Round | None:
        """What follows the round on show."""
        later = self.rounds[self.rounds.index(self.shown) + 1 :] if self.shown else []
        return next((one for one in later if not one.ended_at), None)

    @property
    def may_start(self) -> bool:
        """It waits, and no other round of its rotation runs."""
        if self.shown is None or self.shown.started_at:
            return False
        same = [one for one in self.rounds if one.rotation_id == self.shown.rotation_id]
        running = any(one.started_at and not one.ended_at for one in same)
        return not running and any(play.status == RolePlayStatus.SCHEDULED for play in self.shown.plays.all())


def run_sheet(batch: Batch, *, mode: str = "", number: int | None = None) -> RunSheet:
    """The mode that is asked for, else where a round runs, else the next to come; its round alike. Three queries."""
    rounds = rounds_of_batch(batch, RotationStatus.PUBLISHED)
    modes = [one for one in Mode if any(round_.rotation.mode == one for round_ in rounds)]
    chosen = Mode(mode) if mode in modes else _liveliest(rounds)
    mine = [one for one in rounds if one.rotation.mode == chosen]
    shown = mine[number - 1] if number and 0 < number <= len(mine) else _current(mine)
    return RunSheet(chosen, modes, mine, shown, clock.now())


def _liveliest(rounds: list[Round]) -> Mode:
    current = _current(rounds)
    return Mode(current.rotation.mode) if current else Mode.FORMATIVE


def _current(rounds: list[Round]) -> Round | None:
    """The running round, else the first that waits and still has plays, else the last."""
    running = [one for one in rounds if one.started_at and not one.ended_at]
    waiting = [
        one for one in rounds
        if not one.started_at and any(play.status == RolePlayStatus.SCHEDULED for play in one.plays.all())
    ]  # fmt: skip
    return next(iter(running + waiting + rounds[-1:]), None)
