"""What a release of a batch's results would show and mail now: the staged decisions, and whether they changed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from assessments.models import Decision
from assessments.selectors.result_board import recommendations
from batches.models import Batch
from participants.models import Registration


@dataclass(frozen=True)
class StagedResult:
    """One decision that waits. `record_says` is the result of the signed records where it is another one; else ""."""

    decision: Decision
    record_says: str = ""
    is_news: bool = False  # not what the reader has seen before

    @property
    def registration(self) -> Registration:
        return self.decision.assessment.registration


def staged_decisions(batch: Batch) -> QuerySet[Decision]:
    """Decided and not yet released, in the order of deciding."""
    rows = Decision.objects.current().filter(released_at=None, assessment__registration__batch=batch)
    rows = rows.select_related("assessment__registration__person__user", "assessment__registration__batch__scheme")
    return rows.order_by("pk")


def release_mark(decisions: Iterable[Decision]) -> str:
    """What a page has shown: another decision has another mark."""
    return " ".join(_mark(one) for one in decisions)


def staged_results(batch: Batch, *, seen: str | None = None) -> list[StagedResult]:
    """Each waiting decision against its signed records; `seen`: mark what a page with that mark did not show.

    Two queries.
    """
    decisions = list(staged_decisions(batch))
    says = recommendations([one.assessment_id for one in decisions])
    shown = None if seen is None else set(seen.split())
    return [
        StagedResult(
            one, _other(one, says[one.assessment_id].result) if one.assessment_id in says else "",
            shown is not None and _mark(one) not in shown,
        )
        for one in decisions
    ]  # fmt: skip


def _mark(decision: Decision) -> str:
    return f"{decision.assessment.code}.{decision.version}.{decision.result}"


def _other(decision: Decision, result: str) -> str:
    return result if result != decision.result else ""
