"""Reads over schemes, batches and the people who serve them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from accounts.roles import Role
from batches.models import AgendaTemplate, Assignment, Batch, Scheme, Venue
from batches.readiness import Requirement, batch_readiness, letter_deadline
from batches.states import BatchStatus
from batches.timetable import AgendaDay, agenda_days, batch_days
from core import clock

__all__ = ["Requirement", "batch_readiness", "letter_deadline"]


@dataclass(frozen=True)
class SchemeFacts:
    """What a scheme trains, and how long it takes."""

    scheme: Scheme
    agenda: AgendaTemplate | None
    days: list[AgendaDay]
    class_size: dict[str, Any]


@dataclass(frozen=True)
class BatchFacts:
    """When and where a batch takes place; `next_open` is another batch of the scheme for who comes too late."""

    batch: Batch
    days: list[AgendaDay]
    is_open: bool
    next_open: Batch | None


@dataclass(frozen=True)
class Staff:
    """Who serves a batch now."""

    facilitators: list[User]
    examiners: list[User]


def scheme_facts(scheme: Scheme) -> SchemeFacts:
    """Units, class size and agenda; one query."""
    agenda = AgendaTemplate.objects.in_force().filter(code=scheme.agenda_code).first()
    return SchemeFacts(scheme, agenda, agenda_days(agenda) if agenda else [], scheme.settings.get("class", {}))


def batch_facts(batch: Batch) -> BatchFacts:
    """Dates, place and timetable; at most one query besides the batch's own."""
    is_open = batch.accepts_registrations()
    others = Batch.objects.accepting().filter(scheme=batch.scheme_id).exclude(pk=batch.pk).order_by("starts_on")
    return BatchFacts(batch, batch_days(batch), is_open, None if is_open else others.first())


def open_batches(*, scheme: str = "", city: str = "") -> QuerySet[Batch]:
    """Batches that take registrations now, the next first."""
    batches = Batch.objects.accepting().select_related("scheme", "venue", "agenda").order_by("starts_on", "id")
    if scheme:
        batches = batches.filter(scheme__code=scheme)
    return batches.filter(venue__city=city) if city else batches


def coming_batches() -> QuerySet[Batch]:
    """Published batches whose registration has not begun."""
    coming = Batch.objects.filter(status=BatchStatus.OPEN, registration_opens_at__gt=clock.now())
    return coming.select_related("scheme", "venue", "agenda").order_by("registration_opens_at", "id")


def active_schemes() -> QuerySet[Scheme]:
    """Schemes with `open_batches`, the number of batches that take registrations."""
    now, status = clock.now(), BatchStatus.OPEN
    accepting = Q(
        batches__status=status, batches__registration_opens_at__lte=now, batches__registration_closes_at__gt=now
    )
    return Scheme.objects.filter(is_active=True).annotate(open_batches=Count("batches", filter=accepting))


def venues() -> QuerySet[Venue]:
    """All venues by name."""
    return Venue.objects.order_by("name")


def assessors() -> QuerySet[User]:
    """Who may train and examine, by name."""
    return User.objects.with_role(Role.ASSESSOR).order_by("name", "email")


def staff_of(batch: Batch) -> Staff:
    """Live assignments; one query."""
    live = Assignment.objects.filter(batch=batch, released_at=None).select_related("person").order_by("id")
    by_function: dict[str, list[User]] = {function: [] for function in Assignment.Function.values}
    for assignment in live:
        by_function[assignment.function].append(assignment.person)
    return Staff(by_function[Assignment.Function.FACILITATOR], by_function[Assignment.Function.EXAMINER])


def status_counts(batches: QuerySet[Batch]) -> dict[str, int]:
    """Number of batches in each state that has any; one query."""
    return dict(batches.order_by().values_list("status").annotate(n=Count("id")))
