"""Rooms of a venue."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from batches import services
from batches.forms import RoomForm
from batches.models import Room, Venue
from core.errors import DomainError
from core.views import explain_domain_errors


def create_room(request: HttpRequest, code: str) -> HttpResponse:
    return _edit(request, get_object_or_404(Venue, code=code), None)


def update_room(request: HttpRequest, code: str, room: str) -> HttpResponse:
    stored = get_object_or_404(Room.objects.select_related("venue"), venue__code=code, code=room)
    return _edit(request, stored.venue, stored)


@explain_domain_errors
def delete_room(request: HttpRequest, code: str, room: str) -> HttpResponse:
    """Removes a room that no session takes."""
    stored = get_object_or_404(Room.objects.select_related("venue"), venue__code=code, code=room)
    services.delete_room(stored, by=request.user)
    messages.success(request, _("Ruang dihapus."))
    return redirect("batches:update_venue", code=code)


def _edit(request: HttpRequest, venue: Venue, room: Room | None) -> HttpResponse:
    """The same form adds and changes."""
    initial = {"name": room.name, "capacity": room.capacity} if room else None
    form = RoomForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_room(venue, room, **form.cleaned_data, by=request.user)
        except DomainError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Ruang tersimpan."))
            return redirect("batches:update_venue", code=venue.code)
    context = {"form": form, "venue": venue, "room": room}
    return render(request, "batches/edit_room.html", context, status=422 if form.errors else 200)
