"""Celery's entry to the floor's services. Small jobs and large ones are two tasks: each has a queue of its own."""

from typing import Any

from celery import Task, shared_task

from core import files, jobs
from core.sweeps import start_again, sweep


@shared_task(bind=True)
def run_job(self: Task, job_id: int) -> None:
    """Works a queued job; safe to run twice and beside itself."""
    jobs.run_job(job_id, takes_over=_is_redelivered(self))


@shared_task(bind=True)
def run_bulk_job(self: Task, job_id: int) -> None:
    """The same for a large job."""
    jobs.run_job(job_id, takes_over=_is_redelivered(self))


@sweep
def sweep_jobs() -> int:
    """Starts jobs that the broker or a dead worker lost."""
    return start_again(start_job, jobs.sweep_jobs())


def start_job(job: tuple[int], **options: Any) -> None:
    """Puts a job into the queue of its size; called as a task's `apply_async` is."""
    task = run_bulk_job if jobs.is_bulk(*job) else run_job
    task.apply_async(job, **options)


def _is_redelivered(task: Task) -> bool:
    """The worker that had this message was lost, or is silent for longer than any task may run."""
    return bool((task.request.delivery_info or {}).get("redelivered"))


@sweep
def sweep_orphan_files() -> int:
    """Deletes generated files whose days are over, and files on disk that no row names (of rolled back uploads)."""
    return files.sweep_expired_files() + files.sweep_orphan_files()
