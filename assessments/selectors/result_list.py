"""Results as rows of a list: what an Excel file says of each person, and what the report says of each batch."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from assessments.models import Appeal, Assessment, Decision
from assessments.selectors.board import attendance_percent, with_attendance
from assessments.selectors.results import attempts_of, current_decision
from assessments.states import AssessmentStatus, Result
from batches.models import Batch
from batches.states import BatchStatus
from batches.wording import localized
from core.exports import Column, Value, in_zone
from participants.models import Registration
from participants.states import SEATED

TAUGHT = (BatchStatus.RUNNING, BatchStatus.EXAMINING, BatchStatus.COMPLETED, BatchStatus.ARCHIVED)


def columns() -> list[Column]:
    """Titles of the list of results. No identity number, no address, no phone."""
    return [
        Column(_("Nomor pendaftaran"), 18), Column(_("Nama"), 32), Column(_("Angkatan"), 24), Column(_("Skema"), 34),
        Column(_("Kehadiran (%)"), 14), Column(_("Kesempatan"), 12), Column(_("Keadaan uji"), 20),
        Column(_("Hasil"), 18), Column(_("Hasil tiap unit"), 30), Column(_("Ditetapkan"), 18),
        Column(_("Ditetapkan oleh"), 24), Column(_("Dirilis"), 18), Column(_("Banding berjalan"), 16),
    ]  # fmt: skip


def read_results(ids: Sequence[int]) -> list[list[Value]]:
    """One row for each registration, in the order of the ids; four queries."""
    people = with_attendance(Registration.objects.filter(pk__in=ids)).select_related("person", "batch", "scheme")
    by_id = people.in_bulk()
    latest: dict[int, Assessment] = {}
    for attempt in attempts_of(ids).exclude(status=AssessmentStatus.VOID):
        latest[attempt.registration_id] = attempt
    appealed = Appeal.objects.open().filter(decision__assessment__registration__in=ids)
    open_appeals = set(appealed.values_list("decision__assessment__registration", flat=True))
    return [_row(by_id[pk], latest.get(pk), pk in open_appeals) for pk in ids if pk in by_id]


def _row(person: Registration, attempt: Assessment | None, has_open_appeal: bool) -> list[Value]:
    decision = current_decision(attempt) if attempt else None
    zone = person.batch.time_zone
    return [
        person.number, person.person.display_name, person.batch.name, localized(person.scheme.title),
        attendance_percent(person), attempt.attempt if attempt else None,
        attempt.get_status_display() if attempt else _("Belum ada uji"),
        decision.get_result_display() if decision else None,
        "; ".join(f"{unit['unit']}: {unit['result']}" for unit in decision.units) if decision else None,
        in_zone(decision.decided_at, zone) if decision else None,
        decision.decided_by.name if decision else None,
        in_zone(decision.released_at, zone) if decision else None,
        has_open_appeal,
    ]  # fmt: skip


def people_of_results(batches: QuerySet[Batch]) -> QuerySet[Registration]:
    """Everybody who holds a seat in these batches: by batch, the latest first, then by name."""
    people = Registration.objects.filter(batch__in=batches, status__in=SEATED)
    return people.order_by("-batch__starts_on", "-batch", "person__full_name", "id")


def report_batches(filters: Mapping[str, Any]) -> QuerySet[Batch]:
    """Batches that were or are taught, the latest first. `year` (of the start) and `scheme` (code) narrow them."""
    batches = Batch.objects.filter(status__in=TAUGHT)
    if year := filters.get("year"):
        batches = batches.filter(starts_on__gte=date(int(year), 1, 1), starts_on__lte=date(int(year), 12, 31))
    if scheme := filters.get("scheme"):
        batches = batches.filter(scheme__code=scheme)
    return batches.order_by("-starts_on", "-id")


def with_result_counts(batches: QuerySet[Batch]) -> QuerySet[Batch]:
    """The batches with `seated`, and of those `competent`, `not_yet` by the latest released result, and `waiting`."""
    attempts = Assessment.objects.live().filter(registration=OuterRef("pk")).order_by("-attempt").values("pk")[:1]
    released = Decision.objects.released().filter(assessment=OuterRef("latest"))
    people = Registration.objects.filter(batch=OuterRef("pk"), status__in=SEATED)
    people = people.annotate(latest=Subquery(attempts)).order_by().values("batch")

    def count(condition: Q) -> Subquery:
        return Subquery(people.annotate(n=Count("pk", filter=condition)).values("n"))

    return batches.annotate(
        seated=count(Q()),
        competent=count(Q(Exists(released.filter(result=Result.COMPETENT)))),
        not_yet=count(Q(Exists(released.filter(result=Result.NOT_YET)))),
    )


def report_years() -> list[int]:
    """Years in which a batch began that was taught, the latest first; one query."""
    found = Batch.objects.filter(status__in=TAUGHT).order_by().values_list("starts_on__year", flat=True).distinct()
    return sorted(found, reverse=True)
