"""The desk: all batches, and one batch with what it still needs."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Lsp
from batches import policies, selectors
from batches.forms import BatchFilterForm
from batches.models import Batch
from batches.states import PUBLIC, BatchStatus

PER_PAGE = 30
S = BatchStatus


def manage_list(request: HttpRequest) -> HttpResponse:
    """All batches, the latest first."""
    form = BatchFilterForm(request.GET)
    chosen = form.chosen()
    batches = Batch.objects.planned_with(request.user).select_related("scheme", "venue")
    if "q" in chosen:
        batches = batches.filter(name__icontains=chosen["q"])
    if "scheme" in chosen:
        batches = batches.filter(scheme__code=chosen["scheme"])
    counts = selectors.status_counts(batches)
    if "status" in chosen:
        batches = batches.filter(status=chosen["status"])
    context = {
        "form": form,
        "active": chosen,
        "pills": _pills(counts, chosen),
        "page": Paginator(batches, PER_PAGE).get_page(request.GET.get("h")),
        "may_plan": policies.can_plan_batches(request.user),
    }
    return render(request, "batches/manage_list.html", context)


def _pills(counts: dict[str, int], chosen: dict[str, str]) -> list[dict[str, Any]]:
    """The states that have batches, as quick filters that keep the rest of the search."""
    url, kept = reverse("batches:manage_list"), {name: chosen[name] for name in ("q", "scheme") if name in chosen}
    current = chosen.get("status", "")
    everything = {"label": _("Semua"), "url": _with(url, kept), "current": not current, "count": sum(counts.values())}
    return [everything] + [
        {"label": status.label, "url": _with(url, kept | {"status": status.value}), "current": current == status,
         "count": counts[status]}
        for status in BatchStatus
        if counts.get(status)
    ]  # fmt: skip


def _with(url: str, query: dict[str, str]) -> str:
    return f"{url}?{urlencode(query)}" if query else url


def manage_batch(request: HttpRequest, code: str) -> HttpResponse:
    """State, what is still needed, what may be done, people and timetable of one batch."""
    batch = desk_batch(request, code)
    lsp, requirements = Lsp.current(), selectors.batch_readiness(batch)
    context = {
        "batch": batch,
        "state": selectors.batch_state(batch),
        "requirements": requirements,
        "is_blocked": any(requirement.state == "blocked" for requirement in requirements) and batch.status != S.OPEN,
        "actions": policies.allowed_actions(request.user, batch, uses_bnsp=lsp.uses_bnsp_approval),
        "may_plan": policies.can_plan_batches(request.user),
        "may_update": policies.can_update_batch(request.user, batch),
        "may_assign": policies.can_assign_staff(request.user, batch),
        "may_see_roster": policies.can_see_roster(request.user),
        "staff": selectors.staff_of(batch),
        "days": selectors.scheduled_days(batch),
        "is_public": batch.status in PUBLIC,
    }
    return render(request, "batches/manage_batch.html", context)


def desk_batch(request: HttpRequest, code: str) -> Batch:
    """A batch that this person plans, watches or serves; 404 for others."""
    batches = Batch.objects.planned_with(request.user)
    return get_object_or_404(batches.select_related("scheme", "venue", "agenda", "rule_set"), code=code)
