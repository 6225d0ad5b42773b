"""The worker that is killed: the portal's own Celery application, and beside it a task as one would write it first.

Each running task leaves a mark, so that the test can prove that a kill hit work.
"""

import os
import time
from datetime import timedelta
from pathlib import Path

import django
from celery.signals import task_postrun, task_prerun
from django.core.mail import EmailMessage
from django.db import connection, transaction

from tot_portal.celery import app

app.set_current()
django.setup()
from notifications.services import delivery  # noqa: E402  (Django is set up by now)

MARKS = Path(os.environ["MARKS_DIR"])  # only the worker's own process reads this file


@task_prerun.connect
def leave_mark(task_id: str, task, **kwargs) -> None:
    (MARKS / f"{task.name}~{task_id}").touch()


@task_postrun.connect
def remove_mark(task_id: str, task, **kwargs) -> None:
    (MARKS / f"{task.name}~{task_id}").unlink(missing_ok=True)


@app.task(name="tests.naive_certificate")
def naive_certificate(person_id: int) -> None:
    """Numbers by looking at the highest one, and does all in one go: number, page, mail, row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(number), 0) + 1 FROM naive_certificates")
        number = cursor.fetchone()[0]
    time.sleep(0.15)  # the page is made
    EmailMessage(f"Naive {number}", "Isi", to=[f"naive{person_id}@contoh.test"]).send()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO naive_certificates VALUES (%s, %s)", [number, person_id])
    time.sleep(0.05)  # something always follows


delivery.LOST_AFTER = timedelta(seconds=2)  # a mail whose worker died is taken back at once, not after five minutes
