"""K or BK from what was recorded and the rubric's rule: pure, the same facts give the same answer.

Attendance and the recorder's independence are not part of it: they guard the door, not the result.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.rubric import Criterion, EvidenceItem, Phase, RubricView
from assessments.states import Aspect, Result, Value

UNRECORDED = "unrecorded"
CRITICAL_NOT_MET = "critical_not_met"
TOO_FEW_MET = "too_few_met"
EVIDENCE_NOT_ACCEPTED = "evidence_not_accepted"
NO_DIRECT_EVIDENCE = "no_direct_evidence"
UNITS_NOT_COMPETENT = "units_not_competent"
ETHICS_NOT_MET = "ethics_not_met"
TOO_FEW_METHODS = "too_few_methods"
NO_DIRECT_METHOD = "no_direct_method"


@dataclass(frozen=True)
class RecordFacts:
    """What a sheet says: values of criteria ("" is unrecorded), of evidence per aspect, and what the play used."""

    values: Mapping[str, str]
    evidence: Mapping[tuple[str, str], str]
    methods: frozenset[str]
    has_objection: bool = False


@dataclass(frozen=True)
class Reason:
    """Why a result is what it is: a code, and the criteria, evidence items, units or methods that it speaks of."""

    code: str
    items: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "items": list(self.items)}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Reason":
        return cls(row["code"], tuple(row["items"]))


@dataclass(frozen=True)
class UnitOutcome:
    """One unit. `result` is None while something of it is unrecorded; a BK always names its failed items."""

    unit: str
    result: str | None
    reasons: tuple[Reason, ...]
    failed_items: tuple[str, ...]
    unrecorded: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """The whole sheet. `result` is None while anything of it is unrecorded; then `unrecorded` lists all of that."""

    result: str | None
    units: tuple[UnitOutcome, ...]
    reasons: tuple[Reason, ...]
    unrecorded: tuple[str, ...]
    failed_ethics: tuple[str, ...]


def decide(rubric: RubricView, facts: RecordFacts, *, is_exam: bool = True) -> Outcome:
    """The result per unit of the rubric and overall, with reasons.

    A criterion whose method the play does not use, and a phase for an objection that the scenario does not hold,
    leave the count by themselves; so does TR. TR where the rubric does not allow it counts as unrecorded. Evidence
    that is not required may be left out, but not half judged. In an exam enough methods are part of the overall
    result, as long as the sheet holds criteria of methods (a retake may not).
    """
    units = tuple(_decide_unit(unit.code, rubric, facts) for unit in rubric.units)
    ethics = tuple(applicable(rubric.ethics, facts))
    unrecorded = (*(item for unit in units for item in unit.unrecorded), *_unrecorded(ethics, facts))
    failed_ethics = _having(ethics, facts, Value.NO, critical=True)
    if unrecorded:
        return Outcome(None, units, (Reason(UNRECORDED, unrecorded),), unrecorded, failed_ethics)
    not_yet = tuple(unit.unit for unit in units if unit.result != Result.COMPETENT)
    reasons = _given((UNITS_NOT_COMPETENT, not_yet), (ETHICS_NOT_MET, failed_ethics))
    if is_exam:
        reasons += _method_reasons(rubric, facts)
    return Outcome(_result(reasons), units, reasons, (), failed_ethics)


def applicable(phase: Phase, facts: RecordFacts) -> Iterator[Criterion]:
    """The criteria of a phase that this play can show at all."""
    if phase.optional and not facts.has_objection:
        return
    for criterion in phase.criteria:
        if not criterion.method or criterion.method in facts.methods:
            yield criterion


def wording(reason: Reason, rubric: RubricView) -> str:
    """The reason as a sentence for the participant; items by their ids, see `item_text` for what they ask."""
    words = {
        "items": ", ".join(_name(item, rubric) for item in reason.items) or _("belum ada"),
        "percent": round(rubric.min_noncritical_ratio * 100),
        "methods": rubric.min_methods,
    }
    return str(_SENTENCES[reason.code]) % words


def item_text(item: str, rubric: RubricView) -> str:
    """What a criterion or a piece of evidence asks for; the id when the rubric does not know it."""
    texts = {criterion.id: criterion.text for criterion in rubric.criteria()}
    texts |= {evidence.id: evidence.label for evidence in rubric.evidence}
    return texts.get(item, item)


def _decide_unit(unit: str, rubric: RubricView, facts: RecordFacts) -> UnitOutcome:
    criteria = [one for phase in rubric.phases if phase.unit == unit for one in applicable(phase, facts)]
    evidence = [item for item in rubric.evidence if item.unit == unit]
    unrecorded = (*_unrecorded(criteria, facts), *(item.id for item in evidence if _is_half_judged(item, facts)))
    if unrecorded:
        return UnitOutcome(unit, None, (Reason(UNRECORDED, unrecorded),), (), unrecorded)
    direct = [item for item in evidence if item.is_direct]
    has_direct = any(_is_accepted(item, facts) for item in direct)
    wanting = tuple(item.id for item in direct or evidence) or (unit,)  # a BK names what is missing, always
    reasons = _given(
        (CRITICAL_NOT_MET, _having(criteria, facts, Value.NO, critical=True)),
        (TOO_FEW_MET, () if _enough(criteria, rubric, facts) else _having(criteria, facts, Value.NO, critical=False)),
        (EVIDENCE_NOT_ACCEPTED, tuple(one.id for one in evidence if one.required and not _is_accepted(one, facts))),
        (NO_DIRECT_EVIDENCE, () if has_direct else wanting),
    )
    failed = tuple(dict.fromkeys(item for reason in reasons for item in reason.items))
    return UnitOutcome(unit, _result(reasons), reasons, failed, ())


def _method_reasons(rubric: RubricView, facts: RecordFacts) -> tuple[Reason, ...]:
    if not any(criterion.method for criterion in rubric.criteria()):
        return ()
    used = tuple(method for method in rubric.methods if method.code in facts.methods)
    codes = tuple(method.code for method in used)
    reasons: tuple[Reason, ...] = ()
    if len(used) < rubric.min_methods:
        reasons += (Reason(TOO_FEW_METHODS, codes),)
    if rubric.require_direct_method and not any(method.is_direct for method in used):
        reasons += (Reason(NO_DIRECT_METHOD, codes),)
    return reasons


def _unrecorded(criteria: Iterable[Criterion], facts: RecordFacts) -> tuple[str, ...]:
    return tuple(one.id for one in criteria if not _is_recorded(one, facts.values.get(one.id, "")))


def _is_recorded(criterion: Criterion, value: str) -> bool:
    return value in (Value.YES, Value.NO) or (value == Value.NOT_RELEVANT and criterion.conditional)


def _having(criteria: Iterable[Criterion], facts: RecordFacts, value: str, *, critical: bool) -> tuple[str, ...]:
    return tuple(one.id for one in criteria if one.critical == critical and facts.values.get(one.id, "") == value)


def _enough(criteria: list[Criterion], rubric: RubricView, facts: RecordFacts) -> bool:
    """Enough of the non-critical ones are met; in whole numbers, so that 80 % of 15 is 12."""
    met = len(_having(criteria, facts, Value.YES, critical=False))
    counted = met + len(_having(criteria, facts, Value.NO, critical=False))
    return met >= Fraction(str(rubric.min_noncritical_ratio)) * counted


def _aspects(item: EvidenceItem, facts: RecordFacts) -> list[str]:
    return [facts.evidence.get((item.id, aspect), "") for aspect in Aspect.values]


def _is_half_judged(item: EvidenceItem, facts: RecordFacts) -> bool:
    aspects = _aspects(item, facts)
    is_begun = item.required or any(aspects)
    return is_begun and not all(value in (Value.YES, Value.NO) for value in aspects)


def _is_accepted(item: EvidenceItem, facts: RecordFacts) -> bool:
    return all(value == Value.YES for value in _aspects(item, facts))


def _given(*found: tuple[str, tuple[str, ...]]) -> tuple[Reason, ...]:
    return tuple(Reason(code, items) for code, items in found if items)


def _result(reasons: tuple[Reason, ...]) -> str:
    return (Result.NOT_YET if reasons else Result.COMPETENT).value


def _name(item: str, rubric: RubricView) -> str:
    labels = {choice.code: choice.label for choice in (*rubric.units, *rubric.methods)}
    labels |= {evidence.id: evidence.label for evidence in rubric.evidence}
    return labels.get(item, item)


_SENTENCES: dict[str, str | Promise] = {
    UNRECORDED: _("Belum dinilai: %(items)s."),
    CRITICAL_NOT_MET: _("Kriteria kritis belum terpenuhi: %(items)s. Semua kriteria kritis harus terpenuhi."),
    TOO_FEW_MET: _("Kriteria pendukung yang terpenuhi kurang dari %(percent)s%%. Belum terpenuhi: %(items)s."),
    EVIDENCE_NOT_ACCEPTED: _("Bukti belum memenuhi aturan bukti (VATM): %(items)s."),
    NO_DIRECT_EVIDENCE: _("Belum ada bukti langsung yang diterima: %(items)s."),
    UNITS_NOT_COMPETENT: _("Unit yang belum kompeten: %(items)s."),
    ETHICS_NOT_MET: _("Kode etik yang kritis belum terpenuhi: %(items)s."),
    TOO_FEW_METHODS: _("Uji memerlukan paling sedikit %(methods)s metode yang berbeda. Yang dipakai: %(items)s."),
    NO_DIRECT_METHOD: _("Uji memerlukan metode yang menghasilkan bukti langsung. Yang dipakai: %(items)s."),
}
