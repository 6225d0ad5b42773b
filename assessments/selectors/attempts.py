"""Attempts at the exam: what a retake would look at, and how many there may be."""

from assessments.models import Assessment, Rubric
from assessments.rubric import RubricView, read
from assessments.selectors.results import current_decision, failed_units
from assessments.states import AssessmentStatus, Result
from participants.models import Registration


def units_to_repeat(assessment: Assessment) -> list[str]:
    """Units of the next attempt; empty while none follows: it is not the latest, not released, or competent."""
    later = Assessment.objects.filter(registration=assessment.registration_id, attempt__gt=assessment.attempt)
    if later.exists():
        return []
    if assessment.status == AssessmentStatus.VOID:
        return list(assessment.units)
    decision = current_decision(assessment)
    if decision is None or decision.released_at is None or decision.result == Result.COMPETENT:
        return []
    return failed_units(decision)


def used_attempts(registration: Registration) -> int:
    """Attempts that count against the maximum: void ones do not, nor those that an upheld appeal gave."""
    return Assessment.objects.live().filter(registration=registration, from_appeal=None).count()


def most_attempts(assessment: Assessment) -> int:
    """The first attempt and the retakes that the rubric allows."""
    rubric = rubric_of_attempt(assessment)
    return 1 + (rubric.content["decision_rule"]["when_BK"]["max_reassessment"] if rubric else 0)


def rubric_of_attempt(assessment: Assessment) -> Rubric | None:
    """The rubric that its play pins, or that of the scheme which is in force."""
    of_the_play = Rubric.objects.filter(pk__in=assessment.plays.values("round__rotation__rubric"))
    in_force = Rubric.objects.in_force().filter(code=assessment.registration.batch.scheme.rubric_code)
    return of_the_play.order_by("-pk").first() or in_force.first()


def view_of_attempt(assessment: Assessment) -> RubricView | None:
    """The same to read: labels, criteria, thresholds."""
    rubric = rubric_of_attempt(assessment)
    return read(rubric.content) if rubric else None
