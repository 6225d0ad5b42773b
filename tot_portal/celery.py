"""The Celery application; its settings are the CELERY_… names in settings.py."""

import os
import signal
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from tot_portal.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tot_portal.settings")

app = Celery("tot_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def die_with_worker(**kwargs: Any) -> None:
    """A child whose worker was killed would finish its task with nobody to confirm it: the task comes again anyway."""
    die_with_parent(signal.SIGKILL, os.getppid())()
