"""Celery's entry to the watch over everything else."""

from celery import shared_task

from tot_portal import checks


@shared_task
def watch() -> None:
    """Beat's tick as a worker sees it; tells the log what has turned bad since the last one."""
    checks.watch()
