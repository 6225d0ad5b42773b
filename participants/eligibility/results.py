"""What an evaluation says, as values that a snapshot keeps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from participants.eligibility.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule: the reason decides the outcome; `seen` is the value found, `limit` the rule's parameters."""

    id: str
    type: str
    label: str
    outcome: Outcome
    reason: str
    seen: Mapping[str, Any] = field(default_factory=dict)
    limit: Mapping[str, Any] = field(default_factory=dict)
    document: str = ""
    children: tuple["RuleResult", ...] = ()

    def walk(self) -> Iterator["RuleResult"]:
        """This result and all results inside it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "type": self.type,
            "label": self.label,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "seen": dict(self.seen),
            "limit": dict(self.limit),
            "document": self.document,
            "children": [child.to_json() for child in self.children],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "RuleResult":
        children = tuple(cls.from_json(child) for child in data.get("children", ()))
        return cls(**{**data, "outcome": Outcome(data["outcome"]), "children": children})


@dataclass(frozen=True, slots=True)
class GroupResult:
    id: str
    label: str
    combine: str
    mandatory: bool
    outcome: Outcome
    rules: tuple[RuleResult, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "label": self.label,
            "combine": self.combine,
            "mandatory": self.mandatory,
            "outcome": self.outcome.value,
            "rules": [rule.to_json() for rule in self.rules],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "GroupResult":
        rules = tuple(RuleResult.from_json(rule) for rule in data["rules"])
        return cls(**{**data, "outcome": Outcome(data["outcome"]), "rules": rules})


@dataclass(frozen=True, slots=True)
class Result:
    """One person against one rule set on one day."""

    outcome: Outcome
    groups: tuple[GroupResult, ...]

    def walk(self) -> Iterator[RuleResult]:
        """All rule results, nested ones too."""
        for group in self.groups:
            for rule in group.rules:
                yield from rule.walk()

    def to_json(self) -> dict[str, Any]:
        return {"outcome": self.outcome.value, "groups": [group.to_json() for group in self.groups]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Result":
        return cls(Outcome(data["outcome"]), tuple(GroupResult.from_json(group) for group in data["groups"]))
