"""kill -9 of the worker while 30 certificates are made, and the broker emptied in between.

Real processes: a worker on this test's database, a broker and a mail server of its own. What the worker was doing
when it died is read from marks, so that each kill is known to have hit work. The naive task runs beside ours under
the same kills, and has to lose or to double: a green run would say nothing otherwise.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection
from django.test import override_settings
from redis import Redis

from certificates import services, tasks
from certificates.models import Certificate, CertificateEvent
from core import clock
from core.files import path_of, read_file, sweep_orphan_files
from core.models import StoredFile
from notifications.models import Email
from notifications.states import EmailStatus
from tests.factories.certificates import make_director, make_ready_class
from tests.factories.classes import people_of
from tests.tot_portal.processes_helper import wait_until
from tot_portal.celery import app
from tot_portal.embedded import EmbeddedValkey, free_port

pytestmark = pytest.mark.django_db(transaction=True)
BASE = Path(settings.BASE_DIR)
PEOPLE = 30
RENDERING, NAIVE = "certificates.tasks.render_certificate", "tests.naive_certificate"


class Sink:
    """aiosmtpd's handler: a mail is kept before its sender hears 250."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, server, session, envelope):
        self.taken.append(bytes(envelope.content))
        return "250 OK"

    def message_ids(self) -> set[str]:
        """Of the portal's certificates."""
        mails = [message_from_bytes(content, policy=policy.default) for content in self.taken]
        return {str(mail["Message-ID"]) for mail in mails if not str(mail["To"]).startswith("naive")}

    def naive_mails(self) -> Counter[str]:
        mails = [message_from_bytes(content, policy=policy.default) for content in self.taken]
        return Counter(str(mail["To"]) for mail in mails if str(mail["To"]).startswith("naive"))


