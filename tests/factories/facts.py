"""Facts as if they had been read, and the marks of a portal in which everything runs."""

from datetime import timedelta
from typing import Any

from core import clock, ops
from core.models import OpsMark
from core.ops import BACKUP, BEAT, RESTORE_TEST, WORKER
from notifications.states import EmailStatus
from tot_portal.facts import Broker, Facts

GB = 1024**3
QUIET = {BEAT: 10, f"{WORKER}celery@satu": 20, BACKUP: 3600, RESTORE_TEST: 3600}  # name -> seconds ago


def make_facts(*, ago: dict[str, float | None] | None = None, **changes: Any) -> Facts:
    """A quiet portal; `ago` moves or removes (None) marks, by seconds before now."""
    now = clock.now()
    seconds = {name: age for name, age in (QUIET | (ago or {})).items() if age is not None}
    values: dict[str, Any] = {
        "now": now, "broker": Broker({"mail": 0}, 0), "mails": dict.fromkeys(EmailStatus.values, 0),
        "mail_due_since": None, "mail_held_since": None, "jobs": {"queued": 0, "running": 0, "failed": 0},
        "job_waiting_since": None, "certificates": {"unrendered": 0, "stuck": 0}, "certificate_waiting_since": None,
        "disk_free": 50 * GB, "disk_size": 100 * GB,
        "marks": {name: OpsMark(name=name, at=now - timedelta(seconds=age)) for name, age in seconds.items()},
    }  # fmt: skip
    return Facts(**values | changes)


def mark_everything() -> None:
    """Beat ticks, a worker works, the last backup is fresh and was tried."""
    for name in QUIET:
        ops.mark(name)
