"""Rooms of a venue."""

from copy import copy

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from accounts.models import User
from batches.errors import RoomInUse, RoomNameTaken
from batches.models import Room, Venue
from core import audit
from core.patience import patient


@patient
def save_room(venue: Venue, room: Room | None, *, name: str, capacity: int | None, by: User) -> Room:
    """Adds a room to a venue, or changes one. RoomNameTaken when the venue has another of that name."""
    before = {"name": room.name, "capacity": room.capacity} if room else {"name": "", "capacity": ""}
    room = copy(room) if room else Room(venue=venue)
    room.name, room.capacity = name, capacity
    try:
        with transaction.atomic():
            room.save()
    except IntegrityError as error:
        raise RoomNameTaken from error
    changes = {"name": (before["name"], name), "capacity": (before["capacity"], capacity)}
    audit.record("room_saved", room, by=by, changes=changes, label=venue.code)
    return room


@patient
def delete_room(room: Room, *, by: User) -> None:
    """Removes a room that no session has ever taken. RoomInUse otherwise."""
    audit.record("room_deleted", room, by=by, changes={"name": (room.name, "")}, label=room.venue.code)
    try:
        with transaction.atomic():
            room.delete()
    except (ProtectedError, IntegrityError) as error:
        raise RoomInUse(name=room) from error
