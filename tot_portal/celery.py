"""The Celery application; its settings are the CELERY_… names in settings.py."""

import gc
import logging
import os
import signal
from time import monotonic
from typing import Any

from celery import Celery, Task
from celery.signals import task_postrun, worker_init, worker_process_init

from tot_portal.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tot_portal.settings")

app = Celery("tot_portal", task_cls="core.hints:Hint")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

NOTE_SECONDS = 30
_noted_at = -float(NOTE_SECONDS)


@worker_init.connect
def warm_up_renderer(**kwargs: Any) -> None:
    """Render once before the first fork: each child then begins with the loaded engine and shares its memory.

    Without Pango the worker does everything else; certificates wait, with the reason on record.
    """
    from certificates.rendering import RenderingFailed, warm_up  # noqa: PLC0415  (Django is set up by now)

    try:
        warm_up()
    except (OSError, RenderingFailed):
        logging.getLogger(__name__).exception("Certificates cannot be rendered here.")
    gc.collect()
    gc.freeze()  # what is loaded now stays; a child's collector would copy those pages by looking at them


@worker_process_init.connect
def die_with_worker(**kwargs: Any) -> None:
    """A child whose worker was killed would finish its task with nobody to confirm it: the task comes again anyway."""
    die_with_parent(signal.SIGKILL, os.getppid())()


@worker_process_init.connect
def tell_that_we_work(**kwargs: Any) -> None:
    """Each child notes now and then that this worker has finished a task."""
    task_postrun.connect(note_work)


def note_work(task: Task, **kwargs: Any) -> None:
    """A mark in the name of the worker, at most every 30 seconds."""
    global _noted_at
    if monotonic() - _noted_at < NOTE_SECONDS:
        return
    _noted_at = monotonic()
    from core import ops  # noqa: PLC0415  (Django is set up by now)

    ops.mark(f"{ops.WORKER}{task.request.hostname}"[:60])
