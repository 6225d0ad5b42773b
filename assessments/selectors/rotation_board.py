"""What the desk's page about role plays shows, in few queries however large the class."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from assessments import timing
from assessments.models import RolePlay, Rotation, Round
from assessments.rotation import Fairness
from assessments.selectors.exam_list import ExamList, LeftOut, exam_list
from assessments.selectors.plays import assessed_registration, fairness_of, seated_people, with_seats
from assessments.states import Mode, PlayRole, RolePlayStatus, RotationStatus
from batches.models import Batch
from participants.models import Registration


@dataclass(frozen=True)
class TurnsRow:
    """How often one person of the class plays each role."""

    person: Registration
    asesor: int
    asesi: int
    observer: int


@dataclass(frozen=True)
class Board:
    """One mode of a batch: the rotation that is looked at, what is fair about it, and who is not in it."""

    mode: Mode
    rotation: Rotation | None
    other: Rotation | None  # the published one beside a draft, or the draft beside the published one
    rounds: list[Round]
    turns: list[TurnsRow]
    fairness: Fairness
    warnings: list[str]
    left_out: list[LeftOut]  # exam
    unplanned: list[Registration]  # exam: admitted, but without a play in the published plan
    single_plays: list[Round]  # retakes and late exams, one play each
    people: int

    @property
    def is_fair(self) -> bool:
        """Everybody plays asesor (in practice asesi too), turns differ by at most one, and no pair repeats."""
        played = all(row.asesor and (row.asesi or self.mode.is_exam) for row in self.turns)
        even = all(most - least <= 1 for _role, least, most in self.ranges)
        return played and even and not self.fairness.repeated

    @property
    def ranges(self) -> list[tuple[str, int, int]]:
        """(role, fewest, most turns of a person)."""
        roles = [(PlayRole.ASESOR, "asesor"), (PlayRole.ASESI, "asesi")]
        if not self.mode.is_exam:
            roles.append((PlayRole.PENGAMAT, "observer"))
        counts = {name: [getattr(row, name) for row in self.turns] or [0] for _role, name in roles}
        return [(role.label, min(counts[name]), max(counts[name])) for role, name in roles]

    @property
    def plays(self) -> int:
        return sum(len(one.plays.all()) for one in self.rounds)


def rotation_board(batch: Batch, mode: Mode, *, prefer_published: bool = False) -> Board:
    """The draft if there is one, else what is in use (or the other way round); seven queries, of practice four."""
    rounds = rounds_of_batch(batch)
    found = {one.rotation.status: one.rotation for one in rounds if one.rotation.mode == mode}
    order = [RotationStatus.DRAFT, RotationStatus.PUBLISHED]
    if prefer_published:
        order.reverse()
    shown, other = ([found[status] for status in order if status in found] + [None, None])[:2]
    mine = [one for one in rounds if shown and one.rotation_id == shown.pk]
    single = [one for one in rounds if one.rotation.mode == Mode.RETAKE]
    listed = exam_list(batch) if mode.is_exam else None
    seated = _everybody(listed) if listed else seated_people(batch)
    people = _planned(seated, listed, mine)
    figures = fairness_of(mine, people)
    return Board(
        mode=mode, rotation=shown, other=other, rounds=mine, fairness=figures,
        turns=[_row(person, figures) for person in people], warnings=timing.warnings(mine, batch.time_zone),
        left_out=listed.left_out if listed else [], unplanned=_unplanned(listed, shown, mine, single),
        single_plays=single if mode.is_exam else [], people=len(seated),
    )  # fmt: skip


def rounds_of_batch(batch: Batch, *states: str) -> list[Round]:
    """Rounds of rotations in these states (default: draft and published), by time, with plays and seats; 3 queries."""
    states = states or (RotationStatus.DRAFT, RotationStatus.PUBLISHED)
    plays = with_seats(RolePlay.objects.all()).order_by("group")
    rounds = Round.objects.filter(rotation__batch=batch, rotation__status__in=states)
    rounds = rounds.select_related("rotation__rubric", "session").prefetch_related(Prefetch("plays", plays))
    return list(rounds.order_by("starts_at", "number", "id"))


def _everybody(listed: ExamList) -> list[Registration]:
    people = [*listed.admitted, *(one.registration for one in listed.left_out)]
    return sorted(people, key=lambda one: (one.person.full_name, one.pk))


def _planned(seated: list[Registration], listed: ExamList | None, rounds: Iterable[Round]) -> list[Registration]:
    """Whose turns count: everybody in practice; in the exam who is admitted, and who is in the plan nevertheless."""
    if listed is None:
        return seated
    seats = {one.registration_id for round_ in rounds for play in round_.plays.all() for one in play.seats.all()}
    admitted = {one.pk for one in listed.admitted}
    return [one for one in seated if one.pk in seats | admitted]


def _row(person: Registration, figures: Fairness) -> TurnsRow:
    turns = figures.turns[person.pk]
    return TurnsRow(person, turns.asesor, turns.asesi, turns.observer)


def _unplanned(
    listed: ExamList | None, shown: Rotation | None, rounds: Iterable[Round], single: Iterable[Round]
) -> list[Registration]:
    """Who may sit the exam but has no play that is to come, while the plan is in use: a single play clears it."""
    if listed is None or shown is None or shown.status != RotationStatus.PUBLISHED:
        return []
    plays = [play for one in [*rounds, *single] for play in one.plays.all()]
    planned = {assessed_registration(play).pk for play in plays if play.status != RolePlayStatus.CANCELLED}
    return [person for person in listed.admitted if person.pk not in planned]
