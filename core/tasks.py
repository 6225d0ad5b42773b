"""Celery's entry to the floor's services."""

from celery import shared_task

from core import files, jobs, ops


@shared_task
def run_job(job_id: int) -> None:
    """Works a queued job; safe to run twice and beside itself."""
    jobs.run_job(job_id)


@shared_task
def sweep_jobs() -> None:
    """Starts jobs that the broker or a dead worker lost."""
    lost = jobs.sweep_jobs()
    ops.mark_sweep("sweep-jobs", len(lost))
    for job_id in lost:
        run_job.delay(job_id)


@shared_task
def sweep_orphan_files() -> None:
    """Deletes generated files whose days are over, and files on disk that no row names (of rolled back uploads)."""
    ops.mark_sweep("sweep-orphan-files", files.sweep_expired_files() + files.sweep_orphan_files())
