"""One person's attempts at the exam, for the desk, and what may be done with them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments import services
from assessments.errors.results import AppealIsOpen, AttemptsUsedUp
from assessments.forms.results import ReasonForm
from assessments.models import Assessment
from assessments.policies import results as policies
from assessments.selectors.attempts import most_attempts, rubric_of_attempt, units_left, used_attempts, view_of
from assessments.selectors.explained import AttemptInWords, attempts_in_words, duties_toward, load_attempts
from assessments.states import OPEN_APPEAL
from core.errors import DomainError
from core.views import explain_domain_errors


def assessment_detail(request: HttpRequest, code: str) -> HttpResponse:
    """All attempts of the person that this one belongs to, with records, reasons, duties and appeals."""
    assessment = _load(request, code)
    registration = assessment.registration
    rows = load_attempts(registration)
    latest, rubric = rows[-1], rubric_of_attempt(rows[-1])
    attempts = attempts_in_words(rows, view_of(rubric), released_only=False)
    used, most = used_attempts(rows), most_attempts(rubric)
    waits = _what_a_retake_waits_for(attempts, used, most) if units_left(latest) else ""
    may_retake = bool(units_left(latest)) and not waits
    context = {
        "registration": registration,
        "batch": registration.batch,
        "attempts": attempts,
        "latest": latest,
        "actions": policies.attempt_actions(request.user, latest, may_retake=may_retake),
        "retake_waits": waits,
        "used": used,
        "most": most,
        "duties": duties_toward(registration),
    }
    return render(request, "assessments/results/assessment_detail.html", context)


def _what_a_retake_waits_for(attempts: list[AttemptInWords], used: int, most: int) -> str:
    """Why a retake that the result asks for cannot be opened now."""
    if any(one.appeal and one.appeal.status in OPEN_APPEAL for one in attempts):
        return str(AppealIsOpen())
    return str(AttemptsUsedUp(most=most)) if used >= most else ""


def send_back(request: HttpRequest, code: str) -> HttpResponse:
    assessment = _load(request, code)
    return _with_reason(
        request, assessment, services.send_back,
        title=_("Kembalikan rekomendasi %(name)s?") % {"name": assessment.registration.person},
        text=_("Penguji menerima email berisi alasan ini, mengoreksi rekaman, lalu menandatanganinya lagi."),
        label=_("Kembalikan kepada penguji"), done=_("Rekomendasi dikembalikan. Penguji dikabari lewat email."),
        hint=_("Dibaca oleh penguji."), danger=False,
    )  # fmt: skip


def void_assessment(request: HttpRequest, code: str) -> HttpResponse:
    assessment = _load(request, code)
    return _with_reason(
        request, assessment, services.void_assessment,
        title=_("Batalkan uji %(name)s?") % {"name": assessment.registration.person},
        text=_("Untuk peserta yang tidak mengikuti uji. Uji ini tidak dihitung sebagai kesempatan."),
        label=_("Batalkan uji"), done=_("Uji dibatalkan. Peserta dikabari lewat email."),
        hint=_("Dibaca oleh peserta."), danger=True,
    )  # fmt: skip


@explain_domain_errors
def open_retake(request: HttpRequest, code: str) -> HttpResponse:
    attempt = services.open_retake(_load(request, code), by=request.user)
    messages.success(request, _("Uji ulang dibuka. Peserta dikabari lewat email. Rencanakan jadwal dan pengujinya."))
    return redirect("assessments:assessment_detail", code=attempt.code)


def _with_reason(
    request: HttpRequest, assessment: Assessment, service: Callable[..., Any], *, done: str, hint: str, **words: Any
) -> HttpResponse:
    """A page that asks once more and takes the reason; a refusal stands on the page with what was typed."""
    form = ReasonForm(request.POST or None, hint=hint)
    if request.method == "POST" and form.is_valid():
        try:
            service(assessment, form.cleaned_data["reason"], by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            return redirect("assessments:assessment_detail", code=assessment.code)
    back = reverse("assessments:assessment_detail", args=[assessment.code])
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "back_url": back, "consequences": [], **words}
    return render(request, "assessments/results/confirm.html", context, status=status)


def _load(request: HttpRequest, code: str) -> Assessment:
    rows = Assessment.objects.visible_to(request.user)
    related = rows.select_related("registration__person__user", "registration__batch__scheme")
    return get_object_or_404(related, code=code)
