"""Background jobs: each row worked once, whatever crashes, however many workers run."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from accounts.models import User
from core import clock, jobs, tasks
from core.errors import DomainError
from core.models import AuditEntry, Job, JobRow, JobRowStatus, JobStatus
from core.signals import job_queued

pytestmark = pytest.mark.django_db
KIND = "test.count"


class Trouble(Exception):
    """A fault of ours."""


@pytest.fixture
def owner():
    return User.objects.create_user("rina@example.test", name="Rina")


@pytest.fixture
def runner(monkeypatch):
    """A kind of job whose rows say what happens: anything, refuse:…, crash:…. Each effect is a row of the audit log."""

    def work(job, key):
        if key.startswith("refuse"):
            raise DomainError("Kelas penuh.")
        AuditEntry.objects.create(act=KIND, object_kind="row", object_id=key)
        if key.startswith("crash") and job.params.get("crash"):
            raise Trouble("NIK 3174000000000003")
        return f"selesai {key}"

    monkeypatch.setitem(jobs._runners, KIND, work)
    monkeypatch.setitem(jobs._titles, KIND, "Menghitung")
    return work


def queue(owner, *keys, **params):
    return jobs.queue_job(KIND, by=owner, rows=[(key, key.title()) for key in keys], params=params)


def effects():
    return sorted(AuditEntry.objects.filter(act=KIND).values_list("object_id", flat=True))


def test_job_works_each_row_and_ends(owner, runner):
    job = queue(owner, "a", "b", "c")

    jobs.run_job(job.pk)

    job.refresh_from_db()
    assert (job.status, job.done, job.failed, job.total) == (JobStatus.DONE, 3, 0, 3)
    assert job.finished_at is not None
    assert effects() == ["a", "b", "c"]
    assert list(job.rows.values_list("outcome", flat=True)) == ["selesai a", "selesai b", "selesai c"]


def test_queueing_announces_after_the_commit(owner, runner, django_capture_on_commit_callbacks, monkeypatch):
    started = []
    monkeypatch.setattr(tasks.run_job, "delay", started.append)

    with django_capture_on_commit_callbacks(execute=True):
        job = queue(owner, "a")
        assert started == []

    assert started == [job.pk]
    assert job_queued.has_listeners()


def test_unknown_kind_is_refused_before_anything_is_stored(owner):
    with pytest.raises(KeyError):
        jobs.queue_job("test.nobody", by=owner, rows=[])

    assert not Job.objects.exists()


def test_refused_row_keeps_its_reason_and_the_rest_goes_on(owner, runner):
    job = queue(owner, "a", "refuse", "b")

    jobs.run_job(job.pk)

    job.refresh_from_db()
    assert (job.status, job.done, job.failed) == (JobStatus.DONE, 2, 1)
    assert list(job.rows.values_list("status", "outcome")) == [
        (JobRowStatus.OK, "selesai a"),
        (JobRowStatus.FAILED, "Kelas penuh."),
        (JobRowStatus.OK, "selesai b"),
    ]


def test_running_again_changes_nothing(owner, runner):
    job = queue(owner, "a", "refuse")
    jobs.run_job(job.pk)
    before = list(Job.objects.values()), list(JobRow.objects.values())

    tasks.run_job(job.pk)
    tasks.run_job(job.pk)

    assert (list(Job.objects.values()), list(JobRow.objects.values())) == before
    assert effects() == ["a"]


def test_fault_stops_the_job_undoes_its_row_and_tells_no_data(owner, runner):
    job = queue(owner, "a", "crash", "b", crash=True)

    with pytest.raises(Trouble):
        jobs.run_job(job.pk)

    job.refresh_from_db()
    assert (job.status, job.done, job.failed, job.failure_reason) == (JobStatus.FAILED, 1, 0, "Trouble")
    assert effects() == ["a"]
    assert list(job.rows.values_list("status", flat=True)) == ["ok", "waiting", "waiting"]


def test_retry_works_only_what_is_left(owner, runner):
    job = queue(owner, "a", "crash", "refuse", crash=True)
    with pytest.raises(Trouble):
        jobs.run_job(job.pk)
    Job.objects.filter(pk=job.pk).update(params={})

    jobs.retry_job(job)
    jobs.run_job(job.pk)

    job.refresh_from_db()
    assert (job.status, job.done, job.failed, job.failure_reason) == (JobStatus.DONE, 2, 1, "")
    assert effects() == ["a", "crash"]


def test_retry_after_refusals_tries_the_refused_rows(owner, runner):
    job = queue(owner, "a", "refuse")
    jobs.run_job(job.pk)
    JobRow.objects.filter(key="refuse").update(key="now it works")

    jobs.retry_job(job)
    jobs.run_job(job.pk)

    job.refresh_from_db()
    assert (job.done, job.failed) == (2, 0)
    assert effects() == ["a", "now it works"]


@pytest.mark.parametrize("status", [JobStatus.QUEUED, JobStatus.RUNNING])
def test_retry_leaves_a_working_job_alone(owner, runner, status, django_capture_on_commit_callbacks):
    job = queue(owner, "a")
    Job.objects.filter(pk=job.pk).update(status=status)

    with django_capture_on_commit_callbacks() as announced:
        jobs.retry_job(job)

    job.refresh_from_db()
    assert job.status == status
    assert announced == []


def test_long_job_hands_the_rest_to_the_next_task(owner, runner, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(jobs, "SLICE_SECONDS", -1)
    job = queue(owner, "a", "b")

    with django_capture_on_commit_callbacks() as announced:
        jobs.run_job(job.pk)

    job.refresh_from_db()
    assert (job.status, job.done, job.attempts) == (JobStatus.QUEUED, 1, 0)
    assert len(announced) == 1
    jobs.run_job(job.pk)
    jobs.run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, effects()) == (JobStatus.DONE, ["a", "b"])


def test_sweeper_finds_what_the_broker_lost(owner, runner):
    job = queue(owner, "a")

    assert jobs.sweep_jobs() == []
    with clock.at(clock.now() + timedelta(seconds=21)):
        assert jobs.sweep_jobs() == [job.pk]


def test_sweeper_frees_a_job_whose_worker_died_between_rows(owner, runner):
    job = queue(owner, "a", "b")
    assert jobs._claim(job.pk)
    assert jobs._work_next_row(job.pk)
    tasks.run_job(job.pk)  # another worker: the job is taken
    assert effects() == ["a"]

    with clock.at(clock.now() + jobs.LOST_AFTER + timedelta(seconds=1)):
        assert jobs.sweep_jobs() == [job.pk]
        jobs.run_job(job.pk)

    job.refresh_from_db()
    assert (job.status, job.done, job.attempts) == (JobStatus.DONE, 2, 2)
    assert effects() == ["a", "b"]


def test_sweeper_leaves_a_living_job_alone(owner, runner):
    job = queue(owner, "a", "b")
    jobs._claim(job.pk)

    with clock.at(clock.now() + jobs.LOST_AFTER - timedelta(seconds=2)):
        assert jobs.sweep_jobs() == []

    job.refresh_from_db()
    assert job.status == JobStatus.RUNNING


def test_job_that_kills_its_workers_is_parked(owner, runner):
    job = queue(owner, "a")
    Job.objects.filter(pk=job.pk).update(
        status=JobStatus.RUNNING, attempts=jobs.MOST_ATTEMPTS, heartbeat_at=clock.now() - 2 * jobs.LOST_AFTER
    )

    assert jobs.sweep_jobs() == []

    job.refresh_from_db()
    assert (job.status, job.failure_reason) == (JobStatus.FAILED, "worker lost")


def test_job_without_rows_is_done_at_once(owner, runner):
    job = queue(owner)

    jobs.run_job(job.pk)

    job.refresh_from_db()
    assert (job.status, job.total) == (JobStatus.DONE, 0)


def test_row_is_stored_once_per_key(owner, runner):
    with pytest.raises(Exception, match="jobrow_once_per_key"), transaction.atomic():
        queue(owner, "a", "a")


@pytest.mark.django_db(transaction=True)
def test_two_workers_work_each_row_once(owner, runner):
    """Both believe that the job is theirs: the locks of the rows keep them apart."""
    job = queue(owner, *(f"row {number:02}" for number in range(40)))
    jobs._claim(job.pk)
    start, worked, faults = Barrier(2), [], []

    def work():
        try:
            start.wait(timeout=10)
            while jobs._work_next_row(job.pk):
                worked.append(1)
        except Exception as error:  # a thread's error would be lost
            faults.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    job.refresh_from_db()
    assert faults == []
    assert (len(worked), job.done, job.failed) == (40, 40, 0)
    assert effects() == [f"row {number:02}" for number in range(40)]


@pytest.mark.django_db(transaction=True)
def test_only_one_worker_gets_a_queued_job(owner, runner):
    job = queue(owner, "a")
    start, claimed = Barrier(4), []

    def claim():
        start.wait(timeout=10)
        claimed.append(jobs._claim(job.pk))
        connection.close()

    threads = [Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(claimed) == [False, False, False, True]
