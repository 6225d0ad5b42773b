"""Background jobs: each row worked once, whatever crashes, however many workers run."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from accounts.models import User
from core import clock, jobs, tasks
from core.errors import DomainError, SystemBusy, TransitionNotAllowed
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

    monkeypatch.setitem(jobs._kinds, KIND, jobs.Kind(work, "Menghitung"))
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
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda ids, **options: started.append(*ids))

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


def run_to_the_end(job):
    """As workers do: task after task, while the job asks for the next one."""
    while job.status in jobs.UNFINISHED:
        jobs.run_job(job.pk)
        job.refresh_from_db()


def test_row_with_a_fault_is_tried_and_fails_alone_and_tells_no_data(owner, runner):
    job = queue(owner, "a", "crash", "b", crash=True)

    run_to_the_end(job)

    crashed = job.rows.get(key="crash")
    assert (job.status, job.done, job.failed) == (JobStatus.DONE, 2, 1)
    assert effects() == ["a", "b"]
    assert (crashed.status, crashed.attempts) == (JobRowStatus.FAILED, jobs.MOST_ATTEMPTS)
    assert f"{job.code}/{crashed.pk}" in crashed.outcome
    assert "3174" not in crashed.outcome


def test_fault_that_passes_leaves_no_trace(owner, runner):
    job = queue(owner, "a", "crash", crash=True)
    jobs.run_job(job.pk)
    Job.objects.filter(pk=job.pk).update(params={})

    run_to_the_end(job)

    assert (job.status, job.done, job.failed) == (JobStatus.DONE, 2, 0)
    assert effects() == ["a", "crash"]


def test_busy_row_is_tried_again_before_it_fails_with_its_sentence(owner, runner, monkeypatch):
    def busy(job, key):
        raise SystemBusy

    monkeypatch.setitem(jobs._kinds, KIND, jobs.Kind(busy, "Sibuk"))
    job = queue(owner, "a")

    run_to_the_end(job)

    row = job.rows.get()
    assert (row.attempts, row.outcome) == (jobs.MOST_ATTEMPTS, str(SystemBusy()))


def test_row_that_kills_its_workers_fails_and_the_job_goes_on(owner, runner, monkeypatch):
    """A killed worker says nothing: its transaction is undone, and what it began is all that is known."""
    job = queue(owner, "a", "kill", "b")
    for death in range(1, jobs.MOST_ATTEMPTS + 1):
        assert jobs._claim(job.pk, takes_over=True)
        while JobRow.objects.get(pk=(row_id := jobs._begin_row(job.pk))).key != "kill":
            jobs._work_row(row_id)
        assert job.rows.get(key="kill").attempts == death

    jobs.run_job(job.pk, takes_over=True)

    job.refresh_from_db()
    assert (job.status, job.done, job.failed) == (JobStatus.DONE, 2, 1)
    assert job.rows.get(key="kill").outcome == "Pekerja berhenti 5 kali saat mengerjakan baris ini."
    assert effects() == ["a", "b"]


def test_retry_gives_failed_rows_all_their_tries_again(owner, runner):
    job = queue(owner, "a", "crash", "refuse", crash=True)
    run_to_the_end(job)
    Job.objects.filter(pk=job.pk).update(params={})

    jobs.retry_job(job, by=owner)
    assert set(job.rows.exclude(key="a").values_list("attempts", flat=True)) == {0}
    job.refresh_from_db()
    run_to_the_end(job)

    assert (job.status, job.done, job.failed, job.failure_reason) == (JobStatus.DONE, 2, 1, "")
    assert effects() == ["a", "crash"]
    assert AuditEntry.objects.get(act="job_retried").actor_id == owner.pk


def test_job_of_a_kind_that_this_release_does_not_know_waits_and_is_parked(owner, runner):
    job = queue(owner, "a")
    Job.objects.filter(pk=job.pk).update(kind="test.of_tomorrow")

    jobs.run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts) == (JobStatus.QUEUED, 1)
    run_to_the_end(job)

    assert (job.status, job.failure_reason, job.attempts) == (JobStatus.FAILED, jobs.UNKNOWN, jobs.MOST_ATTEMPTS)
    assert set(job.rows.values_list("status", "attempts")) == {(JobRowStatus.WAITING, 0)}


def test_fault_between_rows_leaves_the_job_to_the_sweeper(owner, runner, monkeypatch):
    job = queue(owner, "a")
    monkeypatch.setattr(jobs, "_begin_row", lambda job_id: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        jobs.run_job(job.pk)

    job.refresh_from_db()
    assert (job.status, job.attempts) == (JobStatus.QUEUED, 1)


# --- cancelling


def test_waiting_job_is_cancelled_at_once(owner, runner):
    job = queue(owner, "a", "b")

    jobs.cancel_job(job, by=owner)
    jobs.run_job(job.pk)

    job.refresh_from_db()
    assert (job.status, job.done) == (JobStatus.CANCELLED, 0)
    assert job.finished_at is not None
    assert set(job.rows.values_list("status", flat=True)) == {JobRowStatus.SKIPPED}
    assert effects() == []
    assert AuditEntry.objects.get(act="job_cancelled").changes == {"status": ["queued", "cancelled"]}


def test_running_job_stops_before_its_next_row(owner, runner, monkeypatch):
    def cancel_meanwhile(job, key):
        if key == "b":
            jobs.cancel_job(job, by=owner)
        return runner(job, key)

    monkeypatch.setitem(jobs._kinds, KIND, jobs.Kind(cancel_meanwhile, "Menghitung"))
    job = queue(owner, "a", "b", "c", "d")

    jobs.run_job(job.pk)

    job.refresh_from_db()
    assert (job.status, job.done, job.failed) == (JobStatus.CANCELLED, 2, 0)
    assert list(job.rows.values_list("status", flat=True)) == ["ok", "ok", "skipped", "skipped"]
    assert effects() == ["a", "b"]


def test_job_whose_worker_died_is_cancelled_by_the_sweeper(owner, runner):
    job = queue(owner, "a")
    jobs._claim(job.pk, takes_over=False)
    jobs.cancel_job(job, by=owner)
    job.refresh_from_db()
    assert job.status == JobStatus.RUNNING

    with clock.at(clock.now() + jobs.LOST_AFTER + timedelta(seconds=1)):
        for job_id in jobs.sweep_jobs():
            jobs.run_job(job_id)

    job.refresh_from_db()
    assert (job.status, effects()) == (JobStatus.CANCELLED, [])


def test_cancelling_twice_changes_nothing(owner, runner):
    job = queue(owner, "a")
    jobs.cancel_job(job, by=owner)
    before = Job.objects.values().get()

    jobs.cancel_job(job, by=owner)

    assert Job.objects.values().get() == before
    assert AuditEntry.objects.filter(act="job_cancelled").count() == 1


@pytest.mark.parametrize("act", [jobs.cancel_job, jobs.retry_job])
def test_ended_job_is_refused_what_comes_too_late(owner, runner, act):
    job = queue(owner, "a")
    if act is jobs.retry_job:
        jobs.cancel_job(job, by=owner)
    else:
        jobs.run_job(job.pk)

    with pytest.raises(TransitionNotAllowed):
        act(job, by=owner)


def test_every_state_has_its_way(owner):
    assert set(jobs.TRANSITIONS) == set(JobStatus)


# --- queues


@pytest.mark.parametrize(
    ("rows", "kind_is_bulk", "task"),
    [(jobs.SMALL, False, "run_job"), (jobs.SMALL + 1, False, "run_bulk_job"), (1, True, "run_bulk_job")],
)
def test_large_jobs_wait_in_a_queue_of_their_own(owner, runner, monkeypatch, rows, kind_is_bulk, task):
    started = []
    for name in ("run_job", "run_bulk_job"):
        monkeypatch.setattr(getattr(tasks, name), "apply_async", lambda ids, name=name, **options: started.append(name))
    monkeypatch.setitem(jobs._kinds, KIND, jobs.Kind(runner, "Menghitung", bulk=kind_is_bulk))
    job = queue(owner, *map(str, range(rows)))

    tasks.start_job((job.pk,))

    assert started == [task]


def test_retry_after_refusals_tries_the_refused_rows(owner, runner):
    job = queue(owner, "a", "refuse")
    jobs.run_job(job.pk)
    JobRow.objects.filter(key="refuse").update(key="now it works")

    jobs.retry_job(job, by=owner)
    jobs.run_job(job.pk)

    job.refresh_from_db()
    assert (job.done, job.failed) == (2, 0)
    assert effects() == ["a", "now it works"]


@pytest.mark.parametrize("status", [JobStatus.QUEUED, JobStatus.RUNNING])
def test_retry_leaves_a_working_job_alone(owner, runner, status, django_capture_on_commit_callbacks):
    job = queue(owner, "a")
    Job.objects.filter(pk=job.pk).update(status=status)

    with django_capture_on_commit_callbacks() as announced:
        jobs.retry_job(job, by=owner)

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
    assert jobs._claim(job.pk, takes_over=False)
    assert jobs._work_row(jobs._begin_row(job.pk))
    tasks.run_job(job.pk)  # another worker: the job is taken
    assert effects() == ["a"]

    with clock.at(clock.now() + jobs.LOST_AFTER + timedelta(seconds=1)):
        assert jobs.sweep_jobs() == [job.pk]
        jobs.run_job(job.pk)

    job.refresh_from_db()
    assert (job.status, job.done, job.attempts) == (JobStatus.DONE, 2, 0)
    assert effects() == ["a", "b"]


def test_sweeper_leaves_a_living_job_alone(owner, runner):
    job = queue(owner, "a", "b")
    jobs._claim(job.pk, takes_over=False)

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
    assert (job.status, job.failure_reason) == (JobStatus.FAILED, jobs.LOST)


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
    jobs._claim(job.pk, takes_over=False)
    start, worked, faults = Barrier(2), [], []

    def work():
        try:
            start.wait(timeout=10)
            while (row_id := jobs._begin_row(job.pk)) is not None:
                worked.append(row_id)
                jobs._work_row(row_id)
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
    assert (len(set(worked)), job.status, job.done, job.failed) == (40, JobStatus.DONE, 40, 0)
    assert effects() == [f"row {number:02}" for number in range(40)]


@pytest.mark.django_db(transaction=True)
def test_only_one_worker_gets_a_queued_job(owner, runner):
    job = queue(owner, "a")
    start, claimed = Barrier(4), []

    def claim():
        start.wait(timeout=10)
        claimed.append(jobs._claim(job.pk, takes_over=False) is not None)
        connection.close()

    threads = [Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(claimed) == [False, False, False, True]


def test_heartbeat_of_a_clock_that_ran_ahead_is_none(owner, runner):
    queued, running = queue(owner, "a"), queue(owner, "b")
    tomorrow = clock.now() + timedelta(days=1)
    Job.objects.filter(pk=queued.pk).update(heartbeat_at=tomorrow)
    Job.objects.filter(pk=running.pk).update(status=JobStatus.RUNNING, heartbeat_at=tomorrow)

    assert set(jobs.sweep_jobs()) == {queued.pk, running.pk}


def test_retried_job_waits_since_it_was_retried(owner, runner):
    job = queue(owner, "refuse")
    jobs.run_job(job.pk)
    days_later = clock.now() + timedelta(days=3)

    with clock.at(days_later):
        retried = jobs.retry_job(job, by=owner)

    assert abs(retried.heartbeat_at - days_later) < timedelta(seconds=5)
