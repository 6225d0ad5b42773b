try:
    from batches.services import give_seat_back, lock_batch, mark_cancelled, mark_completed, take_seat
except ImportError:  # while batches grows its services

    def _missing(*args, **kwargs):
        raise NotImplementedError

    give_seat_back = lock_batch = mark_cancelled = mark_completed = take_seat = _missing
__all__ = ["give_seat_back", "lock_batch", "mark_cancelled", "mark_completed", "take_seat"]
