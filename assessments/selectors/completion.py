"""What a batch still lacks before it can end."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.selectors.results import PersonResult, results_of_batch
from assessments.states import AssessmentStatus
from batches.models import Batch
from participants.models import Registration
from participants.states import SEATED


@dataclass(frozen=True)
class Unfinished:
    """One person in the way, and what to do about it."""

    registration: Registration
    assessment: Assessment
    text: str


def unfinished(batch: Batch) -> list[Unfinished]:
    """Everybody whose attempt is open, undecided or unreleased; five queries."""
    results = results_of_batch(batch)
    people = _seated(batch)
    return [
        Unfinished(one, results[one.pk].assessment, text)  # type: ignore[arg-type]
        for one in people
        if (text := _what_to_do(results[one.pk]))
    ]


def without_attempt(batch: Batch) -> list[Registration]:
    """Seated people who never took the exam: they end without a result, and nothing waits for them."""
    results = results_of_batch(batch)
    return [one for one in _seated(batch) if results[one.pk].assessment is None]


def _seated(batch: Batch) -> list[Registration]:
    people = Registration.objects.filter(batch=batch, status__in=SEATED).select_related("person__user")
    return list(people.order_by("person__full_name", "pk"))


def _what_to_do(result: PersonResult) -> str:
    if result.assessment is None:
        return ""
    if result.assessment.status == AssessmentStatus.OPEN:
        return _("Uji belum direkomendasikan. Minta penguji menandatangani rekaman, atau batalkan ujinya.")
    if result.assessment.status == AssessmentStatus.RECOMMENDED:
        return _("Hasil belum ditetapkan. Minta pimpinan menetapkannya.")
    if result.decision is None or result.decision.released_at is None:
        return _("Hasil belum dirilis. Rilis hasil angkatan ini.")
    return ""
