"""Further attempts at the exam, attempts that never were, and the end of a batch's decisions."""

from accounts.models import User
from assessments import emails
from assessments.errors.results import AppealIsOpen, AttemptsUsedUp, BatchNotFinished, RetakeNeedsBk
from assessments.models import Appeal, Assessment
from assessments.selectors import completion
from assessments.selectors.attempts import most_attempts, rubric_of_attempt, units_to_repeat, used_attempts
from assessments.services.attempt_moves import explained, lock_assessment, move_assessment
from assessments.services.duties import demand_not_own
from assessments.states import AssessmentStatus
from batches.models import Batch
from batches.services import lock_batch
from core import audit
from core.patience import patient
from participants import services as participants
from participants.models import Registration
from participants.services.moves import lock_registration

S = AssessmentStatus


@patient
def open_retake(assessment: Assessment, *, by: User) -> Assessment:
    """A new attempt with the units that the released BK of `assessment` left, or with all of a void one's. Mails.

    RetakeNeedsBk unless it is the person's latest; AppealIsOpen while an appeal is; AttemptsUsedUp at the maximum.
    """
    lock_batch(assessment.registration.batch_id)  # plans of exams open attempts under it
    registration = lock_registration(assessment.registration)
    assessment = lock_assessment(assessment)
    units = units_to_repeat(assessment)
    if not units:
        raise RetakeNeedsBk
    if Appeal.objects.open().filter(decision__assessment__registration=registration).exists():
        raise AppealIsOpen
    most = most_attempts(rubric_of_attempt(assessment))
    if used_attempts(Assessment.objects.filter(registration=registration)) >= most:
        raise AttemptsUsedUp(most=most)
    return new_attempt(registration, units, by=by)


def new_attempt(
    registration: Registration, units: list[str], *, by: User, from_appeal: Appeal | None = None
) -> Assessment:
    """The next attempt of a locked registration; mails the participant."""
    latest = Assessment.objects.filter(registration=registration).order_by("-attempt").first()
    attempt = Assessment.objects.create(
        registration=registration, attempt=latest.attempt + 1 if latest else 1, units=units, status_by=by,
        from_appeal=from_appeal,
    )  # fmt: skip
    audit.record(
        "retake_opened", attempt, by=by, subject_id=registration.person.user_id, changes={"units": (None, units)}
    )  # fmt: skip
    emails.tell("retake_opened", registration.person.user, assessment_id=attempt.pk)
    return attempt


@patient
def void_assessment(assessment: Assessment, reason: str, *, by: User) -> Assessment:
    """OPEN or RECOMMENDED -> VOID: the person did not take this exam. Does not count as an attempt. Mails.

    OwnResult.
    """
    reason = explained(reason)
    assessment = lock_assessment(assessment)
    demand_not_own(assessment.registration, by)
    move_assessment(assessment, S.VOID, act="attempt_voided", by=by, reason=reason, void_reason=reason)
    emails.tell("attempt_voided", assessment.registration.person.user, assessment_id=assessment.pk)
    return assessment


@patient
def complete_batch(batch: Batch, *, by: User) -> Batch:
    """EXAMINING -> COMPLETED with its people, once every attempt is decided and released.

    BatchNotFinished names who is in the way and what to do.
    """
    batch = lock_batch(batch.pk)
    unfinished = completion.unfinished(batch)
    if unfinished:
        raise BatchNotFinished(people=" ".join(f"{one.registration.person}: {one.text}" for one in unfinished))
    return participants.complete_batch(batch, by=by)
