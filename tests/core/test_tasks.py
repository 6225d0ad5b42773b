"""The floor's tasks: each is its service's entry, and may run again and again."""

from datetime import timedelta

import pytest

from accounts.models import User
from core import clock, jobs, tasks
from core.models import Job, JobStatus
from core.ops import marks

pytestmark = pytest.mark.django_db


@pytest.fixture
def lost_job(monkeypatch):
    """A job whose task the broker forgot."""
    monkeypatch.setitem(jobs._kinds, "test.nothing", jobs.Kind(lambda job, key: "", "Nihil"))
    owner = User.objects.create_user("rina@example.test")
    with clock.at(clock.now() - timedelta(minutes=5)):
        return jobs.queue_job("test.nothing", by=owner, rows=[("a", "A")])


def test_sweeper_starts_lost_jobs_again_and_again_without_harm(lost_job, monkeypatch):
    started = []
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda ids, **options: started.append(*ids))

    tasks.sweep_jobs()
    tasks.sweep_jobs()

    assert started == [lost_job.pk, lost_job.pk]
    for job_id in started:
        tasks.run_job(job_id)
    job = Job.objects.get(pk=lost_job.pk)
    assert (job.status, job.done) == (JobStatus.DONE, 1)
    tasks.sweep_jobs()
    assert len(started) == marks()[tasks.sweep_jobs.name].detail["total"] == 2


def test_unknown_job_is_nobodys_work():
    assert tasks.run_job(987654) is None


def test_orphan_sweeper_may_run_twice():
    assert [tasks.sweep_orphan_files(), tasks.sweep_orphan_files()] == [None, None]
