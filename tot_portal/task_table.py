"""The task table: every background task of the portal, its queue, its limits, what starts it and how often it may run.

Settings take queues, routes, limits and beat's schedule from here; a task that is missing fails the build, and
docs/tasks.md is written from it. It is read while the settings load, so it imports nothing of the portal.

Each queue gets its turn, whatever waits in the others: a worker takes the next task from the queue that it has not
served for longest. Inside a queue the order is that of asking.
"""

from dataclasses import dataclass
from typing import Any

SOFT_LIMIT, HARD_LIMIT = 45, 60  # seconds; the hard one lies well under the broker's visibility timeout
MAIL, CERTIFICATES, JOBS, BULK, SWEEPS = QUEUES = ("mail", "certificates", "jobs", "bulk", "sweeps")
AGAIN = "any number of times"


@dataclass(frozen=True)
class Task:
    """One row. `every`: seconds between two starts by beat; without it an event and a sweep start it, by id.

    `again` says what a second run does, and where tries end.
    """

    queue: str
    again: str = AGAIN
    every: int | None = None
    soft_limit: int = SOFT_LIMIT
    hard_limit: int = HARD_LIMIT


def sweep(every: int, again: str = "finds what is left") -> Task:
    """A task of beat's: it looks for work by state."""
    return Task(SWEEPS, again, every)


TASKS: dict[str, Task] = {
    "assessments.tasks.follow_sessions": sweep(30),
    "assessments.tasks.remind": sweep(120),
    "batches.tasks.tell_schedule_changes": sweep(30),
    "certificates.tasks.render_certificate": Task(CERTIFICATES, "the first file stays; parked after 5 tries"),
    "certificates.tasks.sweep_certificates": sweep(30),
    "core.tasks.run_bulk_job": Task(BULK, "works the rows that wait; a row is parked after 5 tries"),
    "core.tasks.run_job": Task(JOBS, "works the rows that wait; a row is parked after 5 tries"),
    "core.tasks.sweep_jobs": sweep(30),
    "core.tasks.sweep_orphan_files": sweep(3600),
    "notifications.tasks.deliver_email": Task(MAIL, "a sent mail stays sent; the outbox counts the tries"),
    "notifications.tasks.sweep_outbox": sweep(30),
    "participants.tasks.purge_old_drafts": sweep(6 * 3600),
    "participants.tasks.remind": sweep(120),
    "participants.tasks.sweep_seats": sweep(60),
    "participants.tasks.tell_schedule_changes": sweep(30),
    "tot_portal.tasks.watch": sweep(30),
}


def routes() -> dict[str, dict[str, str]]:
    """For CELERY_TASK_ROUTES."""
    return {name: {"queue": task.queue} for name, task in TASKS.items()}


def limits() -> dict[str, dict[str, int]]:
    """For CELERY_TASK_ANNOTATIONS."""
    return {name: {"soft_time_limit": task.soft_limit, "time_limit": task.hard_limit} for name, task in TASKS.items()}


def beat_schedule() -> dict[str, dict[str, Any]]:
    """For CELERY_BEAT_SCHEDULE. A start that is not made before the next one is due is dropped."""
    return {
        name: {"task": name, "schedule": task.every, "options": {"expires": task.every}}
        for name, task in TASKS.items()
        if task.every
    }
