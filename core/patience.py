"""How long an act waits for what others hold: one transaction, tried twice, then a sentence instead of a fault."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db import OperationalError, transaction

from core.errors import SystemBusy

LOCK_NOT_AVAILABLE, DEADLOCK = "55P03", "40P01"
R = TypeVar("R")


def patient(service: Callable[..., R]) -> Callable[..., R]:
    """One transaction; tried once more when a lock stayed busy, then SystemBusy instead of a fault.

    The second try gets the same arguments, so a service changes rows that it has read itself, not those it was given.
    """

    @wraps(service)
    def wrapped(*args: Any, **kwargs: Any) -> R:
        try:
            return _once(service, *args, **kwargs)
        except SystemBusy:
            if transaction.get_connection().in_atomic_block:  # the caller's locks stay: waiting again is no use
                raise
            return _once(service, *args, **kwargs)

    return wrapped


def _once(service: Callable[..., R], *args: Any, **kwargs: Any) -> R:
    try:
        with transaction.atomic():
            return service(*args, **kwargs)
    except OperationalError as error:
        if is_busy(error):
            raise SystemBusy from error
        raise


def is_busy(error: OperationalError) -> bool:
    """What we wait for stayed locked by somebody else."""
    return getattr(error.__cause__, "pgcode", "") in {LOCK_NOT_AVAILABLE, DEADLOCK}
