"""The desk of results: a class at a glance, deciding, and ending the batch."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import services
from assessments.forms.results import BoardFilterForm, DecideForm
from assessments.models import Assessment
from assessments.policies import results as policies
from assessments.policies.exports import can_export
from assessments.selectors import completion
from assessments.selectors.result_board import APPEALED, DECIDED, STATES, board_rows, counts, narrowed
from batches.models import Batch
from core.errors import DomainError
from core.views import explain_domain_errors


def result_board(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody of the class with gate, attempt, recommendation, decision and appeal."""
    return _board(request, _batch(request, code), DecideForm())


def decide_results(request: HttpRequest, code: str) -> HttpResponse:
    """Decides for exactly the ticked people; a refusal stands on the page with the ticks kept."""
    batch = _batch(request, code)
    form = DecideForm(request.POST)
    ticked = request.POST.getlist("assessment")
    if form.is_valid():
        chosen = Assessment.objects.visible_to(request.user).filter(registration__batch=batch, code__in=ticked)
        try:
            shown = {code: request.POST.get(f"shown-{code}", "") for code in ticked}
            decisions = services.decide_results(
                chosen, minutes=form.cleaned_data["minutes"], shown=shown, by=request.user
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            text = ngettext("%(n)s hasil ditetapkan.", "%(n)s hasil ditetapkan.", len(decisions))
            messages.success(request, text % {"n": len(decisions)} + " " + _("Peserta belum melihatnya."))
            return redirect("assessments:result_board", code=code)
    return _board(request, batch, form, ticked, status=422)


def complete_batch(request: HttpRequest, code: str) -> HttpResponse:
    """Lists what is missing, or asks once more and ends the batch."""
    batch = _batch(request, code)
    if request.method == "POST":
        return _complete(request, batch)
    context = {
        "batch": batch,
        "unfinished": completion.unfinished(batch),
        "without": completion.without_attempt(batch),
    }
    return render(request, "assessments/results/complete_batch.html", context)


@explain_domain_errors
def _complete(request: HttpRequest, batch: Batch) -> HttpResponse:
    services.complete_batch(batch, by=request.user)
    messages.success(request, _("Angkatan selesai. Peserta dikabari lewat email."))
    return redirect("batches:manage_batch", code=batch.code)


def _board(
    request: HttpRequest, batch: Batch, form: DecideForm, ticked: list[str] | None = None, *, status: int = 200
) -> HttpResponse:
    everybody = board_rows(batch)
    filters = BoardFilterForm(request.GET)
    chosen = filters.chosen()
    found = counts(everybody)
    rows = narrowed(everybody, **chosen)
    may_decide = policies.can_decide_results(request.user)
    context = {
        "batch": batch,
        "rows": rows,
        "filters": filters,
        "active": chosen,
        "pills": _pills(batch, found, len(everybody), chosen),
        "form": form,
        "ticked": ticked or [],
        "may_decide": may_decide and any(row.is_ready for row in rows),
        "to_release": found[DECIDED] if policies.can_release_results(request.user) else 0,
        "may_export": can_export(request.user),
    }
    return render(request, "assessments/results/board.html", context, status=status)


def _pills(batch: Batch, found: dict[str, int], total: int, chosen: dict[str, str]) -> list[dict[str, Any]]:
    """The states that somebody is in, as quick filters that keep the search."""
    url, current = reverse("assessments:result_board", args=[batch.code]), chosen.get("state", "")
    kept = {"q": chosen["q"]} if "q" in chosen else {}
    labels = {"": _("Semua"), **STATES, APPEALED: _("Banding terbuka")}
    return [
        {"label": label, "url": f"{url}?{urlencode(kept | ({'state': state} if state else {}))}".rstrip("?"),
         "current": state == current, "count": found[state] if state else total}
        for state, label in labels.items()
        if not state or found[state] or state == current
    ]  # fmt: skip


def _batch(request: HttpRequest, code: str) -> Batch:
    return get_object_or_404(Batch.objects.visible_to(request.user).select_related("scheme"), code=code)
