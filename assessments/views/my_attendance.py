"""A participant's own attendance."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from assessments.selectors import roll_call as pages
from participants.models import Registration
from participants.states import SEATED


def my_attendance(request: HttpRequest, code: str) -> HttpResponse:
    """Own marks, the percent, what is missing and what to do about it."""
    mine = Registration.objects.owned_by(request.user).select_related("batch__scheme", "batch__venue", "person")
    registration = get_object_or_404(mine, code=code)
    is_seated = registration.status in SEATED
    context = {
        "registration": registration,
        "batch": registration.batch,
        "record": pages.own_attendance(registration) if is_seated else None,
    }
    return render(request, "assessments/attendance/mine.html", context)