class Stage:
    """The processes and what they leave."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.marks = folder, folder / "marks"
        self.marks.mkdir()
        self.sink, self.broker = Sink(), EmbeddedValkey(folder / "valkey", fast=True)
        self.smtp = Controller(self.sink, hostname="127.0.0.1", port=free_port())
        self.worker: subprocess.Popen | None = None
        self.hits: list[list[str]] = []

    def start_worker(self) -> None:
        database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        own = {
            "DATABASE_URL": database, "REDIS_URL": self.broker.url, "VAR_DIR": str(settings.VAR_DIR),
            "SINK_PORT": str(self.smtp.port), "MARKS_DIR": str(self.marks), "WORKER_CONCURRENCY": "2",
            "DJANGO_SETTINGS_MODULE": "tests.certificates.killed_worker_settings",
        }  # fmt: skip
        quiet = ["--without-gossip", "--without-mingle", "--loglevel=WARNING"]
        with (self.folder / "worker.log").open("a") as log:
            self.worker = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "tests.certificates.killed_worker", "worker", *quiet],
                cwd=BASE, env=os.environ | own, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def log(self) -> str:
        return (self.folder / "worker.log").read_text()[-3000:]

    def running(self) -> list[str]:
        """Names of the tasks that a worker is at."""
        return [mark.name.rpartition("~")[0] for mark in self.marks.iterdir()]

    def kill_mid_task(self, *, after: int) -> None:
        """SIGKILL to the whole group, while it renders and `after` files are made; what it was at is kept in `hits`."""

        def is_due() -> bool:
            return PEOPLE - Certificate.objects.unrendered().count() >= after and RENDERING in self.running()

        assert wait_until(is_due, 60), self.log()
        time.sleep(random.uniform(0, 0.05))
        self.stop()
        self.hits.append(self.running())
        for mark in self.marks.iterdir():
            mark.unlink()

    def stop(self) -> None:
        if self.worker and self.worker.poll() is None:
            os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker.wait()

    def publish(self, name: str, *args: int) -> None:
        with app.connection_for_write(self.broker.url) as line:
            app.send_task(name, args, connection=line)

    def empty_the_broker(self) -> None:
        Redis.from_url(self.broker.url).flushall()


@pytest.fixture
def stage():
    folder = Path(tempfile.mkdtemp(prefix="tot-kill-", dir="/tmp"))
    with ExitStack() as ends:
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        ends.enter_context(override_settings(VAR_DIR=folder / "var", PRIVATE_FILES_ROOT=folder / "var" / "files"))
        stage = Stage(folder)
        stage.broker.start()
        ends.callback(stage.broker.stop)
        stage.smtp.start()
        ends.callback(stage.smtp.stop)
        ends.callback(stage.stop)
        yield stage


@contextmanager
def naive_table():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive_certificates (number integer, person integer)")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE naive_certificates")


def naive_rows() -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, person FROM naive_certificates")
        return cursor.fetchall()


def issue_thirty(monkeypatch) -> list[int]:
    """Ids in the order in which they were announced; a minute ago, so that the sweeper finds them overdue."""
    announced: list[int] = []
    monkeypatch.setattr(tasks.render_certificate, "delay", announced.append)
    batch = make_ready_class(PEOPLE, capacity=PEOPLE)
    with clock.at(clock.now() - timedelta(minutes=1)):
        services.issue_certificates(batch, people_of(batch), by=make_director())
    return announced


def all_done(stage: Stage) -> bool:
    waiting = Certificate.objects.unrendered().exists()
    sent = Email.objects.filter(status=EmailStatus.SENT).count()
    return not waiting and sent == PEOPLE


def test_thirty_certificates_survive_kills_and_an_emptied_broker(stage, monkeypatch):
    announced = issue_thirty(monkeypatch)
    with naive_table():
        for person, certificate_id in enumerate(announced):
            stage.publish(RENDERING, certificate_id)
            stage.publish(NAIVE, person)

        stage.start_worker()
        stage.kill_mid_task(after=4)
        stage.start_worker()
        stage.kill_mid_task(after=10)
        left = Certificate.objects.unrendered().count()
        stage.empty_the_broker()
        stage.start_worker()

        def sweep_and_look() -> bool:
            stage.publish("certificates.tasks.sweep_certificates")
            stage.publish("notifications.tasks.sweep_outbox")
            time.sleep(0.7)
            return all_done(stage)

        assert wait_until(sweep_and_look, 60), stage.log()
        stage.stop()
        naive = naive_rows()

    assert all(RENDERING in hit for hit in stage.hits), stage.hits
    assert left > 0  # the last kill came while work was left
    check_certificates()
    check_mails(stage)
    check_that_the_naive_one_lost_or_doubled(stage, naive)


def check_certificates() -> None:
    """Numbers from 1 on, each made once, one file each in the table and on the disk."""
    certificates = list(Certificate.objects.select_related("file").order_by("seq"))
    assert [one.seq for one in certificates] == list(range(1, PEOPLE + 1))
    assert CertificateEvent.objects.filter(kind=CertificateEvent.Kind.RENDERED).count() == PEOPLE
    assert StoredFile.objects.count() == PEOPLE
    for one in certificates:
        content = read_file(one.file)
        assert content.startswith(b"%PDF")
        assert one.file_sha256 == one.file.sha256
    sweep_orphan_files(timedelta(0))  # a kill between file and row leaves a file that no row names
    on_disk = {path for path in Path(settings.PRIVATE_FILES_ROOT).rglob("*") if path.is_file()}
    assert on_disk == {path_of(one.file.storage_name) for one in certificates}


def check_mails(stage: Stage) -> None:
    """One mail each that the mail server took, by Message-ID: a kill after its answer may bring the same one again."""
    host = urlsplit(settings.SITE_URL).hostname
    owed = {f"<{code}@{host}>" for code in Email.objects.values_list("code", flat=True)}
    assert len(owed) == PEOPLE
    assert stage.sink.message_ids() == owed


def check_that_the_naive_one_lost_or_doubled(stage: Stage, rows: list[tuple[int, int]]) -> None:
    people = Counter(person for _number, person in rows)
    numbers = sorted(number for number, _person in rows)
    assert rows  # it did work
    lost, doubled = PEOPLE - len(people), len(rows) - len(people)
    gaps = numbers != list(range(1, len(rows) + 1))
    mailed_otherwise = set(stage.sink.naive_mails().values()) != {1} or len(stage.sink.naive_mails()) != len(people)
    assert lost or doubled or gaps or mailed_otherwise
