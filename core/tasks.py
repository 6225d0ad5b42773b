"""Celery's entry to the floor's services. Small jobs and large ones are two tasks: each has a queue of its own."""

from typing import Any

from celery import Task, shared_task

from core import files, jobs, ops


@shared_task(bind=True)
def run_job(self: Task, job_id: int) -> None:
    """Works a queued job; safe to run twice and beside itself."""
    jobs.run_job(job_id, takes_over=_is_redelivered(self))


@shared_task(bind=True)
def run_bulk_job(self: Task, job_id: int) -> None:
    """The same for a large job."""
    jobs.run_job(job_id, takes_over=_is_redelivered(self))


@shared_task
def sweep_jobs() -> None:
    """Starts jobs that the broker or a dead worker lost."""
    lost = jobs.sweep_jobs()
    ops.mark_sweep("core.tasks.sweep_jobs", len(lost))
    for job_id in lost:
        # The next sweep finds it again; expired copies keep a long queue from growing.
        start_job(job_id, expires=60)


def start_job(job_id: int, **options: Any) -> None:
    """Puts a job into the queue of its size."""
    task = run_bulk_job if jobs.is_bulk(job_id) else run_job
    task.apply_async((job_id,), **options)


def _is_redelivered(task: Task) -> bool:
    """The worker that had this message was lost, or is silent for longer than any task may run."""
    return bool((task.request.delivery_info or {}).get("redelivered"))


@shared_task
def sweep_orphan_files() -> None:
    """Deletes generated files whose days are over, and files on disk that no row names (of rolled back uploads)."""
    ops.mark_sweep("core.tasks.sweep_orphan_files", files.sweep_expired_files() + files.sweep_orphan_files())
