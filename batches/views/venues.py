"""Places of assessment."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.models import Lsp
from batches import selectors, services
from batches.forms import VenueForm
from batches.models import Venue


def venue_list(request: HttpRequest) -> HttpResponse:
    return render(request, "batches/venue_list.html", {"venues": selectors.venues()})


def create_venue(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


def update_venue(request: HttpRequest, code: str) -> HttpResponse:
    return _edit(request, get_object_or_404(Venue, code=code))


def _edit(request: HttpRequest, venue: Venue | None) -> HttpResponse:
    """The same form adds and changes."""
    initial = None if venue else {"time_zone": Lsp.current().time_zone}
    form = VenueForm(request.POST or None, instance=venue, initial=initial)
    if request.method == "POST" and form.is_valid():
        stored = get_object_or_404(Venue, pk=venue.pk) if venue else None  # the form has already changed its instance
        services.save_venue(stored, form.cleaned_data, by=request.user)
        messages.success(request, _("Tempat tersimpan."))
        return redirect("batches:venue_list")
    context = {"form": form, "venue": venue, "rooms": venue.rooms.all() if venue else []}
    return render(request, "batches/edit_venue.html", context, status=422 if form.errors else 200)
