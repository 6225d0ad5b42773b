"""A record as a sheet: what stands on it, what is missing, what follows from it, and its digest."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assessments.decision import Outcome, RecordFacts, applicable, decide
from assessments.models import Rating, Record, RolePlay
from assessments.rubric import Criterion, EvidenceItem, Phase, RubricView, read
from assessments.states import Aspect, Mode, RecordStatus, Value
from core.versioned import content_digest

EVIDENCE = "EV"  # stands for the evidence among the phases of a sheet
NEEDS_NOTE = (Value.NO, Value.NOT_RELEVANT)
Place = tuple[str, str]  # (item, aspect); criteria have the aspect ""


@dataclass(frozen=True)
class Sheet:
    """A record with the rubric that its play pins and the ratings that stand."""

    record: Record
    rubric: RubricView
    ratings: dict[Place, Rating]

    @cached_property
    def facts(self) -> RecordFacts:
        """What the decision looks at. A draft has the methods of its play, a signed one those it was signed with."""
        live = self.record.status == RecordStatus.DRAFT
        source: Any = self.record.role_play if live else self.record
        return facts_of(self.ratings.values(), source.methods, source.has_objection)

    @cached_property
    def outcome(self) -> Outcome:
        return decide(self.rubric, self.facts, is_exam=self.is_exam)

    @property
    def is_exam(self) -> bool:
        return Mode(self.record.role_play.round.rotation.mode).is_exam

    @cached_property
    def applicable(self) -> frozenset[str]:
        """Ids of the criteria that this play can show; the others are TR by themselves."""
        return frozenset(one.id for phase in self.rubric.sheet for one in applicable(phase, self.facts))

    @cached_property
    def without_note(self) -> tuple[Place, ...]:
        """Ratings T and TR that say no fact yet, in the order of the sheet."""
        return tuple(
            place for place in self.places()
            if (rating := self.ratings.get(place)) and rating.value in NEEDS_NOTE and not rating.note
        )  # fmt: skip

    @cached_property
    def conflicts(self) -> tuple[Place, ...]:
        """Where two devices say different things and nobody has chosen yet, whether it counts now or not."""
        return tuple(place for place, rating in sorted(self.ratings.items()) if rating.rival_id)

    def places(self) -> Iterator[Place]:
        """What counts on this sheet: applicable criteria, then evidence by aspect."""
        for criterion in self.rubric.criteria():
            if criterion.id in self.applicable:
                yield criterion.id, ""
        for item in self.rubric.evidence:
            for aspect in Aspect.values:
                yield item.id, aspect

    def counts(self) -> dict[str, list[int]]:
        """Recorded and all, per phase and for the evidence; see `count`."""
        return count(self.rubric, self.facts)


def open_sheet(record: Record) -> Sheet:
    """The sheet of a record: one query for its ratings; the record comes from `with_play`."""
    ratings = Rating.objects.filter(record=record).select_related("event", "rival")
    return Sheet(record, rubric_of(record.role_play), {(one.item, one.aspect): one for one in ratings})


def rubric_of(play: RolePlay) -> RubricView:
    """The rubric of the play's rotation; in an exam with the units of the attempt only."""
    view = read(play.round.rotation.rubric.content)
    return view if play.assessment is None else view.for_units(play.assessment.units)


def record_facts(record: Record) -> RecordFacts:
    """What the record says, as assessments.decision wants it."""
    return open_sheet(record).facts


def record_digest(record: Record) -> str:
    """SHA-256 of everything that is signed; a signed record keeps giving the digest that it was signed with."""
    return sheet_digest(open_sheet(record))


def facts_of(ratings: Iterable[Rating], methods: Iterable[str], has_objection: bool) -> RecordFacts:
    values: dict[str, str] = {}
    evidence: dict[Place, str] = {}
    for rating in ratings:
        if rating.aspect:
            evidence[(rating.item, rating.aspect)] = rating.value
        else:
            values[rating.item] = rating.value
    return RecordFacts(values, evidence, frozenset(methods), has_objection)


def sheet_digest(sheet: Sheet) -> str:
    record, rubric, outcome = sheet.record, sheet.record.role_play.round.rotation.rubric, sheet.outcome
    stated = {place: rating for place, rating in sheet.ratings.items() if rating.value or rating.note}
    return content_digest({
        "play": record.role_play.code,
        "version": record.version,
        "rubric": [rubric.code, rubric.version, rubric.content_sha256],
        "units": [unit.code for unit in sheet.rubric.units],
        "methods": sorted(sheet.facts.methods),
        "has_objection": sheet.facts.has_objection,
        "ratings": [[*place, rating.value, rating.note] for place, rating in sorted(stated.items())],
        "results": [[unit.unit, unit.result or ""] for unit in outcome.units],
        "result": outcome.result or "",
    })  # fmt: skip


def count(rubric: RubricView, facts: RecordFacts) -> dict[str, list[int]]:
    """Phase -> [recorded, applicable]; evidence counts as recorded when all four aspects are."""
    found = {phase.code: _count(phase, facts) for phase in rubric.sheet}
    whole = sum(all(facts.evidence.get((one.id, aspect)) for aspect in Aspect.values) for one in rubric.evidence)
    return found | {EVIDENCE: [whole, len(rubric.evidence)]}


def _count(phase: Phase, facts: RecordFacts) -> list[int]:
    criteria = list(applicable(phase, facts))
    return [sum(bool(facts.values.get(one.id)) for one in criteria), len(criteria)]


def find_item(rubric: RubricView, item: str) -> Criterion | EvidenceItem | None:
    """The criterion or the piece of evidence of this id."""
    every = (*rubric.criteria(), *rubric.evidence)
    return next((one for one in every if one.id == item), None)


def may_be_not_relevant(criterion: Criterion, facts: RecordFacts) -> bool:
    """TR is for what the scenario may lack: conditional criteria, and those of a method that is not used."""
    return criterion.conditional or bool(criterion.method and criterion.method not in facts.methods)
