"""The review desk: claim, answer, return, find eligible, reject."""

from datetime import timedelta

from accounts.models import Lsp, User
from core import audit, clock
from core.errors import TransitionNotAllowed
from core.patience import patient
from participants import eligibility
from participants.eligibility import Outcome, Reference, Result
from participants.errors import (
    AnotherIsLive,
    ClaimedByOther,
    IdentityMissing,
    IdentityTaken,
    NotClaimed,
    NotYetEligible,
    OwnRegistration,
    ReasonNeeded,
)
from participants.facts import STAFF_CHECKS, evaluate_registration, load_reference, rule_set_of
from participants.models import ApplicationPart, EligibilityCheck, Registration
from participants.services.applications import claim_identity, promised_review_day, store_part, take_snapshot
from participants.services.moves import lock_registration, move, needed
from participants.states import RegistrationStatus, Verdict

S = RegistrationStatus


@patient
def claim_for_review(registration: Registration, *, by: User) -> Registration:
    """SUBMITTED -> IN_REVIEW by `by`; a file claimed by a colleague is taken over (audited, no new event).

    OwnRegistration: nobody reviews his or her own.
    """
    registration = lock_registration(registration)
    if registration.person.user_id == by.pk:
        raise OwnRegistration
    if registration.status == S.IN_REVIEW:
        return _take_over(registration, by=by)
    move(registration, S.IN_REVIEW, by=by, claimed_at=clock.now(), claimed_by=by)
    return registration


@patient
def release_claim(registration: Registration, *, by: User) -> Registration:
    """IN_REVIEW -> SUBMITTED; verdicts stay. ClaimedByOther when a colleague has it."""
    registration = lock_claimed(registration, by=by)
    move(registration, S.SUBMITTED, by=by, claimed_at=None, claimed_by=None)
    return registration


@patient
def answer_manual_check(registration: Registration, rule_id: str, answer: bool | None, *, by: User) -> ApplicationPart:
    """Staff's answer to a manual_check rule (None clears it), while IN_REVIEW. An unknown rule is a KeyError."""
    registration = lock_claimed(registration, by=by)
    if rule_id not in {rule.id for rule in rule_set_of(registration).walk("manual_check")}:
        raise KeyError(rule_id)
    row = registration.parts.filter(part=STAFF_CHECKS).first()
    answers = dict(row.data.get("answers", {})) if row else {}
    before = answers.pop(rule_id, None)
    if answer is not None:
        answers[rule_id] = answer
    audit.record(
        "manual_check_answered", registration, by=by, subject_id=registration.person.user_id,
        changes={rule_id: (before, answer)},
    )  # fmt: skip
    return store_part(registration, STAFF_CHECKS, {"answers": answers}, version=None, by=by, complete=True)


@patient
def return_registration(registration: Registration, reason: str = "", *, by: User) -> Registration:
    """IN_REVIEW -> RETURNED until today + Lsp.return_days, mailed. Needs a returned document or a reason
    (ReasonNeeded)."""
    registration = lock_claimed(registration, by=by)
    returned = registration.documents.filter(superseded_at=None, verdict=Verdict.RETURNED).select_related("type")
    reason = reason.strip() or ", ".join(str(document.type) for document in returned)
    if not reason:
        raise ReasonNeeded
    due = clock.today(registration.batch.time_zone) + timedelta(days=Lsp.current().return_days)
    move(
        registration, S.RETURNED, by=by, mail="registration_returned", reason=reason, return_due_on=due,
        claimed_at=None, claimed_by=None,
    )  # fmt: skip
    return registration


@patient
def find_eligible(registration: Registration, *, by: User) -> Registration:
    """IN_REVIEW -> ELIGIBLE, with a DECISION snapshot and a mail.

    NotYetEligible names each rule that is not met and how staff clear it; IdentityTaken when a live twin in the scheme
    holds the same number.
    """
    registration = lock_claimed(registration, by=by)
    if not registration.person.identity_index:
        raise IdentityMissing
    if registration.identity_index != registration.person.identity_index and not claim_identity(registration):
        raise IdentityTaken
    reference = load_reference()
    result = evaluate_registration(registration, reference)
    if result.outcome != Outcome.MET:
        raise NotYetEligible(rules=" ".join(blocking_rules(result, reference)))
    move(
        registration, S.ELIGIBLE, by=by, mail="registration_eligible", verified_at=clock.now(), verified_by=by,
        identity_index=registration.identity_index,
    )  # fmt: skip
    take_snapshot(registration, EligibilityCheck.Stage.DECISION, by=by)
    return registration


@patient
def reject_registration(registration: Registration, reason: str = "", *, by: User) -> Registration:
    """IN_REVIEW -> REJECTED with a reason (ReasonNeeded) and a DECISION snapshot; the mail tells how to object."""
    registration = lock_claimed(registration, by=by)
    move(registration, S.REJECTED, by=by, mail="registration_rejected", reason=needed(reason))
    take_snapshot(registration, EligibilityCheck.Stage.DECISION, by=by)
    return registration


@patient
def reopen_after_objection(registration: Registration, reason: str = "", *, by: User) -> Registration:
    """REJECTED -> SUBMITTED: an objection was upheld; mailed. ReasonNeeded; AnotherIsLive after a new application."""
    registration = lock_registration(registration)
    if registration.status != S.REJECTED:
        raise TransitionNotAllowed(current=S(registration.status).label)
    reason = needed(reason)
    others = Registration.objects.live().filter(scheme=registration.scheme_id)
    if others.filter(person=registration.person_id).exists():
        raise AnotherIsLive
    index = registration.person.identity_index or None  # the number may have been mended since
    if index and others.filter(identity_index=index).exists():
        index = None  # a twin came meanwhile: staff see the pair
    move(
        registration, S.SUBMITTED, by=by, mail="registration_reopened", reason=reason, identity_index=index,
        claimed_at=None, claimed_by=None, review_due_on=promised_review_day(registration),
    )  # fmt: skip
    return registration


def lock_claimed(registration: Registration, *, by: User) -> Registration:
    """The locked row that `by` is reviewing; NotClaimed or ClaimedByOther otherwise."""
    registration = lock_registration(registration)
    if registration.status != S.IN_REVIEW:
        raise NotClaimed
    if registration.claimed_by_id != by.pk:
        raise ClaimedByOther(name=str(registration.claimed_by))
    return registration


def blocking_rules(result: Result, reference: Reference) -> list[str]:
    """One sentence per rule that keeps a mandatory group from being met, with what staff can do about it."""
    sentences = []
    for group in (group for group in result.groups if group.mandatory and group.outcome != Outcome.MET):
        for rule in (rule for rule in group.rules if rule.outcome != Outcome.MET):
            leaves = [leaf for leaf in rule.walk() if not leaf.children and leaf.outcome != Outcome.MET]
            for leaf in leaves:
                words = eligibility.explain(leaf, reference, eligibility.STAFF)
                sentences.append(f"{words.title}: {words.message}")
    return list(dict.fromkeys(sentences))


def _take_over(registration: Registration, *, by: User) -> Registration:
    before = registration.claimed_by
    if before == by:
        return registration
    registration.claimed_at, registration.claimed_by = clock.now(), by
    registration.save(update_fields=["claimed_at", "claimed_by"])
    audit.record(
        "review_taken_over", registration, by=by, subject_id=registration.person.user_id,
        changes={"claimed_by": (getattr(before, "code", ""), by.code)},
    )  # fmt: skip
    return registration
