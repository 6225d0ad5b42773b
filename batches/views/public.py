"""What everybody may read: which batches take registrations, and which schemes there are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from batches import selectors
from batches.forms import OpenBatchFilterForm


def batch_list(request: HttpRequest) -> HttpResponse:
    """Open batches, narrowed by scheme and city; then those that open soon."""
    everything = list(selectors.open_batches())
    form = OpenBatchFilterForm(
        request.GET,
        schemes=[batch.scheme for batch in everything],
        cities=[batch.venue.city for batch in everything if batch.venue],
    )
    chosen = form.chosen()
    batches = selectors.narrowed(everything, scheme=chosen.get("skema", ""), city=chosen.get("kota", ""))
    context = {"form": form, "active": chosen, "batches": batches, "coming": selectors.coming_batches()[:12]}
    return render(request, "batches/batch_list.html", context | {"has_choice": len(everything) > 1})


def scheme_list(request: HttpRequest) -> HttpResponse:
    """Every scheme that is trained."""
    return render(request, "batches/scheme_list.html", {"schemes": selectors.schemes_with_agendas()})
