"""A sheet as it is looked at before and after the signature: what is missing, results with reasons, two decisions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from assessments.decision import Reason, UnitOutcome, item_text, wording
from assessments.models import Decision, PlayDecision, Rating, RatingEvent, Record, RolePlay, UnitResult
from assessments.records import Place, Sheet
from assessments.rubric import RubricView
from assessments.selectors.sheets import place_name
from assessments.states import Aspect, Result, Value


@dataclass(frozen=True)
class Missing:
    """One place that keeps the sheet from being signed, with its name in the sheet's page."""

    name: str
    label: str
    text: str


@dataclass(frozen=True)
class Review:
    """`blocked` is True while the signature has to wait; a practice waits for notes and conflicts only."""

    unrecorded: tuple[Missing, ...]
    without_note: tuple[Missing, ...]
    conflicts: tuple[Missing, ...]
    blocked: bool
    result: Result | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class UnitCard:
    """A unit with its result in words; `failed` are (name, what it asks, what was noted)."""

    code: str
    title: str
    result: Result | None
    reasons: tuple[str, ...]
    failed: tuple[tuple[str, str, str], ...]
    gap_note: str = ""
    followups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decisions:
    """The two decisions about the asesi; `other` is there only once one's own is in.

    `is_held_back`: both are in, but the trainee of an exam reads the senior assessor's only with the released result.
    """

    own: PlayDecision | None
    other: PlayDecision | None
    is_held_back: bool = False

    @property
    def agree(self) -> bool:
        return bool(self.own and self.other and self.own.result == self.other.result)

    @property
    def sides(self) -> list[PlayDecision]:
        """The trainee's first."""
        return sorted((one for one in (self.own, self.other) if one), key=lambda one: one.role, reverse=True)


@dataclass(frozen=True)
class Choice:
    """One side of a conflict: `key` is '' for what stands."""

    key: str
    value: str
    note: str
    event: RatingEvent | None


@dataclass(frozen=True)
class Conflict:
    name: str
    label: str
    text: str
    choices: tuple[Choice, ...]
    shown: str  # see `conflict_mark`


def review_of(sheet: Sheet) -> Review:
    outcome = sheet.outcome
    unrecorded = tuple(_missing(place, sheet.rubric) for place in _unrecorded_places(sheet))
    without_note = tuple(_missing(place, sheet.rubric) for place in sheet.without_note)
    conflicts = tuple(_missing(place, sheet.rubric) for place in sheet.conflicts)
    blocked = bool(without_note or conflicts or (sheet.is_exam and unrecorded))
    result = Result(outcome.result) if outcome.result else None
    return Review(unrecorded, without_note, conflicts, blocked, result, reasons_of(sheet))


def reasons_of(sheet: Sheet) -> tuple[str, ...]:
    """Why the whole is BK, in sentences; the units say their own."""
    return _words(sheet.outcome.reasons if sheet.outcome.result else (), sheet.rubric)


def units_of(sheet: Sheet) -> list[UnitCard]:
    """Results as they follow from the sheet now."""
    return [_card(sheet, one, reasons=one.reasons if one.result else ()) for one in sheet.outcome.units]


def signed_units(sheet: Sheet) -> list[UnitCard]:
    """Results as they were signed, with what the recorder wrote."""
    signed = {one.unit: one for one in UnitResult.objects.filter(record=sheet.record)}
    return [_card(sheet, one, signed=signed.get(one.unit), reasons=one.reasons) for one in sheet.outcome.units]


def explained_before(record: Record) -> dict[str, Any]:
    """What the recorder wrote on the version that this one corrects, as initial values of the form."""
    if record.replaces_id is None:
        return {}
    found: dict[str, Any] = {"summary": record.summary}
    for one in UnitResult.objects.filter(record=record.replaces_id):
        found |= {f"gap_{one.unit}": one.gap_note, f"next_{one.unit}": one.followups}
    return found


def decisions_of(play: RolePlay, *, viewer: str) -> Decisions:
    """Both decisions as one side may see them: the other's only after one's own, the trainee of an exam also waits
    for the release."""
    made = {one.role: one for one in PlayDecision.objects.filter(role_play=play).select_related("by")}
    own = made.pop(viewer, None)
    other = next(iter(made.values()), None) if own else None
    if other and other.role == "senior" and _is_unreleased(play):
        return Decisions(own, None, is_held_back=True)
    return Decisions(own, other)


