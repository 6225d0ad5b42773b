"""Rules about the person: identity, age, education, experience, declarations, questions to staff.

Each check returns a finding: a reason of REASONS (which decides the outcome) and the value seen.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from participants.eligibility.facts import Facts
from participants.eligibility.periods import Covered, age_on, covered, days_of_years
from participants.eligibility.reference import Reference
from participants.eligibility.ruleset import Rule
from participants.fields_match import fields_match
from participants.nik import FAULTS, NIK, PASSPORT, PASSPORT_FAULTS


class Finding(NamedTuple):
    reason: str
    seen: Mapping[str, Any] = MappingProxyType({})


def paper(facts: Facts, code: str, when_pending: str = "document_pending") -> str:
    """Reason for a value that suffices: "ok" only once staff accepted its document."""
    document = facts.document(code)
    if document.accepted:
        return "ok"
    if not document.present:
        return "prepare" if facts.preliminary else "not_uploaded"
    return "document_returned" if document.returned else when_pending


def identity_valid(rule: Rule, facts: Facts, reference: Reference) -> Finding:
    """A fault fails; a difference waits for the KTP; WNI show a NIK where the scheme asks for one."""
    kind, findings = facts.identity_kind, facts.identity_findings
    seen = {"kind": kind, "nationality": facts.nationality, "findings": list(findings)}
    if not kind or not facts.nationality:
        return Finding("unanswered", seen)
    if kind == PASSPORT:
        if facts.nationality == "WNI" and rule.params["require_nik_for_wni"]:
            return Finding("nik_required", seen)
        return Finding("passport_fault" if PASSPORT_FAULTS & set(findings) else "ok", seen)
    if kind == NIK and FAULTS & set(findings):
        return Finding("nik_fault", seen)
    if findings:
        return Finding("verified" if facts.identity_verified else "nik_differs", seen)
    return Finding("ok", seen)


def age_between(rule: Rule, facts: Facts, reference: Reference) -> Finding:
    """Whole years on the first day of training; both limits are allowed ages."""
    if facts.birth_date is None:
        return Finding("unanswered")
    age = age_on(facts.birth_date, facts.starts_on)
    if age < rule.params.get("min", 0):
        return Finding("too_young", {"age": age})
    return Finding("too_old" if age > rule.params.get("max", age) else "ok", {"age": age})


def education_min(rule: Rule, facts: Facts, reference: Reference) -> Finding:
    """Compared by rank; a level that the list does not know is for people to judge."""
    level, ranks = facts.education_level, reference.education_ranks
    if not level:
        return Finding("unanswered")
    seen = {"level": level}
    if level not in ranks or rule.params["level"] not in ranks:
        return Finding("level_unknown", seen)
    if ranks[level] < ranks[rule.params["level"]]:
        return Finding("too_low", seen)
    return Finding(paper(facts, rule.document), seen)


def experience_min_years(rule: Rule, facts: Facts, reference: Reference) -> Finding:
    """Time in at least one range before training starts; see `periods` for the length of a year.

    When the field matters and only the sum of all fields suffices, the field is unclear, which staff settle by
    accepting the letter of employment.
    """
    years, ranges = rule.params["years"], [(item.starts_on, item.ends_on) for item in facts.experiences]
    total = covered(ranges, facts.starts_on)
    if not ranges:
        return Finding("unanswered" if facts.preliminary else "none_written", _length(total, years))
    if not total.reaches(years):
        return Finding("too_short", _length(total, years))
    if not rule.params.get("field_match"):
        return Finding(paper(facts, rule.document), _length(total, years))
    matching = [
        (item.starts_on, item.ends_on) for item in facts.experiences if fields_match(facts.target_field, item.field)
    ]
    in_field = covered(matching, facts.starts_on)
    if in_field.reaches(years):
        return Finding(paper(facts, rule.document), _length(in_field, years))
    reason = "ok" if facts.document(rule.document).accepted else "field_unclear"
    return Finding(reason, {**_length(total, years), "months_in_field": in_field.months})


def _length(found: Covered, years: int) -> dict[str, int]:
    """What is there and what is missing, in numbers that add up on the screen."""
    return {
        "days": found.days,
        "months": found.months,
        "missing_months": max(years * 12 - found.months, 0),
        "missing_days": 0 if found.reaches(years) else days_of_years(years) - found.days,
    }


def declaration_accepted(rule: Rule, facts: Facts, reference: Reference) -> Finding:
    if rule.params["text_code"] in facts.declarations:
        return Finding("ok")
    return Finding("prepare" if facts.preliminary else "not_accepted")


def no_active_duplicate(rule: Rule, facts: Facts, reference: Reference) -> Finding:
    """Never met before staff verified the identity, with or without a duplicate.

    So nobody can type another person's NIK to learn whether that person is registered: the answer is the same. Staff
    find the difference in `seen`.
    """
    cleared = facts.identity_verified and not facts.duplicate_registration
    return Finding("ok" if cleared else "duplicate_check", {"duplicate": facts.duplicate_registration})


def manual_check(rule: Rule, facts: Facts, reference: Reference) -> Finding:
    answer = facts.manual_answers.get(rule.id)
    if answer is None:
        return Finding("staff_check")
    return Finding("ok" if answer else "staff_refused", {"answer": answer})
