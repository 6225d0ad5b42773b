"""The review desk: claim, answer, return, find eligible, reject."""

from accounts.models import User
from participants.models import ApplicationPart, Registration


def claim_for_review(registration: Registration, *, by: User) -> Registration:
    """SUBMITTED -> IN_REVIEW by `by`; a file claimed by a colleague is taken over (audited, no new event)."""
    raise NotImplementedError


def release_claim(registration: Registration, *, by: User) -> Registration:
    """IN_REVIEW -> SUBMITTED; verdicts stay."""
    raise NotImplementedError


def answer_manual_check(registration: Registration, rule_id: str, answer: bool | None, *, by: User) -> ApplicationPart:
    """Staff's answer to a manual_check rule (None clears it), while IN_REVIEW."""
    raise NotImplementedError


def return_registration(registration: Registration, reason: str = "", *, by: User) -> Registration:
    """IN_REVIEW -> RETURNED until today + Lsp.return_days. Needs a returned document or a reason (ReasonNeeded)."""
    raise NotImplementedError


def find_eligible(registration: Registration, *, by: User) -> Registration:
    """IN_REVIEW -> ELIGIBLE, with a DECISION snapshot and a mail.

    NotYetEligible names each rule that is not met and how staff clear it; IdentityTaken when a live twin in the scheme
    holds the same number.
    """
    raise NotImplementedError


def reject_registration(registration: Registration, reason: str = "", *, by: User) -> Registration:
    """IN_REVIEW -> REJECTED with a reason (ReasonNeeded) and a DECISION snapshot; the mail tells the objection route."""
    raise NotImplementedError


def reopen_after_objection(registration: Registration, reason: str = "", *, by: User) -> Registration:
    """REJECTED -> SUBMITTED: an objection was upheld. ReasonNeeded; AnotherIsLive if the person applied anew."""
    raise NotImplementedError
