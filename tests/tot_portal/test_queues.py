"""A real worker, two children: small work passes large work, poison is parked, and foreign messages harm nobody."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from redis import Redis

from accounts.models import User
from core import jobs
from core.models import JobRowStatus, JobStatus
from tests.tot_portal.processes_helper import wait_until
from tests.tot_portal.queue_worker import DONE
from tot_portal import task_table
from tot_portal.celery import app
from tot_portal.embedded import EmbeddedValkey

pytestmark = pytest.mark.django_db(transaction=True)
SLOW = 16  # of 0.1 s, for two children


class Worker:
    """`manage.py up`'s worker on a broker of its own and on this test's database."""

    def __init__(self, folder: Path, broker: EmbeddedValkey) -> None:
        self.log, self.broker = folder / "worker.log", broker
        self.redis = Redis.from_url(broker.url, decode_responses=True)
        database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        own = {
            "DATABASE_URL": database, "REDIS_URL": broker.url, "WORKER_CONCURRENCY": "2",
            "VAR_DIR": str(settings.VAR_DIR), "DJANGO_SETTINGS_MODULE": "tot_portal.settings_test",
        }  # fmt: skip
        command = ["celery", "-A", "tests.tot_portal.queue_worker", "worker", "--loglevel=ERROR", "--without-gossip"]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command, "--without-mingle"], cwd=settings.BASE_DIR, env=os.environ | own,
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def publish(self, name: str, *args: int, **options: str) -> None:
        with app.connection_for_write(self.broker.url) as line:
            app.send_task(name, args, connection=line, **options)

    def order_of(self, *, slow_in: str, small_in: str) -> list[str]:
        """What was done until the small task was, when it is published after all the slow ones."""
        self.redis.delete(DONE)
        with app.connection_for_write(self.broker.url) as line:  # one for all: the small one must not come late
            for number in range(SLOW):
                app.send_task("tests.slow", [number], connection=line, queue=slow_in)
            app.send_task("tests.small", connection=line, queue=small_in)
        assert wait_until(lambda: "small" in self.done(), 30), self.log.read_text()[-3000:]
        order = self.done()
        assert wait_until(lambda: len(self.done()) == SLOW + 1, 30), self.log.read_text()[-3000:]
        return order[: order.index("small")]

    def done(self) -> list[str]:
        return self.redis.lrange(DONE, 0, -1)


@pytest.fixture(scope="module")
def worker(django_db_setup, django_db_blocker):
    folder = Path(tempfile.mkdtemp(prefix="tot-queues-", dir="/tmp"))
    with ExitStack() as ends, django_db_blocker.unblock():
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        broker = EmbeddedValkey(folder / "valkey", fast=True)
        broker.start()
        ends.callback(broker.stop)
        worker = Worker(folder, broker)
        ends.callback(worker.stop)
        yield worker


def test_small_task_passes_a_queue_of_slow_ones(worker):
    """Both children are busy when it comes; the next one that is free takes it."""
    before = worker.order_of(slow_in=task_table.BULK, small_in=task_table.MAIL)

    assert len(before) < SLOW / 2


def test_in_one_queue_the_small_task_waits_for_all(worker):
    """The control: without queues of its own the promise does not hold."""
    before = worker.order_of(slow_in=task_table.BULK, small_in=task_table.BULK)

    assert len(before) >= SLOW - 2


def test_messages_of_another_release_are_dropped_and_the_worker_goes_on(worker):
    worker.redis.delete(DONE)
    for name, args in (("batches.tasks.of_tomorrow", [1]), ("core.tasks.run_job", []), ("core.tasks.run_job", [1, 2])):
        worker.publish(name, *args, queue=task_table.MAIL)
    worker.publish("tests.small", queue=task_table.MAIL)

    assert wait_until(lambda: worker.done() == ["small"], 20), worker.log.read_text()[-3000:]
    assert worker.process.poll() is None


def test_row_that_kills_its_worker_each_time_is_parked_and_the_rest_is_done(worker):
    owner = User.objects.create_user("rina@example.test")
    jobs.register("tests.poison", jobs.Kind(lambda job, key: key, "Racun"))
    job = jobs.queue_job("tests.poison", by=owner, rows=[(key, key) for key in ("a", "kill", "b")])
    job.rows.filter(key="kill").update(attempts=jobs.MOST_ATTEMPTS - 1)  # each death costs the test 5 s
    worker.publish("core.tasks.run_job", job.pk)

    def ended() -> bool:
        job.refresh_from_db()
        return job.status not in jobs.UNFINISHED

    assert wait_until(ended, 30), worker.log.read_text()[-3000:]
    poison = job.rows.get(key="kill")
    assert (job.status, job.done, job.failed) == (JobStatus.DONE, 2, 1)
    assert (poison.status, poison.attempts) == (JobRowStatus.FAILED, jobs.MOST_ATTEMPTS)
    assert "5 kali" in poison.outcome
