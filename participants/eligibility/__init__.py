"""Eligibility for a scheme: facts in, an explained answer out. No database, no request, no clock.

    rule_set = parse_rule_set(scheme_eligibility, reference)    # once per version; raises RuleSetInvalid
    result = evaluate(rule_set, facts, reference)               # the one pure function
    words = explain(rule_result, reference)                     # in the active language

Results and facts keep themselves as JSON for the snapshot of a decision.
"""

from participants.eligibility.evaluation import evaluate, evaluate_rule
from participants.eligibility.explain import (
    OUTCOME_LABELS,
    PARTICIPANT,
    STAFF,
    Explanation,
    combine_hint,
    duration,
    explain,
    rule_title,
    why_needed,
)
from participants.eligibility.facts import DocumentFact, Experience, Facts
from participants.eligibility.outcomes import REASONS, Outcome
from participants.eligibility.papers import (
    ALWAYS,
    ONE_OF,
    OPTIONAL,
    MissingChoice,
    RequiredDocument,
    missing_documents,
    required_declarations,
    required_documents,
    uses,
)
from participants.eligibility.periods import Covered, covered
from participants.eligibility.quick import CERTIFICATE_ANSWERS, quick_facts
from participants.eligibility.reference import Reference
from participants.eligibility.results import GroupResult, Result, RuleResult
from participants.eligibility.ruleset import Group, Rule, RuleSet, RuleSetInvalid, parse_rule_set

__all__ = [
    "ALWAYS",
    "CERTIFICATE_ANSWERS",
    "ONE_OF",
    "OPTIONAL",
    "OUTCOME_LABELS",
    "PARTICIPANT",
    "REASONS",
    "STAFF",
    "Covered",
    "DocumentFact",
    "Experience",
    "Explanation",
    "Facts",
    "Group",
    "GroupResult",
    "MissingChoice",
    "Outcome",
    "Reference",
    "RequiredDocument",
    "Result",
    "Rule",
    "RuleResult",
    "RuleSet",
    "RuleSetInvalid",
    "combine_hint",
    "covered",
    "duration",
    "evaluate",
    "evaluate_rule",
    "explain",
    "missing_documents",
    "parse_rule_set",
    "quick_facts",
    "required_declarations",
    "required_documents",
    "rule_title",
    "uses",
    "why_needed",
]
