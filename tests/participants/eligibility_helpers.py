"""One complete person, the shipped schemes and short ways to ask one rule."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from participants.eligibility import (
    DocumentFact,
    Experience,
    Facts,
    Reference,
    RuleResult,
    RuleSet,
    evaluate,
    parse_rule_set,
)

SENT = date(2026, 2, 2)
STARTS = date(2026, 3, 2)
ENDS = date(2026, 3, 7)
FIELD = "Administrasi Perkantoran"
PLAIN = "KTP PASFOTO IJAZAH SKKERJA INTERNAL REKOM APL01 APL02 CV SKCK SEHAT SURTUG"
SCHEMES = ("ASKOM-UMUM", "ASKOM-KONSTRUKSI", "ASKOM-VOKASI", "ASKOM-RCC")


@cache
def reference_data() -> dict[str, Any]:
    path = Path(__file__).resolve().parents[2] / "batches" / "reference" / "schemes.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def reference() -> Reference:
    return Reference.from_data(reference_data())


@cache
def shipped(code: str) -> RuleSet:
    scheme = next(scheme for scheme in reference_data()["schemes"] if scheme["code"] == code)
    return parse_rule_set(scheme["eligibility"], reference())


def rule_set_of(*rules: dict[str, Any], combine: str = "all", more: tuple[dict[str, Any], ...] = ()) -> RuleSet:
    first = {"id": "G", "label": "Kelompok", "combine": combine, "mandatory": True, "rules": list(rules)}
    return parse_rule_set({"groups": [first, *more]}, reference())


def ask(rule_type: str, params: dict[str, Any], facts: Facts, **rule: Any) -> RuleResult:
    """The result of a rule set with this rule only."""
    rule_set = rule_set_of({"id": "R", "type": rule_type, "params": params, **rule})
    return evaluate(rule_set, facts, reference()).groups[0].rules[0]


def paper(verdict: str = "pending", present: bool = True, uploaded_on: date = SENT, **fields: Any) -> DocumentFact:
    return DocumentFact(present, verdict, uploaded_on, fields)


def blank(**changes: Any) -> Facts:
    """A person who has written nothing."""
    return replace(Facts(submission_on=SENT, training_starts_on=STARTS, training_ends_on=ENDS), **changes)


def worked(starts_on: str, ends_on: str | None = None, field: str = FIELD) -> Experience:
    return Experience(date.fromisoformat(starts_on), date.fromisoformat(ends_on) if ends_on else None, field)


def complete(verdict: str = "accepted", **changes: Any) -> Facts:
    """A person who meets every shipped scheme once `verdict` is accepted."""
    documents = {code: paper(verdict) for code in PLAIN.split()}
    documents["SERKOM"] = paper(verdict, scheme=FIELD, level=7, valid_until="2027-01-01")
    documents["SERT_ASESOR"] = paper(verdict, valid_until="2026-06-01")
    documents["LOGBOOK"] = paper(verdict, assessments=8)
    person = blank(
        target_field=FIELD,
        nationality="WNI",
        identity_kind="nik",
        identity_verified=verdict == "accepted",
        birth_date=date(1990, 8, 17),
        education_level="S1",
        experiences=(worked("2015-01-01"),),
        documents=documents,
        declarations=frozenset({"KODE_ETIK", "KEABSAHAN_DOKUMEN", "HADIR_PENUH"}),
    )
    return replace(person, **changes)


def without(facts: Facts, *codes: str) -> Facts:
    return replace(facts, documents={code: doc for code, doc in facts.documents.items() if code not in codes})


def with_paper(facts: Facts, code: str, document: DocumentFact) -> Facts:
    return replace(facts, documents={**facts.documents, code: document})