def _is_unreleased(play: RolePlay) -> bool:
    """The play belongs to an exam whose result the participant does not see yet."""
    released = Decision.objects.released().filter(assessment=play.assessment_id)
    return play.assessment_id is not None and not released.exists()


def conflicts_of(sheet: Sheet) -> list[Conflict]:
    """Every difference with what stands and what else was said; the words of all rivals in one query."""
    waiting = [sheet.ratings[place] for place in sheet.conflicts]
    return [_conflict(rating, events, sheet.rubric) for rating, events in zip(waiting, _rivals(waiting), strict=True)]


def conflict_mark(rating: Rating) -> str:
    """What a page has shown of a conflict: the version that stands, and the latest word against it."""
    return f"{rating.version}.{rating.rival.key}" if rating.rival else ""


def change_of(event: RatingEvent, rubric: RubricView) -> tuple[str, str, str]:
    """(label, what it asks, value) of a tap that came after a page was shown."""
    missing = _missing((event.item, event.aspect), rubric)
    return missing.label, missing.text, str(Value(event.value).label) if event.value else "–"


def open_rivals(rating: Rating) -> list[RatingEvent]:
    """What other devices said against what stands and nobody has chosen about, the latest first, one per device."""
    return _rivals([rating])[0]


def _rivals(ratings: list[Rating]) -> list[list[RatingEvent]]:
    items = {one.item for one in ratings}
    record = ratings[0].record_id if ratings else None
    events = list(RatingEvent.objects.filter(record=record, item__in=items).select_related("by").order_by("-id"))
    return [_rivals_among(rating, events) for rating in ratings]


def _rivals_among(rating: Rating, events: Iterable[RatingEvent]) -> list[RatingEvent]:
    """The last word of each device after the last choice, where that was a conflict and says something else."""
    last: dict[UUID, RatingEvent] = {}
    for event in events:
        if (event.item, event.aspect) != (rating.item, rating.aspect) or event.outcome == RatingEvent.Outcome.LATE:
            continue
        if event.is_choice:
            break
        last.setdefault(event.client_id, event)
    conflicts = [event for event in last.values() if event.outcome == RatingEvent.Outcome.CONFLICT]
    return [event for event in conflicts if (event.value, event.note) != (rating.value, rating.note)]


def _conflict(rating: Rating, events: list[RatingEvent], rubric: RubricView) -> Conflict:
    missing = _missing((rating.item, rating.aspect), rubric)
    stands = Choice("", _label(rating.value), rating.note, rating.event)
    others = (Choice(str(one.key), _label(one.value), one.note, one) for one in events)
    return Conflict(missing.name, missing.label, missing.text, (stands, *others), conflict_mark(rating))


def _unrecorded_places(sheet: Sheet) -> list[Place]:
    criteria = {one.id for one in sheet.rubric.criteria()}
    found: list[Place] = []
    for item in sheet.outcome.unrecorded:
        if item in criteria:
            found.append((item, ""))
        else:
            found += [(item, aspect) for aspect in Aspect.values if not sheet.facts.evidence.get((item, aspect))]
    return found


def _missing(place: Place, rubric: RubricView) -> Missing:
    item, aspect = place
    label = f"{item} {Aspect(aspect).label}" if aspect else item
    return Missing(place_name(item, aspect), label, item_text(item, rubric))


def _card(sheet: Sheet, one: UnitOutcome, *, reasons: tuple[Reason, ...], signed: UnitResult | None = None) -> UnitCard:
    rubric = sheet.rubric
    steps = {choice.code: choice.label for choice in rubric.followups}
    result = signed.result if signed else one.result
    chosen = tuple(steps.get(code, code) for code in (signed.followups if signed else ()))
    failed = tuple((item, item_text(item, rubric), _note(sheet, item)) for item in one.failed_items)
    return UnitCard(
        one.unit, rubric.unit_label(one.unit), Result(result) if result else None, _words(reasons, rubric), failed,
        signed.gap_note if signed else "", chosen,
    )  # fmt: skip


def _note(sheet: Sheet, item: str) -> str:
    notes = [one.note for place, one in sorted(sheet.ratings.items()) if place[0] == item and one.note]
    return " ".join(dict.fromkeys(notes))


def _words(reasons: Iterable[Reason], rubric: RubricView) -> tuple[str, ...]:
    return tuple(wording(reason, rubric) for reason in reasons)


def _label(value: str) -> str:
    return str(Value(value).label) if value else "–"
