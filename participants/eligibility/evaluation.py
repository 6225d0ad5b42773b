"""`evaluate`: one rule set, one person's facts, one answer. Pure: no clock, no database, no language."""

from collections.abc import Callable

from participants.eligibility import rules_papers, rules_person
from participants.eligibility.facts import Facts
from participants.eligibility.outcomes import REASONS, Outcome, best, worst
from participants.eligibility.reference import NO_REFERENCE, Reference
from participants.eligibility.results import GroupResult, Result, RuleResult
from participants.eligibility.rules_person import Finding
from participants.eligibility.ruleset import ANY, Group, Rule, RuleSet

CHECKS: dict[str, Callable[[Rule, Facts, Reference], Finding]] = {
    "identity_valid": rules_person.identity_valid,
    "age_between": rules_person.age_between,
    "education_min": rules_person.education_min,
    "experience_min_years": rules_person.experience_min_years,
    "declaration_accepted": rules_person.declaration_accepted,
    "no_active_duplicate": rules_person.no_active_duplicate,
    "manual_check": rules_person.manual_check,
    "certificate_held": rules_papers.certificate_held,
    "document_present": rules_papers.document_present,
    "document_approved": rules_papers.document_approved,
    "expiry_window": rules_papers.expiry_window,
    "assessments_min": rules_papers.assessments_min,
}

_PARTS = {Outcome.MET: "ok", Outcome.NEEDS_PROOF: "parts_need_proof", Outcome.NOT_MET: "parts_not_met"}


def evaluate(rule_set: RuleSet, facts: Facts, reference: Reference = NO_REFERENCE) -> Result:
    """Every rule, every group, and the whole: the worst of the mandatory groups. Optional groups never decide."""
    groups = tuple(_evaluate_group(group, facts, reference) for group in rule_set.groups)
    return Result(worst(group.outcome for group in groups if group.mandatory), groups)


def _evaluate_group(group: Group, facts: Facts, reference: Reference) -> GroupResult:
    rules = tuple(evaluate_rule(rule, facts, reference) for rule in group.rules)
    combine = best if group.combine == ANY else worst
    outcome = combine(rule.outcome for rule in rules)
    return GroupResult(group.id, group.label, group.combine, group.mandatory, outcome, rules)


def evaluate_rule(rule: Rule, facts: Facts, reference: Reference = NO_REFERENCE) -> RuleResult:
    """One rule and those inside it."""
    children = tuple(evaluate_rule(inner, facts, reference) for inner in rule.rules)
    if rule.type == "all_of":
        met = sum(1 for child in children if child.outcome == Outcome.MET)
        finding = Finding(_PARTS[worst(child.outcome for child in children)], {"met": met, "of": len(children)})
    else:
        finding = CHECKS[rule.type](rule, facts, reference)
    return RuleResult(
        id=rule.id,
        type=rule.type,
        label=rule.label,
        outcome=REASONS[rule.type][finding.reason],
        reason=finding.reason,
        seen=dict(finding.seen),
        limit=dict(rule.params),
        document=rule.document,
        children=children,
    )
