"""The participant's own result: K or BK explained, what to do next, and the way to an appeal."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.models import Lsp
from assessments import services
from assessments.forms.results import GroundsForm
from assessments.models import Decision
from assessments.selectors.appeals import appeal_deadline, can_still_appeal
from assessments.selectors.attempts import rubric_of_attempt, view_of
from assessments.selectors.explained import attempts_in_words, load_attempts, own_decisions
from assessments.selectors.next_steps import result_now
from core.errors import DomainError
from participants.models import Registration


def my_result(request: HttpRequest, code: str) -> HttpResponse:
    """Result per unit with its reasons; earlier attempts below. Before the release: that there is none yet."""
    mine = Registration.objects.owned_by(request.user).select_related("batch__scheme", "person__user")
    registration = get_object_or_404(mine, code=code)
    lsp = Lsp.current()
    rows = load_attempts(registration)
    attempts = attempts_in_words(rows, view_of(rubric_of_attempt(rows[-1])) if rows else None)
    current = next((one for one in attempts if one.decision), None)
    is_released = bool(attempts and attempts[0].decision)
    context = {
        "registration": registration,
        "batch": registration.batch,
        "now": result_now(rows, lsp, has_appeal=bool(current and current.appeal)),
        "current": current,
        "earlier": [one for one in attempts if one is not current],
        "own_decisions": own_decisions(registration, with_exam=is_released),
    }
    if current:
        decision = current.decision.decision
        context["may_appeal"] = can_still_appeal(decision, lsp, has_appeal=current.appeal is not None)
        context["appeal_until"] = appeal_deadline(decision, lsp)
    return render(request, "assessments/results/my_result.html", context)


def file_appeal(request: HttpRequest, code: str) -> HttpResponse:
    """Takes the grounds of an appeal against an own, released decision."""
    mine = Decision.objects.released().filter(assessment__registration__in=Registration.objects.owned_by(request.user))
    rows = mine.select_related("assessment__registration__batch", "assessment__registration__person__user")
    decision = get_object_or_404(rows, code=code)
    form = GroundsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            appeal = services.file_appeal(decision, form.cleaned_data["grounds"], by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Banding terkirim. Buktinya kami kirim lewat email."))
            return redirect("assessments:appeal_detail", code=appeal.code)
    lsp = Lsp.current()
    context = {
        "registration": decision.assessment.registration,
        "form": form,
        "until": appeal_deadline(decision, lsp),
        "may_appeal": can_still_appeal(decision, lsp),
        "lsp_rules": lsp,
    }
    return render(request, "assessments/appeals/file_appeal.html", context, status=422 if form.errors else 200)
