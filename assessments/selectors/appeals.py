"""Appeals: until when, who may hear one, and what is open."""

from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accounts.models import Lsp, RoleGrant, User
from accounts.roles import Role
from assessments.models import Appeal, Decision, DutyEntry
from assessments.selectors.independence import lessons_of
from assessments.states import Result
from batches.models import Assignment
from core import clock
from participants.models import Registration

PANEL_SUGGESTED = 3
PANEL_ROLES = (Role.ASSESSOR, Role.ADMIN, Role.DIRECTOR)


def appeals_for(user: User) -> QuerySet[Appeal]:
    """What this person may see, with whom it concerns."""
    rows = Appeal.objects.visible_to(user)
    return rows.select_related(
        "decision__assessment__registration__person__user", "decision__assessment__registration__batch__scheme",
        "decision__decided_by",
    )  # fmt: skip


def appeal_deadline(decision: Decision, lsp: Lsp) -> date | None:
    """The last day for an appeal against a released decision, in the zone of the batch; None before the release."""
    if decision.released_at is None:
        return None
    zone = ZoneInfo(decision.assessment.registration.batch.time_zone)
    return clock.add_working_days(decision.released_at.astimezone(zone).date(), lsp.appeal_working_days)


def can_still_appeal(decision: Decision, lsp: Lsp, *, has_appeal: bool | None = None) -> bool:
    """A released BK inside its deadline that nobody has appealed against; `has_appeal` when that is known already."""
    until = appeal_deadline(decision, lsp)
    if until is None or decision.result == Result.COMPETENT or decision.superseded_at:
        return False
    if clock.today(decision.assessment.registration.batch.time_zone) > until:
        return False
    return not (Appeal.objects.filter(decision=decision).exists() if has_appeal is None else has_appeal)


def panel_candidates(registration: Registration) -> list[User]:
    """Staff who may hear an appeal of this person: no duty toward them, never a trainer of the class; assessors first.

    The first ones are suggested: who hears the fewest appeals.
    """
    involved = DutyEntry.objects.filter(registration=registration).values("user")
    trainers = Assignment.objects.filter(batch=registration.batch, function=Assignment.Function.FACILITATOR)
    grants = RoleGrant.objects.live().filter(role__in=PANEL_ROLES)
    free = User.objects.filter(is_active=True, pk__in=grants.values("user")).exclude(pk=registration.person.user_id)
    free = free.exclude(pk__in=involved).exclude(pk__in=trainers.values("person"))
    free = free.exclude(pk__in=lessons_of(registration.batch).values("person"))
    people = list(free.prefetch_related("role_grants"))
    busy = _appeals_heard()
    return sorted(people, key=lambda one: (Role.ASSESSOR not in _roles(one), busy.get(one.pk, 0), one.name, one.pk))


def is_of_the_staff(user: User) -> bool:
    return user.is_active and bool(user.roles & set(PANEL_ROLES))


def _roles(user: User) -> set[str]:
    return {grant.role for grant in user.role_grants.all() if grant.revoked_at is None}


def _appeals_heard() -> dict[int, int]:
    heard: dict[int, int] = {}
    for pk in DutyEntry.objects.exclude(appeal=None).values_list("user", flat=True):
        heard[pk] = heard.get(pk, 0) + 1
    return heard
