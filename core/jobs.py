"""Background work that a person can watch: queued in a transaction, run row by row, alive after any crash.

An app registers a runner per kind in its `ready()`. The runner is called once per waiting row and is the
transaction of that row: its effect and the row's mark commit together, so a row is never worked twice.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from time import monotonic
from typing import Any

from django.db import models, transaction

from core import clock
from core.errors import DomainError
from core.events import announce
from core.models import Job, JobRow, JobRowStatus, JobStatus
from core.signals import job_queued

SLICE_SECONDS = 30  # a task stays well under its limit of 45 s and hands the rest to the next task
LOST_AFTER = timedelta(seconds=90)  # without a heartbeat the worker is gone
MOST_ATTEMPTS = 5

Runner = Callable[[Job, str], str]  # (job, row key) -> outcome shown to the owner; DomainError = row failed
_runners: dict[str, Runner] = {}
_titles: dict[str, Any] = {}
_may_have: dict[str, Callable[[Any], bool]] = {}


def register(kind: str, runner: Runner, *, title: Any, may_have: Callable[[Any], bool] | None = None) -> None:
    """Names the function that works one row of a job of `kind`, and the title of its page.

    `may_have` says of the owner, each time, whether he or she may still have the job's file; without it always.
    """
    _runners[kind] = runner
    _titles[kind] = title
    if may_have:
        _may_have[kind] = may_have


def job_title(job: Job) -> str:
    """The page's title in the reader's language."""
    return str(_titles[job.kind])


def may_have_result(user: models.Model, job: Job) -> bool:
    """Whether the owner may have the file today: a role may have gone since the job was queued."""
    return job.kind not in _may_have or _may_have[job.kind](user)


@transaction.atomic
def queue_job(
    kind: str, *, by: models.Model, rows: Iterable[tuple[str, str]], params: dict | None = None,
    about: str = "", return_to: str = "",
) -> Job:  # fmt: skip
    """Stores a job with its rows (key, label) and announces `job_queued`. Unknown kind: KeyError."""
    _runners[kind]
    rows = list(rows)
    job = Job.objects.create(
        kind=kind, owner=by, about=about, params=params or {}, total=len(rows), return_to=return_to
    )
    JobRow.objects.bulk_create(JobRow(job=job, key=key, label=label) for key, label in rows)
    announce(job_queued, sender=Job, job_id=job.pk)
    return job


def run_job(job_id: int) -> None:
    """Works the waiting rows for at most SLICE_SECONDS, then finishes the job or queues the rest."""
    if not _claim(job_id):
        return
    until = monotonic() + SLICE_SECONDS
    try:
        while _work_next_row(job_id):
            if monotonic() > until:
                _yield_to_next_task(job_id)
                return
    except Exception as error:  # a fault of ours: shown to the owner, tried again by hand
        Job.objects.filter(pk=job_id).update(
            status=JobStatus.FAILED, failure_reason=f"{type(error).__name__}"[:500], finished_at=clock.now()
        )
        raise
    Job.objects.filter(pk=job_id, status=JobStatus.RUNNING).update(status=JobStatus.DONE, finished_at=clock.now())


def retry_job(job: Job) -> None:
    """Puts a failed job, or a done job with failed rows, back into the queue; worked rows stay worked."""
    with transaction.atomic():
        job = Job.objects.select_for_update(no_key=True).get(pk=job.pk)
        if job.status not in {JobStatus.FAILED, JobStatus.DONE}:
            return
        job.rows.filter(status=JobRowStatus.FAILED).update(status=JobRowStatus.WAITING, outcome="")
        job.status, job.failed, job.attempts, job.failure_reason, job.finished_at = JobStatus.QUEUED, 0, 0, "", None
        job.save(update_fields=["status", "failed", "attempts", "failure_reason", "finished_at"])
        announce(job_queued, sender=Job, job_id=job.pk)


def sweep_jobs() -> list[int]:
    """Ids of jobs that nobody works on: queued too long, or running without a heartbeat. Parks hopeless ones."""
    stale = clock.now() - LOST_AFTER
    lost = Job.objects.filter(status=JobStatus.RUNNING, heartbeat_at__lt=stale)
    lost.filter(attempts__gte=MOST_ATTEMPTS).update(
        status=JobStatus.FAILED, failure_reason="worker lost", finished_at=clock.now()
    )
    lost.update(status=JobStatus.QUEUED)
    waiting = clock.now() - timedelta(seconds=20)
    queued = Job.objects.filter(status=JobStatus.QUEUED)
    return list(queued.filter(models.Q(heartbeat_at__lt=waiting) | models.Q(heartbeat_at=None, created_at__lt=waiting))
                .values_list("pk", flat=True))  # fmt: skip


def _claim(job_id: int) -> bool:
    """Compare-and-swap: only one worker gets a queued job."""
    return bool(
        Job.objects.filter(pk=job_id, status=JobStatus.QUEUED).update(
            status=JobStatus.RUNNING, attempts=models.F("attempts") + 1, heartbeat_at=clock.now()
        )
    )


def _work_next_row(job_id: int) -> bool:
    """Works one waiting row in one transaction; False when none is left."""
    with transaction.atomic():
        row = (
            JobRow.objects.select_related("job")
            .select_for_update(no_key=True, skip_locked=True, of=("self",))
            .filter(job_id=job_id, status=JobRowStatus.WAITING)
            .first()
        )
        if row is None:
            return False
        counter = "done"
        try:
            with transaction.atomic():
                row.outcome = str(_runners[row.job.kind](row.job, row.key))[:300]
            row.status = JobRowStatus.OK
        except DomainError as error:
            row.status, row.outcome, counter = JobRowStatus.FAILED, str(error)[:300], "failed"
        row.save(update_fields=["status", "outcome"])
        Job.objects.filter(pk=job_id).update(**{counter: models.F(counter) + 1, "heartbeat_at": clock.now()})
        return True


def _yield_to_next_task(job_id: int) -> None:
    with transaction.atomic():
        Job.objects.filter(pk=job_id).update(status=JobStatus.QUEUED, attempts=0)
        announce(job_queued, sender=Job, job_id=job_id)
