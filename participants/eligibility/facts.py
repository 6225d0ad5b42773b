"""What the rules look at, gathered by others from stored rows. Plain values, no identifiers: never a NIK."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

ACCEPTED = "accepted"
PENDING = "pending"
RETURNED = "returned"

_NOTHING: Mapping[str, Any] = MappingProxyType({})


def as_date(value: object) -> date | None:
    """A date from a date or an ISO text; anything else is unknown."""
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _plain(value: Any) -> Any:
    """JSON form of the values that facts hold."""
    if isinstance(value, date):
        return as_date(value).isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in sorted(value.items())}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Experience | DocumentFact):
        return {entry.name: _plain(getattr(value, entry.name)) for entry in fields(value)}
    return value


@dataclass(frozen=True, slots=True)
class Experience:
    """One stretch of work; `ends_on` None means still there. Both days count."""

    starts_on: date
    ends_on: date | None = None
    field: str = ""
    employer: str = ""


@dataclass(frozen=True, slots=True)
class DocumentFact:
    """One document type of one person: whether a file is there, what staff said, and what was typed about it.

    Keys of `fields` (all may be missing): number, issuer, scheme, level (KKNI), issued_on, valid_until,
    expired (True: said to be expired, date unknown), assessments (a number, or a list of dates), since.
    """

    present: bool = True
    verdict: str = PENDING
    uploaded_on: date | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", _plain(self.fields))  # dates as text, so that a snapshot equals its source

    @property
    def accepted(self) -> bool:
        return self.present and self.verdict == ACCEPTED

    @property
    def returned(self) -> bool:
        return self.present and self.verdict == RETURNED

    def day(self, key: str) -> date | None:
        """A typed date."""
        return as_date(self.fields.get(key))


NO_DOCUMENT = DocumentFact(present=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts of one registration on one day. `to_json` and `from_json` keep them with a decision.

    `submission_on` is the day of sending, or today for a draft. `preliminary` is the check without an account: what is
    not there yet is to be prepared, not missing. `not_held` are documents the person said not to have.
    """

    submission_on: date
    training_starts_on: date | None = None
    training_ends_on: date | None = None
    target_field: str = ""
    nationality: str = ""
    identity_kind: str = ""
    identity_findings: tuple[str, ...] = ()
    identity_verified: bool = False
    birth_date: date | None = None
    education_level: str = ""
    experiences: tuple[Experience, ...] = ()
    documents: Mapping[str, DocumentFact] = field(default_factory=dict)
    declarations: frozenset[str] = frozenset()
    duplicate_registration: bool = False
    manual_answers: Mapping[str, bool] = field(default_factory=dict)
    preliminary: bool = False
    not_held: frozenset[str] = frozenset()

    @property
    def starts_on(self) -> date:
        """The day on which ages and experience are measured."""
        return self.training_starts_on or self.submission_on

    @property
    def ends_on(self) -> date:
        return self.training_ends_on or self.starts_on

    def document(self, code: str) -> DocumentFact:
        """The document, or an absent one."""
        return self.documents.get(code, NO_DOCUMENT)

    def to_json(self) -> dict[str, Any]:
        """Values that `json` writes; equal facts give equal values."""
        return {entry.name: _plain(getattr(self, entry.name)) for entry in fields(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Facts":
        """The facts of `to_json`; keys of later versions are left out, missing ones take their default."""
        known = {entry.name: data[entry.name] for entry in fields(cls) if entry.name in data}
        known["submission_on"] = date.fromisoformat(data["submission_on"])
        for name in ("training_starts_on", "training_ends_on", "birth_date"):
            known[name] = as_date(known.get(name))
        for name, kind in (("identity_findings", tuple), ("declarations", frozenset), ("not_held", frozenset)):
            known[name] = kind(known.get(name, ()))
        known["experiences"] = tuple(_experience(item) for item in known.get("experiences", ()))
        known["documents"] = {code: _document(item) for code, item in known.get("documents", _NOTHING).items()}
        return cls(**known)


def _experience(data: Mapping[str, Any]) -> Experience:
    return Experience(
        starts_on=date.fromisoformat(data["starts_on"]),
        ends_on=as_date(data.get("ends_on")),
        field=data.get("field", ""),
        employer=data.get("employer", ""),
    )


def _document(data: Mapping[str, Any]) -> DocumentFact:
    return DocumentFact(
        present=data["present"],
        verdict=data["verdict"],
        uploaded_on=as_date(data.get("uploaded_on")),
        fields=dict(data.get("fields", _NOTHING)),
    )
