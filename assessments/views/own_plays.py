"""Role plays as participants and senior assessors see their own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from assessments.selectors import own_plays
from participants.models import Registration
from participants.states import SEATED


def my_plays(request: HttpRequest, code: str) -> HttpResponse:
    """The participant's rotation table: round, role, partners, room, time."""
    mine = Registration.objects.owned_by(request.user).select_related("batch", "person")
    registration = get_object_or_404(mine, code=code)
    is_seated = registration.status in SEATED
    context = {
        "registration": registration,
        "batch": registration.batch,
        "plays": own_plays.own_plays(registration) if is_seated else [],
        "is_seated": is_seated,
    }
    return render(request, "assessments/rotation/my_plays.html", context)


def my_assignments(request: HttpRequest) -> HttpResponse:
    """What the senior assessor records: now, today, later, and what is signed."""
    context = {"todo": own_plays.assignments(request.user)}
    return render(request, "assessments/rotation/my_assignments.html", context)
