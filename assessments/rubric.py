"""A rubric as code reads it: phases, criteria, evidence and the decision rule, in the order of the sheet."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from batches.wording import localized

ETHICS_UNIT = ""  # criteria of the code of ethics belong to no unit


@dataclass(frozen=True)
class Criterion:
    """One line of the sheet. `conditional`: TR is allowed. `method`: it applies only where that method is used."""

    id: str
    text: str
    unit: str
    critical: bool
    conditional: bool = False
    method: str = ""
    dimensions: tuple[str, ...] = ()

    @property
    def is_ethics(self) -> bool:
        return self.unit == ETHICS_UNIT


@dataclass(frozen=True)
class Phase:
    """A group of criteria. `optional`: only where the scenario holds an objection of the asesi."""

    code: str
    label: str
    unit: str
    forms: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    optional: bool = False


@dataclass(frozen=True)
class EvidenceItem:
    """One piece of evidence of a unit; `is_direct`: bukti langsung."""

    id: str
    label: str
    unit: str
    is_direct: bool
    required: bool


@dataclass(frozen=True)
class Choice:
    """A code with its label: a unit, a method, a follow-up."""

    code: str
    label: str
    is_direct: bool = False  # methods that give direct evidence


@dataclass(frozen=True)
class RubricView:
    """One version of a rubric; `ethics` is its last phase. Thresholds are proposals of the rubric, never BNSP's."""

    code: str
    title: str
    phases: tuple[Phase, ...]
    ethics: Phase
    evidence: tuple[EvidenceItem, ...]
    units: tuple[Choice, ...]
    methods: tuple[Choice, ...]
    followups: tuple[Choice, ...]
    min_noncritical_ratio: float
    min_methods: int
    require_direct_method: bool

    @property
    def sheet(self) -> tuple[Phase, ...]:
        """All phases in the order of recording, ethics last."""
        return (*self.phases, self.ethics)

    def criteria(self) -> Iterator[Criterion]:
        for phase in self.sheet:
            yield from phase.criteria

    def unit_label(self, code: str) -> str:
        return next((unit.label for unit in self.units if unit.code == code), code)

    def for_units(self, codes: Collection[str]) -> "RubricView":
        """Only what these units need, and ethics: a retake looks at what is left."""
        return replace(
            self,
            phases=tuple(phase for phase in self.phases if phase.unit in codes),
            evidence=tuple(item for item in self.evidence if item.unit in codes),
            units=tuple(unit for unit in self.units if unit.code in codes),
        )


def read(content: dict[str, Any]) -> RubricView:
    """The view of `Rubric.content`, which assessments.reference has checked; texts in the active language."""
    rule = content["decision_rule"]
    ethics = content["ethics"]
    return RubricView(
        code=content["rubric"]["code"],
        title=localized(content["rubric"]["title"]),
        phases=tuple(_phase(phase) for phase in sorted(content["phases"], key=lambda phase: phase["order"])),
        ethics=Phase(
            ethics["code"],
            localized(ethics["label"]),
            ETHICS_UNIT,
            (),
            _criteria(ethics["criteria"], ETHICS_UNIT, False),
        ),
        evidence=tuple(
            EvidenceItem(
                item["id"], localized(item["label"]), item["unit"], item["evidence_type"] == "L", item["required"]
            )  # fmt: skip
            for item in content["evidence_items"]
        ),
        units=tuple(Choice(unit["code"], localized(unit["title"])) for unit in content["units"]),
        methods=tuple(
            Choice(method["code"], localized(method["label"]), method["evidence_type"] == "L")
            for method in content["methods"]
        ),
        followups=tuple(Choice(one["code"], localized(one["label"])) for one in rule["when_BK"]["followup_codes"]),
        min_noncritical_ratio=rule["unit"]["K_when"]["min_noncritical_ratio"],
        min_methods=rule["method_coverage"]["min_methods_total"],
        require_direct_method=rule["method_coverage"]["require_direct"],
    )


def _phase(phase: dict[str, Any]) -> Phase:
    optional = phase.get("optional_scenario", False)
    return Phase(
        phase["code"], localized(phase["label"]), phase["unit"], tuple(phase["forms"]),
        _criteria(phase["criteria"], phase["unit"], optional), optional,
    )  # fmt: skip


def _criteria(rows: list[dict[str, Any]], unit: str, optional: bool) -> tuple[Criterion, ...]:
    return tuple(
        Criterion(
            row["id"], localized(row["text"]), unit, row["critical"], row.get("conditional", False) or optional,
            row.get("method", ""), tuple(row.get("dimensions", ())),
        )
        for row in rows
    )  # fmt: skip
