"""The portal's own Celery application, as it runs on the stage: a running task leaves a mark, a finished one a dot.

The marks prove that a kill hit work; the calls tell which program asked for a task, the hints how often the web server
turned to the broker. The control designs run beside the portal's tasks. A file can put the clock of worker and beat
wrong. The portal knows of none of this.
"""

import os
import re
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
from celery.signals import before_task_publish, task_postrun, task_prerun
from django.utils import timezone

from tot_portal.celery import app

app.set_current()
django.setup()
from tests.faults import naive  # noqa: E402, F401  (Django is set up by now)
from tests.faults.hurry import hurry  # noqa: E402

MARKS, CLOCK = Path(os.environ["MARKS_DIR"]), Path(os.environ["CLOCK_FILE"])
FINISHED, CALLS, HINTS = (Path(os.environ[f"{name}_FILE"]) for name in ("FINISHED", "CALLS", "HINTS"))
true_now = timezone.now


def put_clock_wrong() -> Any:
    """The time of a computer whose clock is off by so many seconds."""
    with suppress(OSError, ValueError):
        return true_now() + timedelta(seconds=float(CLOCK.read_text()))
    return true_now()


def mark_of(task: Any, task_id: str) -> Path:
    return MARKS / f"{task.name}~{task_id}~{os.getpid()}"


@task_prerun.connect
def leave_mark(task_id: str, task: Any, **kwargs: Any) -> None:
    mark_of(task, task_id).touch()
    asker = re.match(r"gen(\d+)@", task.request.origin or "")
    add_to(CALLS, f"{task.name} {asker[1] if asker else 0}\n")


@task_postrun.connect
def remove_mark(task_id: str, task: Any, **kwargs: Any) -> None:
    mark_of(task, task_id).unlink(missing_ok=True)
    if not task.name.startswith("tests."):
        add_to(FINISHED, ".")


def add_to(path: Path, text: str) -> None:
    """Not while no file may grow."""
    with suppress(OSError), path.open("ab") as file:
        file.write(text.encode())


def count_hints() -> None:
    """In the web server: a dot whenever it is about to ask the broker for a task, whether that answers or not."""
    before_task_publish.connect(lambda **kwargs: add_to(HINTS, "."), weak=False)


timezone.now = put_clock_wrong
hurry()
