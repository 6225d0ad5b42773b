"""Rule sets: the `eligibility` mapping of a scheme, parsed and checked once.

    groups: [{id, label, combine: all|any, mandatory, rules: [{id?, type, label?, params?, rules?}]}]

`all_of` holds its own `rules`, to any sensible depth. A rule without id is named after its place ("U2a.1"): such a name
stays stable while the version does.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from participants.eligibility.reference import NO_REFERENCE, Reference

ALL, ANY = "all", "any"
VALID_ON = ("pengajuan", "mulai_pelatihan", "selesai_pelatihan")
SCOPES = ("skema",)
DEEPEST = 20

# The paper that proves what was typed.
NEEDS_DOCUMENT = {"education_min": "IJAZAH", "experience_min_years": "SKKERJA", "assessments_min": "LOGBOOK"}


class RuleSetInvalid(ValueError):
    """A rule set that cannot be used; `place` says where, `code` and `detail` what. The sentence is for admins."""

    MESSAGES = {
        "not_mapping": _("harus berupa kelompok isian"),
        "not_list": _("harus berupa daftar"),
        "empty_groups": _("tidak memiliki kelompok syarat"),
        "no_mandatory_group": _("harus memiliki paling sedikit satu kelompok yang menentukan (mandatory)"),
        "empty_group": _("tidak memiliki aturan"),
        "extra_key": _("isian %(detail)s tidak dikenal"),
        "bad_id": _("harus memiliki id berupa teks"),
        "duplicate_id": _("id %(detail)s dipakai dua kali"),
        "bad_label": _("label harus berupa teks"),
        "bad_combine": _("combine harus all atau any"),
        "bad_mandatory": _("mandatory harus true atau false"),
        "unknown_type": _("jenis aturan %(detail)s tidak dikenal"),
        "missing_param": _("parameter %(detail)s belum diisi"),
        "extra_param": _("parameter %(detail)s tidak dikenal"),
        "bad_param": _("nilai parameter %(detail)s tidak dapat dipakai"),
        "unknown_level": _("pendidikan %(detail)s tidak ada dalam daftar"),
        "unknown_document": _("dokumen %(detail)s tidak ada dalam daftar"),
        "unexpected_rules": _("hanya all_of yang memiliki aturan di dalamnya"),
        "too_deep": _("terlalu banyak tingkat"),
    }

    def __init__(self, place: str, code: str, detail: object = "") -> None:
        super().__init__(place, code, detail)
        self.place, self.code, self.detail = place, code, detail

    @property
    def reason(self) -> str:
        return str(self.MESSAGES[self.code]) % {"detail": self.detail}

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    type: str
    label: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple["Rule", ...] = ()

    @property
    def document(self) -> str:
        """Code of the document this rule looks at, or ""."""
        return self.params.get("document") or NEEDS_DOCUMENT.get(self.type, "")

    def walk(self) -> Iterator["Rule"]:
        """This rule and all rules inside it."""
        yield self
        for rule in self.rules:
            yield from rule.walk()


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    label: str
    combine: str
    mandatory: bool
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class RuleSet:
    groups: tuple[Group, ...]

    def walk(self, rule_type: str = "") -> Iterator[Rule]:
        """All rules, nested ones too; of one type when given."""
        for group in self.groups:
            for rule in group.rules:
                yield from (inner for inner in rule.walk() if not rule_type or inner.type == rule_type)


def _number(lowest: int, highest: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest


def _one_of(*choices: str) -> Callable[[Any], bool]:
    return lambda value: value in choices


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


_DAYS = _number(0, 36_500)

# type -> parameter -> check; a "?" marks one that may be left out.
PARAMS: dict[str, dict[str, Callable[[Any], bool]]] = {
    "identity_valid": {"require_nik_for_wni": _flag},
    "age_between": {"min?": _number(0, 120), "max?": _number(0, 120)},
    "education_min": {"level": _text},
    "experience_min_years": {"years": _number(1, 60), "field_match?": _flag},
    "certificate_held": {
        "document": _text,
        "valid_on": _one_of(*VALID_ON),
        "min_level?": _number(1, 9),
        "same_scheme?": _flag,
    },
    "document_present": {"document": _text, "max_age_days?": _DAYS},
    "document_approved": {"document": _text},
    "declaration_accepted": {"text_code": _text},
    "expiry_window": {"document": _text, "max_days_before_expiry": _DAYS, "max_days_after_expiry": _DAYS},
    "assessments_min": {"count": _number(1, 10_000), "within_years": _number(1, 60)},
    "no_active_duplicate": {"scope": _one_of(*SCOPES)},
    "manual_check": {"question": _text},
    "all_of": {},
}


def parse_rule_set(content: Mapping[str, Any], reference: Reference = NO_REFERENCE) -> RuleSet:
    """Check and parse the `eligibility` mapping of a scheme.

    Raises RuleSetInvalid with the place and the reason. Levels and documents are looked up in `reference`; a list that
    is empty there is not checked. Other keys beside `groups` (version, dates) belong to the caller.
    """
    if not isinstance(content, Mapping):
        raise RuleSetInvalid("eligibility", "not_mapping")
    groups = content.get("groups")
    if not isinstance(groups, list) or not groups:
        raise RuleSetInvalid("groups", "empty_groups")
    parser = _Parser(reference)
    parsed = tuple(parser.group(group, f"groups[{index}]") for index, group in enumerate(groups))
    if not any(group.mandatory for group in parsed):
        raise RuleSetInvalid("groups", "no_mandatory_group")
    return RuleSet(parsed)


class _Parser:
    """Carries the reference and the ids seen so far."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.ids: set[str] = set()

    def group(self, raw: Any, place: str) -> Group:
        self._keys(raw, place, {"id", "label", "combine", "mandatory", "rules"})
        group_id = self._id(raw.get("id"), place)
        place = f"{place} {group_id}"
        if not _text(raw.get("label")):
            raise RuleSetInvalid(place, "bad_label")
        if raw.get("combine", ALL) not in (ALL, ANY):
            raise RuleSetInvalid(place, "bad_combine")
        if not _flag(raw.get("mandatory", True)):
            raise RuleSetInvalid(place, "bad_mandatory")
        rules = self._rules(raw, group_id, place, depth=1)
        return Group(group_id, raw["label"], raw.get("combine", ALL), raw.get("mandatory", True), rules)

    def rule(self, raw: Any, default_id: str, place: str, depth: int) -> Rule:
        if depth > DEEPEST:
            raise RuleSetInvalid(place, "too_deep")
        self._keys(raw, place, {"id", "type", "label", "params", "rules"})
        rule_id = self._id(raw.get("id", default_id), place)
        place, rule_type = f"{place} {rule_id}", raw.get("type")
        if rule_type not in PARAMS:
            raise RuleSetInvalid(place, "unknown_type", rule_type)
        if not isinstance(raw.get("label", ""), str):
            raise RuleSetInvalid(place, "bad_label")
        params = self._params(rule_type, raw.get("params", {}), place)
        if rule_type != "all_of" and "rules" in raw:
            raise RuleSetInvalid(place, "unexpected_rules")
        rules = self._rules(raw, rule_id, place, depth + 1) if rule_type == "all_of" else ()
        return Rule(rule_id, rule_type, raw.get("label", ""), params, rules)

    def _rules(self, raw: Mapping[str, Any], parent_id: str, place: str, depth: int) -> tuple[Rule, ...]:
        rules = raw.get("rules", [])
        if not isinstance(rules, list):
            raise RuleSetInvalid(f"{place}.rules", "not_list")
        if not rules:
            raise RuleSetInvalid(place, "empty_group")
        return tuple(
            self.rule(rule, f"{parent_id}.{index + 1}", f"{place}.rules[{index}]", depth)
            for index, rule in enumerate(rules)
        )

    def _keys(self, raw: Any, place: str, known: set[str]) -> None:
        if not isinstance(raw, Mapping):
            raise RuleSetInvalid(place, "not_mapping")
        for key in raw:
            if key not in known:
                raise RuleSetInvalid(place, "extra_key", key)

    def _id(self, value: Any, place: str) -> str:
        if not _text(value):
            raise RuleSetInvalid(place, "bad_id")
        if value in self.ids:
            raise RuleSetInvalid(place, "duplicate_id", value)
        self.ids.add(value)
        return value

    def _params(self, rule_type: str, params: Any, place: str) -> dict[str, Any]:
        if not isinstance(params, Mapping):
            raise RuleSetInvalid(f"{place}.params", "not_mapping")
        checks = {name.rstrip("?"): check for name, check in PARAMS[rule_type].items()}
        for name in params:
            if name not in checks:
                raise RuleSetInvalid(place, "extra_param", name)
        for name in PARAMS[rule_type]:
            if not name.endswith("?") and name not in params:
                raise RuleSetInvalid(place, "missing_param", name)
        for name, value in params.items():
            if not checks[name](value):
                raise RuleSetInvalid(place, "bad_param", name)
        self._meaning(rule_type, params, place)
        return dict(params)

    def _meaning(self, rule_type: str, params: Mapping[str, Any], place: str) -> None:
        if rule_type == "age_between":
            if not params:
                raise RuleSetInvalid(place, "missing_param", "min")
            if params.get("min", 0) > params.get("max", 120):
                raise RuleSetInvalid(place, "bad_param", "max")
        known_levels, known_documents = self.reference.education_ranks, self.reference.document_labels
        if known_levels and "level" in params and params["level"] not in known_levels:
            raise RuleSetInvalid(place, "unknown_level", params["level"])
        document = params.get("document") or NEEDS_DOCUMENT.get(rule_type, "")
        if known_documents and document and document not in known_documents:
            raise RuleSetInvalid(place, "unknown_document", document)
