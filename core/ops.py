"""When something regular happened last: beat's tick, a sweep with what it found, a backup, a restore test.

The operations page, the ready-check and the metrics read these marks. They are notes beside the work and never part
of it: a mark that cannot be written is logged, and the work goes on.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import Error, transaction

from core import clock
from core.models import OpsMark

logger = logging.getLogger(__name__)
BEAT = "beat"  # each tick of beat that a worker has worked
WORKER = "worker."  # followed by the name of the worker that finished a task
BACKUP, RESTORE_TEST = "backup", "restore_test"


def mark(name: str, **detail: Any) -> None:
    """Notes that `name` happened now; `detail` (JSON) replaces what was noted before. One statement, never raises."""
    with _beside_the_work(name):
        OpsMark.objects.bulk_create(
            [OpsMark(name=name, at=clock.now(), detail=detail)],
            update_conflicts=True, unique_fields=["name"], update_fields=["at", "detail"],
        )  # fmt: skip


def mark_sweep(name: str, found: int) -> None:
    """Notes a sweep: `found` now, `total` since the first, `found_at` when it last found something. Never raises."""
    with _beside_the_work(name):
        now = clock.now()
        one, _created = OpsMark.objects.select_for_update(no_key=True).get_or_create(name=name)
        one.detail = one.detail | {"found": found, "total": one.detail.get("total", 0) + found}
        if found:
            one.detail["found_at"] = now.isoformat()
        one.at = now
        one.save(update_fields=["at", "detail"])


def marks() -> dict[str, OpsMark]:
    """All marks by name; one query."""
    return OpsMark.objects.in_bulk()


@contextmanager
def _beside_the_work(name: str) -> Iterator[None]:
    """A savepoint of its own inside the caller's transaction, if there is one; a database that refuses is logged."""
    try:
        with transaction.atomic():
            yield
    except Error as error:
        logger.warning("The mark %s was not written: %s", name, type(error).__name__)
