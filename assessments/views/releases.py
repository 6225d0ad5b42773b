"""Releasing a batch's results: compared person by person, released together, single mails discarded."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import services
from assessments.emails import draft_release
from assessments.models import Decision
from assessments.selectors.releases import release_mark, staged_decisions, staged_results
from batches.models import Batch
from core.errors import DomainError


def release_results(request: HttpRequest, code: str) -> HttpResponse:
    """Shows what each participant would read now, then releases exactly what was shown."""
    batch = _batch(request, code)
    if request.method != "POST":
        return _page(request, batch)
    silent = request.POST.getlist("silent")
    try:
        released = services.release_results(batch, seen=request.POST.get("seen", ""), silent=silent, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return _page(request, batch, seen=request.POST.get("seen", ""), status=422)
    text = ngettext("%(n)s hasil dirilis.", "%(n)s hasil dirilis.", len(released)) % {"n": len(released)}
    quiet = sum(decision.assessment.code in silent for decision in released)
    told = _("Peserta dikabari lewat email.")
    if quiet:
        told = ngettext("%(n)s surat dibuang.", "%(n)s surat dibuang.", quiet) % {"n": quiet}
    messages.success(request, f"{text} {told}")
    return redirect("assessments:result_board", code=code)


def result_mail(request: HttpRequest, code: str, decision: str) -> HttpResponse:
    """The mail of one waiting result as a release would send it now; nothing is written."""
    batch = _batch(request, code)
    found: Decision = get_object_or_404(staged_decisions(batch), code=decision)
    (message,) = draft_release([found])
    context = {"batch": batch, "registration": found.assessment.registration, "message": message}
    return render(request, "assessments/results/result_mail.html", context)


def _page(request: HttpRequest, batch: Batch, *, seen: str | None = None, status: int = 200) -> HttpResponse:
    staged = staged_results(batch, seen=seen)
    mark = release_mark(one.decision for one in staged)
    drafts = draft_release(one.decision for one in staged)
    context = {
        "batch": batch,
        "rows": list(zip(staged, drafts, strict=True)),
        "mark": mark,
        "silent": request.POST.getlist("silent"),
    }
    return render(request, "assessments/results/release.html", context, status=status)


def _batch(request: HttpRequest, code: str) -> Batch:
    return get_object_or_404(Batch.objects.visible_to(request.user).select_related("scheme"), code=code)
