"""Attempts at the exam: what a retake would look at, and how many there may be."""

from collections.abc import Iterable

from django.db.models import Case, Q, When

from assessments.models import Assessment, Rubric
from assessments.rubric import RubricView, read
from assessments.selectors.results import current_decision, failed_units
from assessments.states import AssessmentStatus, Result


def units_to_repeat(assessment: Assessment) -> list[str]:
    """Units of the next attempt; empty while none follows: it is not the latest, not released, or competent."""
    later = Assessment.objects.filter(registration=assessment.registration_id, attempt__gt=assessment.attempt)
    return [] if later.exists() else units_left(assessment)


def units_left(latest: Assessment) -> list[str]:
    """The same of an attempt that is known to be the latest."""
    if latest.status == AssessmentStatus.VOID:
        return list(latest.units)
    decision = current_decision(latest)
    if decision is None or decision.released_at is None or decision.result == Result.COMPETENT:
        return []
    return failed_units(decision)


def used_attempts(attempts: Iterable[Assessment]) -> int:
    """Attempts that count against the maximum: void ones do not, nor those that an upheld appeal gave."""
    return sum(one.status != AssessmentStatus.VOID and one.from_appeal_id is None for one in attempts)


def most_attempts(rubric: Rubric | None) -> int:
    """The first attempt and the retakes that the rubric allows."""
    return 1 + (rubric.content["decision_rule"]["when_BK"]["max_reassessment"] if rubric else 0)


def rubric_of_attempt(assessment: Assessment) -> Rubric | None:
    """The rubric that its play pins, or that of the scheme which is in force."""
    pinned = Q(pk__in=assessment.plays.values("round__rotation__rubric"))
    in_force = Q(pk__in=Rubric.objects.in_force().values("pk"), code=assessment.registration.batch.scheme.rubric_code)
    found = Rubric.objects.filter(pinned | in_force).annotate(is_pinned=Case(When(pinned, then=1), default=0))
    return found.order_by("-is_pinned", "-pk").first()


def view_of(rubric: Rubric | None) -> RubricView | None:
    """The same to read: labels, criteria, thresholds."""
    return read(rubric.content) if rubric else None
