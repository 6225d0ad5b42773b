"""The facts come from real rows, the real broker and the real disk, in few queries whatever there is."""

from datetime import timedelta

import pytest
import redis
from django.db.migrations.recorder import MigrationRecorder

from accounts.models import User
from certificates.models import MOST_RENDERINGS
from core import clock, jobs
from core.files import XLSX, store_generated
from core.models import Job, JobStatus
from notifications.models import Email
from notifications.states import EmailStatus as S
from tests.factories.batches import make_batch
from tests.factories.board import make_certificate
from tests.factories.participants import make_registration
from tot_portal.celery import app
from tot_portal.facts import ask_broker, pending_migrations, read_facts, read_sizes

pytestmark = pytest.mark.django_db


def make_mail(status: str, *, due: int = 0, **fields) -> Email:
    """A mail that is due in so many minutes."""
    moment = clock.now() + timedelta(minutes=due)
    if status == S.SENDING:
        fields["claimed_at"] = clock.now()
    return Email.objects.create(
        kind="test", language="id", to_address="siti@contoh.test", status=status, not_before=moment, **fields
    )


def test_mails_that_have_not_ended_are_counted_by_state():
    for status in (S.QUEUED, S.QUEUED, S.HELD, S.SENDING, S.CANCELLED):
        make_mail(status)
    make_mail(S.RETRYING, due=30, failure_reason="later")
    make_mail(S.FAILED, failure_reason="never")
    make_mail(S.SENT, sent_at=clock.now())

    counts = read_facts().mails

    assert counts == {S.QUEUED: 2, S.HELD: 1, S.SENDING: 1, S.RETRYING: 1, S.FAILED: 1}


def test_oldest_due_mail_is_one_that_should_have_gone():
    make_mail(S.HELD, due=-50)
    make_mail(S.RETRYING, due=30, failure_reason="later")
    assert read_facts().mail_due_since is None

    late = make_mail(S.RETRYING, due=-7, failure_reason="later")
    make_mail(S.QUEUED, due=-2)

    assert read_facts().mail_due_since == late.not_before


def test_jobs_that_wait_and_that_failed_lately(monkeypatch):
    monkeypatch.setitem(jobs._kinds, "test.nothing", jobs.Kind(lambda job, key: "", "Nihil"))
    owner = User.objects.create_user("rina@contoh.test")
    waiting, failed, old = (jobs.queue_job("test.nothing", by=owner, rows=[("a", "A")]) for _number in range(3))
    for job, days in ((failed, 1), (old, 8)):
        ended = {"status": JobStatus.FAILED, "failure_reason": "x", "finished_at": clock.now() - timedelta(days=days)}
        Job.objects.filter(pk=job.pk).update(**ended)

    facts = read_facts()

    assert facts.jobs == {"queued": 1, "running": 0, "failed": 1}
    assert facts.job_waiting_since == waiting.created_at


def test_certificates_without_file_and_those_that_are_stuck():
    batch = make_batch()
    waiting = make_certificate(make_registration(batch=batch))
    make_certificate(
        make_registration(batch=batch), render_attempts=MOST_RENDERINGS, render_error="lost",
        issued_at=clock.now() - timedelta(days=1),
    )  # fmt: skip

    facts = read_facts()

    assert facts.certificates == {"unrendered": 2, "stuck": 1}
    assert facts.certificate_waiting_since == waiting.issued_at


def test_lengths_of_all_queues_are_read_from_the_broker(settings):
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.delete("mail", "mail\x06\x166")
        client.rpush("mail", "a", "b")
        client.rpush("mail\x06\x166", "c")
        waiting = ask_broker().waiting
        client.delete("mail", "mail\x06\x166")

    assert waiting["mail"] == 3
    assert set(waiting) == set(app.amqp.queues)


def test_broker_that_is_away_is_no_broker(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert ask_broker() is None


def test_facts_take_four_queries_whatever_there_is(django_assert_num_queries):
    with django_assert_num_queries(4):
        read_facts()
    for _number in range(30):
        make_mail(S.QUEUED, due=-1)

    with django_assert_num_queries(4):
        read_facts()


def test_sizes_count_what_is_kept():
    before = read_sizes()

    store_generated(b"12345", content_type=XLSX, purpose="daftar", keep_days=1)

    after = read_sizes()
    assert (after.files - before.files, after.file_bytes - before.file_bytes) == (1, 5)
    assert after.database > 1_000_000


def test_migration_that_the_database_has_not_seen_is_named():
    assert pending_migrations() == []

    MigrationRecorder.Migration.objects.filter(app="core", name__startswith="0001").delete()

    assert len(pending_migrations()) == 1
