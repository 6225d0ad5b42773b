"""Sweeps: tasks of beat's that look for work by state, so that nothing is lost with the broker or a worker."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from celery import Task, shared_task

from core import ops


def sweep(find: Callable[[], int]) -> Task:
    """Makes a task of a function that says how many it has found; the number stands in the task's mark (core.ops)."""

    @shared_task
    @wraps(find)
    def marked() -> None:
        ops.mark_sweep(marked.name, find())

    return marked


def start_again(start: Callable[..., Any], ids: Collection[int]) -> int:
    """Starts a task for each of the ids, and says how many; `start` is its `apply_async`.

    What is lost again, the next sweep finds again; expired copies keep a long queue from growing.
    """
    for one in ids:
        start((one,), expires=60)
    return len(ids)
