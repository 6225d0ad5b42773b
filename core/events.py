"""Announcing that something happened: after the commit, ids only, listeners isolated from each other."""

from functools import partial

from django.db import transaction
from django.dispatch import Signal


def announce(signal: Signal, *, sender: type, **ids: int | str) -> None:
    """Sends `signal` once the surrounding transaction has committed.

    Events are hints: a listener that fails is logged by django.dispatch and never undoes the act; sweepers heal.
    """
    for name, value in ids.items():
        if not isinstance(value, int | str):
            raise TypeError(f"Events carry ids, not objects: {name}")
    transaction.on_commit(partial(signal.send_robust, sender=sender, **ids))
