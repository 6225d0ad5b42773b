"""Results of people: their attempts at the exam, what was decided, and what still stands in the way."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, Prefetch, QuerySet

from assessments.models import Appeal, Assessment, Decision
from assessments.states import OPEN_APPEAL, AssessmentStatus, Result
from batches.models import Batch
from participants.models import Registration
from participants.states import SEATED


@dataclass(frozen=True)
class PersonResult:
    """Where one person stands. `assessment` is the latest attempt that is not void, `decision` its current one.

    `units` maps unit codes to the latest released result of each, over all attempts: a retake repeats a few only.
    """

    assessment: Assessment | None = None
    decision: Decision | None = None
    has_open_appeal: bool = False
    units: dict[str, str] = field(default_factory=dict)
    appeal: Appeal | None = None  # the latest, of whichever attempt

    @property
    def is_competent(self) -> bool:
        """The latest attempt is decided, released and K."""
        decision = self.decision
        return decision is not None and decision.released_at is not None and decision.result == Result.COMPETENT


def results_of_batch(batch: Batch) -> dict[int, PersonResult]:
    """By registration id, for everybody who holds a seat; four queries."""
    seated = Registration.objects.filter(batch=batch, status__in=SEATED).values_list("pk", flat=True)
    return results_for(list(seated))


def result_of(registration: Registration) -> PersonResult:
    """Of one person; three queries."""
    return results_for([registration.pk])[registration.pk]


def attempts_of(registrations: Iterable[int]) -> QuerySet[Assessment]:
    """Attempts with their current decision as `.current` (a list of none or one), the first ones first."""
    current = Prefetch("decisions", Decision.objects.current().select_related("decided_by"), to_attr="current")
    rows = Assessment.objects.filter(registration__in=registrations).prefetch_related(current)
    return rows.order_by("registration", "attempt")


def current_decision(assessment: Assessment) -> Decision | None:
    """Of an attempt that came from attempts_of, without a query; of another one with one."""
    if hasattr(assessment, "current"):
        return assessment.current[0] if assessment.current else None
    return assessment.decisions.current().first()


def failed_units(decision: Decision) -> list[str]:
    """What a retake looks at: the units that are not yet competent, or all when none of them was the reason."""
    failed = [unit["unit"] for unit in decision.units if unit["result"] == Result.NOT_YET]
    return failed or list(decision.assessment.units)


def results_for(registrations: list[int]) -> dict[int, PersonResult]:
    """By registration id; three queries."""
    attempts: dict[int, list[Assessment]] = defaultdict(list)
    for attempt in attempts_of(registrations):
        if attempt.status != AssessmentStatus.VOID:
            attempts[attempt.registration_id].append(attempt)
    appeals: dict[int, list[Appeal]] = defaultdict(list)
    rows = Appeal.objects.filter(decision__assessment__registration__in=registrations).order_by("pk")
    for appeal in rows.annotate(of=F("decision__assessment__registration")):
        appeals[appeal.of].append(appeal)
    return {pk: _result(attempts[pk], appeals[pk]) for pk in registrations}


def _result(attempts: list[Assessment], appeals: list[Appeal]) -> PersonResult:
    has_open_appeal = any(appeal.status in OPEN_APPEAL for appeal in appeals)
    appeal = appeals[-1] if appeals else None
    if not attempts:
        return PersonResult(has_open_appeal=has_open_appeal, appeal=appeal)
    units: dict[str, str] = {}
    for attempt in attempts:
        decision = current_decision(attempt)
        if decision and decision.released_at:
            units |= {unit["unit"]: unit["result"] for unit in decision.units}
    return PersonResult(attempts[-1], current_decision(attempts[-1]), has_open_appeal, units, appeal)
