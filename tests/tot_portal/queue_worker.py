"""The worker of test_queues.py: the portal's Celery application, with tasks and a job that tell what they do."""

import os
import signal
import time

import django
from celery.signals import worker_init
from redis import Redis

from tot_portal.celery import app, warm_up_renderer

worker_init.disconnect(warm_up_renderer)  # nothing is rendered here
app.set_current()
django.setup()
from core import jobs  # noqa: E402  (Django is set up by now)

DONE = "tests.done"


def tell(name: str) -> None:
    Redis.from_url(app.conf.broker_url).rpush(DONE, name)


@app.task(name="tests.slow")
def slow(number: int) -> None:
    time.sleep(0.1)
    tell("slow")


@app.task(name="tests.small")
def small() -> None:
    tell("small")


def work(job: jobs.Job, key: str) -> str:
    if key == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    return key


jobs.register("tests.poison", jobs.Kind(work, "Racun"))
