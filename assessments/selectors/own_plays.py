"""Plays as those see them who play or record: in order, with what there is to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from accounts.models import User
from assessments.models import Record, RolePlay, Seat
from assessments.selectors.plays import plays_of, plays_of_registration
from assessments.states import Mode, PlayRole, RecordStatus, RolePlayStatus
from batches.models import Batch
from batches.states import BatchStatus
from core import clock
from participants.models import Registration

OVER = (BatchStatus.COMPLETED, BatchStatus.ARCHIVED, BatchStatus.CANCELLED)


@dataclass(frozen=True)
class OwnPlay:
    """One play of a participant: in which role, with whom."""

    play: RolePlay
    role: PlayRole
    partners: list[Seat]


@dataclass(frozen=True)
class Assignment:
    """One play that a senior assessor records; `record` is the live one, whoever has begun it."""

    play: RolePlay
    record: Record | None

    @property
    def is_signed(self) -> bool:
        return self.record is not None and self.record.status == RecordStatus.SIGNED

    @property
    def may_be_signed(self) -> bool:
        """Its class is under way; a retake may come after the class has ended."""
        rotation = self.play.round.rotation
        return not self.is_signed and (rotation.batch.status not in OVER or rotation.mode == Mode.RETAKE)

    @property
    def waits(self) -> bool:
        """Not played yet."""
        return self.play.status == RolePlayStatus.SCHEDULED

    @property
    def is_today(self) -> bool:
        zone = self.play.round.rotation.batch.time_zone
        return clock.today(zone) == self.play.round.starts_at.astimezone(ZoneInfo(zone)).date()


@dataclass(frozen=True)
class Assignments:
    """What to do now, today, later, and what is signed; `batches` have a run sheet."""

    open: list[Assignment]  # played or running, not signed
    today: list[Assignment]
    later: list[Assignment]
    signed: list[Assignment]
    batches: list[Batch]

    @property
    def is_empty(self) -> bool:
        return not (self.open or self.today or self.later or self.signed)


def own_plays(registration: Registration) -> list[OwnPlay]:
    """Published plays of this person in order; three queries."""
    return [_own(play, registration) for play in plays_of_registration(registration)]


def assignments(assessor: User) -> Assignments:
    """Plays of this assessor by what there is to do; four queries."""
    live = Prefetch("records", Record.objects.live().order_by("status"), to_attr="live_records")
    rows = [Assignment(play, next(iter(play.live_records), None)) for play in plays_of(assessor).prefetch_related(live)]
    waiting = [row for row in rows if row.waits and not row.record]
    return Assignments(
        open=[row for row in rows if row.may_be_signed and row not in waiting],
        today=[row for row in waiting if row.is_today],
        later=[row for row in waiting if row.may_be_signed and not row.is_today],
        signed=[row for row in reversed(rows) if row.is_signed],
        batches=_batches(row.play for row in rows),
    )


def _own(play: RolePlay, registration: Registration) -> OwnPlay:
    seats = list(play.seats.all())
    mine = next(one for one in seats if one.registration_id == registration.pk)
    return OwnPlay(play, PlayRole(mine.role), [one for one in seats if one.pk != mine.pk])


def _batches(plays: Iterable[RolePlay]) -> list[Batch]:
    found = {play.round.rotation.batch_id: play.round.rotation.batch for play in plays}
    return list(found.values())
