"""Seats: the only writers of `Batch.seats_held`, always under the batch's lock."""

from django.db.models import F

from accounts.models import User
from batches.errors import CapacityBelowSeats
from batches.models import Batch
from batches.states import SEATS_MOVE
from core import audit


def lock_batch(batch_id: int) -> Batch:
    """The batch, locked for this transaction. Lock it before any registration of it, everywhere."""
    return Batch.objects.select_for_update(no_key=True).get(pk=batch_id)


def take_seat(batch_id: int) -> bool:
    """One more seat held; False when the batch is full or seats no longer move. The caller holds the lock."""
    free = Batch.objects.filter(pk=batch_id, seats_held__lt=F("capacity"), status__in=SEATS_MOVE)
    return bool(free.update(seats_held=F("seats_held") + 1))


def give_seat_back(batch_id: int) -> None:
    """One seat fewer held. The caller holds the lock and takes the person's seat away in the same transaction."""
    Batch.objects.filter(pk=batch_id, seats_held__gt=0).update(seats_held=F("seats_held") - 1)


def change_capacity(batch: Batch, capacity: int, *, by: User) -> Batch:
    """Sets the number of seats; `batch` is locked. CapacityBelowSeats if more are held already."""
    if capacity < batch.seats_held:
        raise CapacityBelowSeats(held=batch.seats_held)
    before, batch.capacity = batch.capacity, capacity
    batch.save(update_fields=["capacity"])
    if before != capacity:
        audit.record("capacity_changed", batch, by=by, changes={"capacity": (before, capacity)})
    return batch
