"""The home pages of the roles: each answers "what now?"."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.roles import Role
from assessments.selectors import own_plays
from batches.models import Assignment, Batch
from batches.states import BEFORE_START, BatchStatus
from participants.models import Registration
from participants.selectors import what_now
from tot_portal.dashboard import admin_board, director_board
from tot_portal.training import training_steps

HOME_OF = {  # in order of precedence
    Role.ADMIN: "admin_home",
    Role.DIRECTOR: "director_home",
    Role.ASSESSOR: "assessor_home",
    Role.AUDITOR: "auditor_home",
    Role.PARTICIPANT: "participant_home",
}
OVER = (BatchStatus.COMPLETED, BatchStatus.ARCHIVED, BatchStatus.CANCELLED)


def dashboard(request: HttpRequest) -> HttpResponse:
    """To the home of the person's first role."""
    return redirect(next(route for role, route in HOME_OF.items() if role in request.user.roles))


def participant_home(request: HttpRequest) -> HttpResponse:
    """The person's registrations, each with its one next step; or the batches that are open."""
    registrations = (
        Registration.objects.owned_by(request.user)
        .select_related("batch__venue", "batch__scheme", "scheme", "person__user")
        .order_by("-id")[:10]
    )
    batches = Batch.objects.accepting().select_related("scheme", "venue", "agenda").order_by("starts_on")[:6]
    steps = training_steps(registrations)
    mine = [(registration, what_now(registration), steps.get(registration.pk, [])) for registration in registrations]
    return render(request, "tot_portal/participant_home.html", {"mine": mine, "batches": batches})


def admin_home(request: HttpRequest) -> HttpResponse:
    """Numbers that open their rows, who waits longest, what holds up each batch, and the last half year."""
    return render(request, "tot_portal/admin_home.html", admin_board(request.user))


def assessor_home(request: HttpRequest) -> HttpResponse:
    """What waits to be recorded, and the batches that this senior assessor serves."""
    assignments = (
        Assignment.objects.filter(person=request.user, released_at=None)
        .exclude(batch__status__in=OVER)
        .select_related("batch__scheme", "batch__venue", "batch__agenda")
        .order_by("batch__starts_on")
    )
    context = {"assignments": assignments, "todo": own_plays.assignments(request.user)}
    return render(request, "tot_portal/assessor_home.html", context)


def director_home(request: HttpRequest) -> HttpResponse:
    """What waits for a decision or a signature, and what holds up each batch."""
    return render(request, "tot_portal/director_home.html", director_board(request.user))


def auditor_home(request: HttpRequest) -> HttpResponse:
    """Ways into the records, read-only."""
    return render(request, "tot_portal/auditor_home.html", {"batches": batches_at_hand()})


def batches_at_hand() -> list[Batch]:
    """Planned, open and running batches, the next first."""
    states = [*BEFORE_START, BatchStatus.RUNNING, BatchStatus.EXAMINING]
    return list(Batch.objects.filter(status__in=states).select_related("scheme", "venue").order_by("starts_on")[:12])
