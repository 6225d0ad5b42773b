"""What every change of an attempt at the exam shares: lock, check, write, audit."""

from collections.abc import Iterable

from accounts.models import User
from assessments.errors.results import ResultReasonNeeded
from assessments.models import Assessment
from assessments.states import ASSESSMENT, AssessmentStatus
from core import audit, clock
from core.models import AuditEntry
from core.transitions import check_transition


def lock_assessments(assessments: Iterable[Assessment]) -> list[Assessment]:
    """The rows as they are now, held until the end of the transaction, in ascending order."""
    rows = Assessment.objects.select_for_update(no_key=True, of=("self",))
    rows = rows.select_related("registration__person__user", "registration__batch__scheme")
    return list(rows.filter(pk__in={one.pk for one in assessments}).order_by("pk"))


def lock_assessment(assessment: Assessment) -> Assessment:
    return lock_assessments([assessment])[0]


def move_assessment(
    assessment: Assessment, to: AssessmentStatus, *, act: str, by: User, reason: str = "", **fields: str
) -> AuditEntry:
    """Writes the new state of a locked attempt with `fields`, and its audit entry. TransitionNotAllowed."""
    check_transition(ASSESSMENT, assessment.status, to)
    before = assessment.status
    values = {"status": to, "status_at": clock.now(), "status_by": by} | fields
    for name, value in values.items():
        setattr(assessment, name, value)
    assessment.save(update_fields=list(values))
    return audit.record(
        act, assessment, by=by, subject_id=assessment.registration.person.user_id,
        changes={"status": (before, to.value)}, reason=reason,
    )  # fmt: skip


def explained(reason: str) -> str:
    """The reason without blanks around it; ResultReasonNeeded when nothing is left."""
    reason = reason.strip()
    if not reason:
        raise ResultReasonNeeded
    return reason
