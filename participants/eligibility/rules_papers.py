"""Rules about papers: certificates, uploads, validity, assessments done."""

from datetime import date, timedelta
from typing import Any

from participants.eligibility.facts import DocumentFact, Facts, as_date
from participants.eligibility.periods import years_before
from participants.eligibility.reference import Reference
from participants.eligibility.rules_person import Finding, paper
from participants.eligibility.ruleset import Rule
from participants.fields_match import fields_match


def _absent(rule: Rule, facts: Facts) -> str:
    """Nothing uploaded and nothing claimed: missing, or to be prepared in the check without an account."""
    return "prepare" if facts.preliminary and rule.document not in facts.not_held else "absent"


def _is_nothing(document: DocumentFact) -> bool:
    return not document.present and not document.fields


def certificate_held(rule: Rule, facts: Facts, reference: Reference) -> Finding:
    """In force on the chosen day, of the level, for the scheme to be assessed.

    What is plainly too old or too low fails. What is unknown or unclear is settled by staff accepting the document.
    """
    document, limit = facts.document(rule.document), rule.params
    if _is_nothing(document):
        return Finding(_absent(rule, facts))
    on = _validity_day(limit["valid_on"], facts)
    valid_until, level = document.day("valid_until"), document.fields.get("level")
    scheme = str(document.fields.get("scheme") or "")
    seen = {"on": on.isoformat(), "valid_until": _text(valid_until), "level": level, "scheme": scheme}
    if document.fields.get("expired") is True or (valid_until is not None and valid_until < on):
        return Finding("expired", seen)
    wanted = limit.get("min_level", 0)
    if isinstance(level, int) and level < wanted:
        return Finding("level_low", seen)
    unclear = "document_pending"
    if limit.get("same_scheme") and not fields_match(facts.target_field, scheme):
        unclear = "scheme_unclear"
    elif wanted and not isinstance(level, int):
        unclear = "level_unknown"
    elif valid_until is None:
        unclear = "validity_unknown"
    return Finding(paper(facts, rule.document, unclear), seen)


def _validity_day(valid_on: str, facts: Facts) -> date:
    days = {
        "pengajuan": facts.submission_on,
        "mulai_pelatihan": facts.starts_on,
        "selesai_pelatihan": facts.ends_on,
    }
    return days[valid_on]


def document_present(rule: Rule, facts: Facts, reference: Reference) -> Finding:
    """Uploaded and not sent back. Its age runs from its own date when known, else from the upload, to submission."""
    document = facts.document(rule.document)
    if not document.present:
        return Finding(_absent(rule, facts))
    if document.returned:
        return Finding("returned")
    dated = document.day("issued_on") or document.uploaded_on
    if "max_age_days" in rule.params and dated is not None:
        age = (facts.submission_on - dated).days
        return Finding("too_old" if age > rule.params["max_age_days"] else "ok", {"age_days": age})
    return Finding("ok")


def document_approved(rule: Rule, facts: Facts, reference: Reference) -> Finding:
    document = facts.document(rule.document)
    if not document.present:
        return Finding(_absent(rule, facts))
    return Finding({"accepted": "ok", "returned": "returned"}.get(document.verdict, "pending"))


def expiry_window(rule: Rule, facts: Facts, reference: Reference) -> Finding:
    """Submission lies between so many days before and after the end of validity; both ends count."""
    document = facts.document(rule.document)
    if _is_nothing(document):
        return Finding(_absent(rule, facts))
    valid_until = document.day("valid_until")
    if valid_until is None:
        return Finding("validity_unknown")
    opens_on = valid_until - timedelta(days=rule.params["max_days_before_expiry"])
    closes_on = valid_until + timedelta(days=rule.params["max_days_after_expiry"])
    seen = {"valid_until": _text(valid_until), "opens_on": _text(opens_on), "closes_on": _text(closes_on)}
    if facts.submission_on < opens_on:
        return Finding("too_early", seen)
    if facts.submission_on > closes_on:
        return Finding("too_late", seen)
    return Finding(paper(facts, rule.document), seen)


def assessments_min(rule: Rule, facts: Facts, reference: Reference) -> Finding:
    """Assessments within so many years before submission: a list of dates, or a number and the day it counts from.

    A number without that day is taken as typed, because the form asks for the same span of years.
    """
    document = facts.document(rule.document)
    if _is_nothing(document):
        return Finding(_absent(rule, facts))
    typed = document.fields.get("assessments")
    since = years_before(facts.submission_on, rule.params["within_years"])
    if isinstance(typed, list):
        days = (as_date(item) for item in typed)
        count = sum(1 for day in days if day is not None and since <= day <= facts.submission_on)
    elif isinstance(typed, int) and not isinstance(typed, bool):
        count = typed
    else:
        return Finding("unanswered")
    if count < rule.params["count"]:
        return Finding("too_few", {"count": count, "missing": rule.params["count"] - count})
    counted_from = document.day("since")
    unclear = "period_unclear" if counted_from is not None and counted_from < since else "document_pending"
    return Finding(paper(facts, rule.document, unclear), {"count": count, "since": _text(counted_from)})


def _text(day: date | None) -> Any:
    return day.isoformat() if day is not None else None
