"""From stored rows to the facts that the rules look at, and the shapes in which answers are stored.

Shapes of `ApplicationPart.data` (written by forms through `services.save_part`):

    target           {"field": str}                     also kept as Registration.target_field
    identity         {}                                 the answers live in Person, sealed
    education        {"level": EducationLevel.code, "school": str, "major": str, "year": int}
    experience       {"items": [{"employer": str, "position": str, "field": str,
                                 "starts_on": "2019-03-01", "ends_on": "2024-02-29" | None (still there)}]}
    self_assessment  {"answers": {unit code: "K" | "BK"}, "notes": {unit code: str}}
    documents        {}                                 the files are Document rows; complete is computed
    declarations     {}                                 the proofs are accounts.Consent rows
    staff_checks     {"answers": {rule id: bool}}       written by services.answer_manual_check only

`Document.fields` has the keys of `eligibility.DocumentFact.fields`: number, issuer, scheme, level (int),
issued_on and valid_until and since (ISO text), expired (bool), assessments (int).
"""

from participants.eligibility import Facts, Reference, Result, RuleSet
from participants.models import Registration


def load_reference() -> Reference:
    """The LSP's lists of education levels and document types."""
    raise NotImplementedError


def rule_set_of(registration: Registration) -> RuleSet:
    """The parsed rules pinned to the registration's batch."""
    raise NotImplementedError


def gather_facts(registration: Registration) -> Facts:
    """The facts of one registration as they are stored now. No identifiers."""
    raise NotImplementedError


def evaluate_registration(registration: Registration, reference: Reference | None = None) -> Result:
    """The rules of the registration's batch against its present facts."""
    raise NotImplementedError
