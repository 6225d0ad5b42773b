"""Appeals (banding): filed by the participant, heard by people who were not involved."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from accounts.models import Lsp, User
from assessments import emails
from assessments.errors.appeals import (
    AppealedAlready,
    AppealTooLate,
    GroundsNeeded,
    NothingToAppeal,
    NotOfTheStaff,
    NotOnThePanel,
    NotYourResult,
    PanelNeeded,
    ResultNotReleased,
)
from assessments.models import Appeal, Assessment, Decision
from assessments.selectors.appeals import appeal_deadline, is_of_the_staff
from assessments.selectors.results import current_decision, failed_units
from assessments.services.attempt_moves import explained, lock_assessments
from assessments.services.attempts import new_attempt
from assessments.services.duties import demand_distance, demand_not_own, take_duty
from assessments.states import APPEAL, AppealStatus, Duty, Result
from core import audit, clock
from core.patience import patient
from core.templatetags.ui import day
from core.transitions import check_transition
from participants.models import Person, Registration
from participants.services.moves import lock_registration

A = AppealStatus


@patient
def file_appeal(decision: Decision, grounds: str, *, by: User) -> Appeal:
    """A participant's appeal against an own, released BK, within the LSP's working days and once. Mails a receipt.

    NotYourResult, ResultNotReleased, NothingToAppeal, AppealTooLate, AppealedAlready, GroundsNeeded.
    """
    grounds = grounds.strip()
    decision = _lock_decision(decision)
    lsp, registration = Lsp.current(), decision.assessment.registration
    _demand_appealable(decision, lsp, by)
    if not grounds:
        raise GroundsNeeded
    due = clock.add_working_days(clock.today(registration.batch.time_zone), lsp.appeal_answer_working_days)
    try:
        with transaction.atomic():
            appeal = Appeal.objects.create(decision=decision, grounds=grounds, answer_due_on=due, status_by=by)
    except IntegrityError as error:
        raise AppealedAlready from error
    audit.record("appeal_filed", appeal, by=by, subject_id=registration.person.user_id)
    emails.tell("appeal_filed", registration.person.user, appeal_id=appeal.pk)
    return appeal


def _demand_appealable(decision: Decision, lsp: Lsp, by: User) -> None:
    registration = decision.assessment.registration
    if registration.person.user_id != by.pk:
        raise NotYourResult
    until = appeal_deadline(decision, lsp)
    if until is None:
        raise ResultNotReleased
    if decision.result == Result.COMPETENT:
        raise NothingToAppeal
    if Appeal.objects.filter(decision=decision).exists():
        raise AppealedAlready
    if clock.today(registration.batch.time_zone) > until:
        raise AppealTooLate(days=lsp.appeal_working_days, day=day(until))


@patient
def withdraw_appeal(appeal: Appeal, *, by: User) -> Appeal:
    """Any open state -> WITHDRAWN, by the participant. Mails; the panel is told when there is one."""
    appeal = _lock_appeal(appeal)
    if _person(appeal).user_id != by.pk:
        raise NotYourResult
    _move(appeal, A.WITHDRAWN, by=by)
    for entry in appeal.panel.select_related("user"):
        emails.tell("appeal_panel_released", entry.user, appeal_id=appeal.pk)
    return appeal


@patient
def accept_appeal(appeal: Appeal, *, by: User) -> Appeal:
    """FILED -> ACCEPTED: it is formally in order, a panel follows. OwnResult. Mails."""
    return _move(_lock_of_another(appeal, by), A.ACCEPTED, by=by)


@patient
def reject_appeal_formally(appeal: Appeal, reason: str, *, by: User) -> Appeal:
    """FILED -> REJECTED_FORMALLY with a reason that the participant reads (ResultReasonNeeded). OwnResult. Mails."""
    reason = explained(reason)
    return _move(
        _lock_of_another(appeal, by), A.REJECTED_FORMALLY, by=by, reason=reason, outcome=A.REJECTED_FORMALLY.value,
        outcome_text=reason,
    )  # fmt: skip


@patient
def appoint_panel(appeal: Appeal, people: Iterable[User], *, by: User) -> Appeal:
    """ACCEPTED -> UNDER_REVIEW by these people, who had no part in the result. Mails the participant and each of them.

    PanelNeeded, NotOfTheStaff, TrainsTheClass, OwnResult, OtherDuty.
    """
    people = sorted(set(people), key=lambda one: one.pk)
    if not people:
        raise PanelNeeded
    appeal = _lock_of_another(appeal, by)
    check_transition(APPEAL, appeal.status, A.UNDER_REVIEW)
    registration = appeal.decision.assessment.registration
    for user in people:
        if not is_of_the_staff(user):
            raise NotOfTheStaff(name=user)
        demand_distance(registration, user)
        take_duty(registration, user, Duty.HEARS_APPEAL, appeal=appeal)
    _move(appeal, A.UNDER_REVIEW, by=by, reason=", ".join(str(user) for user in people))
    for user in people:
        emails.tell("appeal_panel_invited", user, appeal_id=appeal.pk)
    return appeal


@patient
def decide_appeal(appeal: Appeal, *, upheld: bool, text: str, by: User) -> Appeal:
    """UNDER_REVIEW -> UPHELD or DISMISSED by a member of its panel (NotOnThePanel), with the panel's words. Mails.

    Upheld, the person gets an attempt with the units that failed, which does not count against the maximum; one that
    is open already becomes that attempt. The old decision stays readable.
    """
    text = explained(text)
    registration = lock_registration(appeal.decision.assessment.registration)
    attempts = lock_assessments(Assessment.objects.live().filter(registration=registration))
    appeal = _lock_appeal(appeal)
    if not appeal.panel.filter(user=by).exists():
        raise NotOnThePanel
    to = A.UPHELD if upheld else A.DISMISSED
    _move(appeal, to, by=by, reason=text, outcome=to.value, outcome_text=text)
    if upheld:
        _grant_attempt(registration, attempts[-1], appeal, by=by)
    return appeal


def _grant_attempt(registration: Registration, latest: Assessment, appeal: Appeal, *, by: User) -> None:
    decision = current_decision(latest)
    if decision is None:  # a retake is open already
        Assessment.objects.filter(pk=latest.pk, from_appeal=None).update(from_appeal=appeal)
    elif decision.result != Result.COMPETENT:  # who has become competent meanwhile needs no further attempt
        new_attempt(registration, failed_units(decision), by=by, from_appeal=appeal)


@patient
def close_appeal(appeal: Appeal, *, by: User) -> Appeal:
    """UPHELD, DISMISSED or REJECTED_FORMALLY -> CLOSED: everything that followed from it is done. OwnResult. Mails."""
    return _move(_lock_of_another(appeal, by), A.CLOSED, by=by)


# --- shared


def _lock_decision(decision: Decision) -> Decision:
    rows = Decision.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("assessment__registration__person", "assessment__registration__batch").get(
        pk=decision.pk
    )


def _lock_appeal(appeal: Appeal) -> Appeal:
    rows = Appeal.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related(
        "decision__assessment__registration__person__user", "decision__assessment__registration__batch"
    ).get(pk=appeal.pk)


def _lock_of_another(appeal: Appeal, by: User) -> Appeal:
    """As `_lock_appeal`, for what the LSP does; OwnResult when the appeal is one's own."""
    appeal = _lock_appeal(appeal)
    demand_not_own(appeal.decision.assessment.registration, by)
    return appeal


def _person(appeal: Appeal) -> Person:
    return appeal.decision.assessment.registration.person


def _move(appeal: Appeal, to: AppealStatus, *, by: User, reason: str = "", **fields: str) -> Appeal:
    """Writes the new state of a locked appeal with `fields`, its audit entry and the participant's mail."""
    check_transition(APPEAL, appeal.status, to)
    before = appeal.status
    values = {"status": to, "status_at": clock.now(), "status_by": by} | fields
    for name, value in values.items():
        setattr(appeal, name, value)
    appeal.save(update_fields=list(values))
    person = _person(appeal)
    audit.record(
        f"appeal_{to.value}", appeal, by=by, subject_id=person.user_id, changes={"status": (before, to.value)},
        reason=reason,
    )  # fmt: skip
    emails.tell(f"appeal_{to.value}", person.user, appeal_id=appeal.pk)
    return appeal
