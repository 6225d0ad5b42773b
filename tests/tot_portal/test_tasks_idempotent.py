"""Every task of the portal runs once, three times at once and out of order, on real rows, files and mails.

There is work for each of them. What three copies of each leave is what one leaves: the same rows in the same states,
the same files, one mail each at the mail server. When all is done, running everything again, in another order and at
the same time, changes no byte of database or files.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, time, timedelta
from email import message_from_bytes, policy
from os import utime
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count

from accounts.roles import Role
from assessments import services as assessments
from assessments.selectors.plays import rounds_of
from assessments.services.exports import RESULTS
from assessments.states import RolePlayStatus
from batches import services as batches
from batches.models import Session
from batches.states import BatchStatus
from certificates.models import Certificate
from core import clock, listings
from core.files import store_generated
from core.jobs import UNFINISHED
from core.models import Job, JobStatus
from core.ops import marks
from core.storage import private_files
from notifications.models import Email
from notifications.states import DUE, EmailStatus
from participants import services
from participants.services.seats import CONFIRM_JOB
from participants.states import RegistrationStatus as S
from tests.assessments.rotation_helpers import practice
from tests.factories.accounts import make_user
from tests.factories.batches import make_batch, make_planner
from tests.factories.certificates import make_certificate
from tests.factories.classes import make_class, people_of
from tests.factories.participants import make_registration
from tests.factories.plays import make_play
from tests.factories.post import Sink, mail_server
from tests.factories.schedule import as_planned, first_session, make_scheduled
from tests.state import changed, portal_digest
from tot_portal.celery import app
from tot_portal.task_table import QUEUES, TASKS

pytestmark = pytest.mark.django_db(transaction=True)
COPIES, PASSES = 3, 4
SWEEPS = [name for name, task in TASKS.items() if task.every and name != "tot_portal.tasks.watch"]
NOTES = {"core_opsmark"}  # when a sweep ran last is no trace of its work
BY_ID: dict[str, Callable[[], Iterator[int]]] = {  # whatever there is: what is done already must stay as it is
    "certificates.tasks.render_certificate": lambda: Certificate.objects.values_list("pk", flat=True),
    "core.tasks.run_bulk_job": lambda: Job.objects.values_list("pk", flat=True),
    "core.tasks.run_job": lambda: Job.objects.values_list("pk", flat=True),
    "notifications.tasks.deliver_email": lambda: Email.objects.values_list("pk", flat=True),
}


@contextmanager
def real_mail_and_files(settings, folder) -> Iterator[Sink]:
    with mail_server() as (port, sink):
        settings.EMAIL_BACKEND = "notifications.smtp.SmtpBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
        settings.PRIVATE_FILES_ROOT = folder
        try:
            yield sink
        finally:
            with app.connection_for_write() as line:  # what the sweeps have asked of workers
                for name in QUEUES:
                    line.default_channel.queue_purge(name)


def message_id(mail: bytes) -> str:
    return str(message_from_bytes(mail, policy=policy.default)["Message-ID"])


def make_work() -> datetime:
    """Something to do for every task; the moment at which it is due."""
    play = make_play(make_class(2, status=BatchStatus.EXAMINING), status=RolePlayStatus.FINISHED)  # nobody has signed
    zone = ZoneInfo(play.round.rotation.batch.time_zone)
    noon = datetime.combine(play.round.starts_at.astimezone(zone), time(12), zone) + timedelta(days=1)
    with clock.at(noon - timedelta(hours=1)):
        admin = make_user(role=Role.ADMIN)
        make_registration(last_saved_at=clock.now() - timedelta(days=31))
        make_registration(S.RETURNED, status_at=clock.now() - timedelta(days=3), return_due_on=clock.today())
        make_registration(S.WAITLISTED, batch=make_batch(capacity=1))
        change_a_timetable()
        move_a_class()
        certificate = make_certificate()
        full = make_batch(capacity=2)
        for _number in range(3):
            make_registration(S.ELIGIBLE, batch=full, verified_at=clock.now())
        services.confirm_all_eligible(full, by=admin)
        ids = [one.pk for one in people_of(certificate.registration.batch)]
        listings.queue_file(RESULTS, ids, by=admin)
    with clock.at(noon - timedelta(days=9)):
        store_generated(b"{}", content_type="application/json", purpose="lama", keep_days=7)
    leave_an_orphan()
    return noon


def change_a_timetable() -> None:
    batch = make_scheduled()
    make_registration(S.CONFIRMED, batch=batch)
    session = first_session(batch)
    batches.update_session(session, as_planned(session, title="Judul baru"), version=1, by=make_planner())


def move_a_class() -> None:
    """Rounds of a rotation in use whose sessions have moved."""
    rotation = assessments.publish_rotation(practice(make_class(3, starts_in=2)), by=make_planner())
    for session in {one.session for one in rounds_of(rotation)}:
        moved = type(session.period)(*(edge + timedelta(hours=12) for edge in (session.starts_at, session.ends_at)))
        Session.objects.filter(pk=session.pk).update(period=moved)


def leave_an_orphan() -> None:
    """A file that no row names, of last week."""
    with suppress(ZeroDivisionError), transaction.atomic():
        store_generated(b"PK", content_type="application/zip", purpose="batal", keep_days=1)
        1 / 0  # noqa: B018
    last_week = (clock.now() - timedelta(days=7)).timestamp()
    for entry in list(private_files().entries()):
        utime(private_files().path(entry.name), (last_week, last_week))


def calls() -> list[tuple[str, tuple[int, ...]]]:
    """Every task of the table, the sweeps first; those by id once for each row there is."""
    by_id = [(name, (pk,)) for name in BY_ID for pk in BY_ID[name]()]
    return [(name, ()) for name in TASKS if name not in BY_ID] + by_id


def run(name: str, ids: tuple[int, ...], moment: datetime, *, copies: int) -> None:
    """Copies of one task at the same time, each on a connection of its own, as in workers."""
    task = app.tasks[name]
    if copies == 1:
        with clock.at(moment):
            return task(*ids)
    start, faults = Barrier(copies), []

    def work() -> None:
        try:
            start.wait(timeout=20)
            with clock.at(moment):
                task(*ids)
        except Exception as error:  # a thread's error would be lost
            faults.append((name, error))
        finally:
            connection.close()

    threads = [Thread(target=work) for _copy in range(copies)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert faults == []


def run_all(moment: datetime, *, copies: int = 1, order: random.Random | None = None) -> None:
    """Until nothing is left: some tasks make work for others."""
    for _pass in range(PASSES):
        todo = calls()
        if order:
            order.shuffle(todo)
        for name, ids in todo:
            run(name, ids, moment, copies=copies)
        if not (Job.objects.filter(status__in=UNFINISHED) or Email.objects.filter(status__in=DUE)).exists():
            return
    raise AssertionError("there is no end")


def tally() -> dict[str, object]:
    """What is there, without what differs between two worlds: ids, codes, times, texts."""
    found: dict[str, object] = {}
    for model in apps.get_models():
        states = [field.name for field in model._meta.fields if field.name in {"status", "kind", "act"}]
        if model._meta.db_table not in NOTES:
            rows = model.objects.order_by().values(*states) if states else model.objects.order_by().values()
            counted = rows.annotate(n=Count("pk")).values_list(*states, "n") if states else rows.count()
            found[model._meta.label] = Counter({tuple(key): n for *key, n in counted}) if states else counted
    return found


def leave_a_world(settings, folder, *, copies: int, order: random.Random | None) -> dict[str, object]:
    """Runs everything on a fresh world, then again and again; what it left, when nothing has changed any more."""
    with real_mail_and_files(settings, folder) as sink:
        moment = make_work()
        app.loader.import_default_modules()
        run_all(moment, copies=copies, order=order)
        left, before = tally(), portal_digest()

        for copies_of_all in (1, COPIES):
            todo = calls()
            random.Random(copies_of_all).shuffle(todo)
            for name, ids in todo:
                run(name, ids, moment, copies=copies_of_all)

        assert changed(before, portal_digest()) == []
        sent = Email.objects.filter(status=EmailStatus.SENT).values_list("code", flat=True)
        assert sorted(map(message_id, sink.taken)) == sorted(f"<{code}@testserver>" for code in sent)
        return left


def check_that_there_was_work() -> None:
    """Otherwise doing nothing twice would prove nothing."""
    assert {job.kind: (job.status, job.failed, job.result_id is not None) for job in Job.objects.all()} == {
        CONFIRM_JOB: (JobStatus.DONE, 0, False), RESULTS: (JobStatus.DONE, 0, True),
    }  # fmt: skip
    assert not Certificate.objects.unrendered().exists()
    assert Email.objects.filter(status=EmailStatus.SENT).exists()


def test_three_copies_of_each_task_at_once_and_out_of_order_leave_what_one_leaves(settings, tmp_path):
    one = leave_a_world(settings, tmp_path / "one", copies=1, order=None)
    check_that_there_was_work()
    found = marks()
    assert [name for name in SWEEPS if not found[name].detail["total"]] == []
    call_command("flush", interactive=False, verbosity=0)

    three = leave_a_world(settings, tmp_path / "three", copies=COPIES, order=random.Random(1))

    check_that_there_was_work()
    assert {name: (one[name], three[name]) for name in one if one[name] != three[name]} == {}


def test_task_that_does_its_work_twice_is_found(settings, tmp_path):
    """The control: the comparison sees one row and one file too many."""

    def naive() -> None:
        store_generated(b"PK", content_type="application/zip", purpose="lagi", keep_days=1)

    settings.PRIVATE_FILES_ROOT = tmp_path
    naive()
    before = portal_digest()

    naive()

    assert changed(before, portal_digest()) == ["core_storedfile", "files", "sequences"]
