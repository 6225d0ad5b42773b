"""Background work that a person can watch and stop: queued in a transaction, run row by row, alive after any crash.

An app registers each kind with its runner. The runner is called once per waiting row and is the transaction of that
row: its effect and the row's mark commit together, so a row is never worked twice.

What a runner owes: one row takes less than ROW_SECONDS. A DomainError fails the row with its sentence at once. Any
other fault (also a busy lock, a time limit, a killed worker) undoes the row, and a fresh task tries it again; after
MOST_ATTEMPTS the row fails with a sentence and the job goes on with the next row. So a job ends done, cancelled, or
parked as failed when its workers die between rows or no worker knows its kind.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from django.db import OperationalError, models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, gettext_noop

from core import audit, clock
from core.errors import DomainError, SystemBusy
from core.events import announce
from core.models import MOST_ATTEMPTS, Job, JobRow, JobRowStatus, JobStatus
from core.patience import is_busy, patient
from core.signals import job_queued
from core.transitions import Table, check_transition

logger = logging.getLogger(__name__)
SLICE_SECONDS = 5  # then the next task goes on, behind whatever else waits for a worker
ROW_SECONDS = 40  # with the slice it began in it stays under a task's limit of 45 s
SMALL = 50  # rows; larger jobs wait in a queue of their own, and small ones pass them
LOST_AFTER = timedelta(seconds=90)  # without a heartbeat the worker is gone
OVERDUE = timedelta(seconds=20)  # the task that was announced should have started by then
LOST = gettext_noop("Pekerja berhenti 5 kali sebelum sempat mengerjakan baris berikutnya.")
UNKNOWN = gettext_noop("Versi portal yang berjalan tidak mengenal jenis proses ini.")
KILLED = gettext_lazy("Pekerja berhenti %(n)s kali saat mengerjakan baris ini.")
FAULT = gettext_lazy("Ada kesalahan di sistem kami, sudah dicoba %(n)s kali. Sebutkan kode %(code)s kepada admin.")
S = JobStatus
TRANSITIONS: Table = {
    S.QUEUED: frozenset({S.RUNNING, S.FAILED, S.CANCELLED}),
    S.RUNNING: frozenset({S.QUEUED, S.DONE, S.FAILED, S.CANCELLED}),
    S.DONE: frozenset({S.QUEUED}),  # its failed rows once more
    S.FAILED: frozenset({S.QUEUED, S.CANCELLED}),  # once more, or put aside
    S.CANCELLED: frozenset(),
}
UNFINISHED = frozenset({S.QUEUED, S.RUNNING})
CANCELLABLE = frozenset(status for status, targets in TRANSITIONS.items() if S.CANCELLED in targets)


@dataclass(frozen=True)
class Kind:
    """One kind of job: what works one row of it, and the title of its page.

    `may_have` says of the owner, each time, whether he or she may still have the job's file.
    `bulk`: its rows are long, so that it waits among the large jobs however few they are.
    """

    run_row: Callable[[Job, str], str]  # (job, row key) -> outcome shown to the owner; DomainError = row failed
    title: str | Promise
    may_have: Callable[[models.Model], bool] = lambda owner: True
    bulk: bool = False


_kinds: dict[str, Kind] = {}


def register(name: str, kind: Kind) -> None:
    """Names a kind; `Job.kind` keeps the name."""
    _kinds[name] = kind


def job_title(job: Job) -> str:
    """The page's title in the reader's language; the kind itself when no app of this release knows it."""
    return str(_kinds[job.kind].title) if job.kind in _kinds else job.kind


def may_have_result(user: models.Model, job: Job) -> bool:
    """Whether this user may have the file today: owners only, and a role may have gone since the job was queued."""
    return job.owner_id == user.pk and (job.kind not in _kinds or _kinds[job.kind].may_have(user))


def is_bulk(job_id: int) -> bool:
    """Whether the job waits among the large ones."""
    bulk = [name for name, kind in _kinds.items() if kind.bulk]
    return Job.objects.filter(models.Q(kind__in=bulk) | models.Q(total__gt=SMALL), pk=job_id).exists()


# --- what people ask for


@transaction.atomic
def queue_job(
    kind: str, *, by: models.Model, rows: Iterable[tuple[str, str]], params: dict | None = None,
    about: str = "", return_to: str = "",
) -> Job:  # fmt: skip
    """Stores a job with its rows (key, label) and announces `job_queued`. Unknown kind: KeyError."""
    _kinds[kind]
    rows = list(rows)
    job = Job.objects.create(
        kind=kind, owner=by, about=about, params=params or {}, total=len(rows), return_to=return_to
    )
    JobRow.objects.bulk_create(JobRow(job=job, key=key, label=label) for key, label in rows)
    announce(job_queued, sender=Job, job_id=job.pk)
    return job


@patient
def retry_job(job: Job, *, by: models.Model) -> Job:
    """Puts a failed job, or a done job with failed rows, back into the queue; worked rows stay worked.

    Failed rows get all their tries again. Does nothing while it waits or runs. TransitionNotAllowed when cancelled.
    """
    job = _lock(job.pk)
    if job.status in UNFINISHED:
        return job
    check_transition(TRANSITIONS, job.status, S.QUEUED)
    before = job.status
    left = job.rows.filter(status__in=[JobRowStatus.FAILED, JobRowStatus.WAITING])
    left.update(status=JobRowStatus.WAITING, outcome="", attempts=0)
    fresh = {"status": S.QUEUED, "failed": 0, "attempts": 0, "failure_reason": "", "finished_at": None}
    Job.objects.filter(pk=job.pk).update(**fresh, cancel_requested_at=None, heartbeat_at=clock.now())
    job.refresh_from_db()
    audit.record("job_retried", job, by=by, changes={"status": (before, job.status)}, label=job.about)
    announce(job_queued, sender=Job, job_id=job.pk)
    return job


@patient
def cancel_job(job: Job, *, by: models.Model) -> Job:
    """Stops a job: a waiting or parked one at once, a running one before its next row. What is done stays done.

    The rows that nobody has begun are skipped. Asking twice changes nothing. TransitionNotAllowed once it has ended.
    """
    job = _lock(job.pk)
    if job.status == S.CANCELLED or job.cancel_requested_at and job.status in UNFINISHED:
        return job
    check_transition(TRANSITIONS, job.status, S.CANCELLED)
    before, job.cancel_requested_at = job.status, clock.now()
    job.save(update_fields=["cancel_requested_at"])
    if job.status != S.RUNNING:
        _end_cancelled(job)
    audit.record("job_cancelled", job, by=by, changes={"status": (before, S.CANCELLED.value)}, label=job.about)
    return job


# --- what a worker does


def run_job(job_id: int, *, takes_over: bool = False) -> None:
    """Works the waiting rows for at most SLICE_SECONDS, then ends the job or queues the rest.

    `takes_over`: the broker says that the worker before us was lost, so a running job may be ours.
    """
    job = _claim(job_id, takes_over=takes_over)
    if job is None:
        return
    running = Job.objects.filter(pk=job_id, status=S.RUNNING)
    if job.kind not in _kinds:
        _park_or_requeue(running, UNKNOWN)
        return
    until = monotonic() + SLICE_SECONDS
    try:
        while (row_id := _begin_row(job_id)) is not None:
            if not _work_row(row_id) or monotonic() > until:
                _hand_on(job_id)
                return
    except Exception:  # between rows: the database was away, or the time was up
        _park_or_requeue(running, LOST)
        raise


def sweep_jobs() -> list[int]:
    """Ids of jobs that nobody works on: queued too long, or running without a heartbeat. Parks hopeless ones.

    A heartbeat from the future, of a clock that ran ahead, is none.
    """
    now = clock.now()
    ahead, lost = models.Q(heartbeat_at__gt=now + LOST_AFTER), models.Q(heartbeat_at__lt=now - LOST_AFTER)
    _park_or_requeue(Job.objects.filter(ahead | lost, status=S.RUNNING), LOST)
    overdue = models.Q(heartbeat_at__lt=now - OVERDUE) | models.Q(heartbeat_at=None, created_at__lt=now - OVERDUE)
    return list(Job.objects.filter(ahead | overdue, status=S.QUEUED).values_list("pk", flat=True))


def _claim(job_id: int, *, takes_over: bool) -> Job | None:
    """Compare-and-swap: only one worker gets a queued job. Its attempts count until it has begun a row."""
    claimable = UNFINISHED if takes_over else {S.QUEUED}
    got = Job.objects.filter(pk=job_id, status__in=claimable).update(
        status=S.RUNNING, attempts=models.F("attempts") + 1, heartbeat_at=clock.now()
    )
    return Job.objects.get(pk=job_id) if got else None


def _begin_row(job_id: int) -> int | None:
    """Counts the attempt before it is made, so that one that kills its worker is counted too; id of the row.

    None: the job is over (then it is ended here), taken from us, or its last rows are in other hands.
    """
    with transaction.atomic(durable=True):
        job = Job.objects.select_for_update(no_key=True).filter(pk=job_id, status=S.RUNNING).first()
        if job is None:
            return None
        if job.cancel_requested_at:
            _end_cancelled(job)
            return None
        while row := _next_waiting(job):
            if row.attempts < MOST_ATTEMPTS:
                row.attempts += 1
                row.save(update_fields=["attempts"])
                Job.objects.filter(pk=job_id).update(heartbeat_at=clock.now(), attempts=0)
                return row.pk
            _end_row(row, JobRowStatus.FAILED, KILLED % {"n": row.attempts})
        if not job.rows.filter(status=JobRowStatus.WAITING).exists():
            Job.objects.filter(pk=job_id).update(status=S.DONE, finished_at=clock.now())
        return None


def _work_row(row_id: int) -> bool:
    """Works one row in one transaction; False after a fault that a fresh task should try again."""
    try:
        with transaction.atomic(durable=True):
            row = _lock_row(row_id)
            if row is None:
                return True  # another worker has it
            try:
                with transaction.atomic():
                    outcome, status = str(_kinds[row.job.kind].run_row(row.job, row.key)), JobRowStatus.OK
            except SystemBusy:
                raise
            except DomainError as error:
                outcome, status = str(error), JobRowStatus.FAILED
            _end_row(row, status, outcome)
    except Exception as error:  # whatever a runner may raise: the owner sees it when no try is left
        logger.exception("a row of a job was not worked: row %s", row_id)
        _give_up(row_id, error)
        return False
    return True


def _give_up(row_id: int, error: Exception) -> None:
    """Fails the row once its tries are used up, with a sentence that tells no data."""
    with transaction.atomic(durable=True):
        row = _lock_row(row_id)
        if row is None or row.attempts < MOST_ATTEMPTS:
            return
        ours = FAULT % {"n": row.attempts, "code": f"{row.job.code}/{row.pk}"}
        words = str(error) if isinstance(error, DomainError) else ours
        _end_row(row, JobRowStatus.FAILED, words)


def _end_row(row: JobRow, status: JobRowStatus, outcome: str) -> None:
    row.status, row.outcome = status, outcome[:300]
    row.save(update_fields=["status", "outcome"])
    counter = "done" if status == JobRowStatus.OK else "failed"
    Job.objects.filter(pk=row.job_id).update(**{counter: models.F(counter) + 1, "heartbeat_at": clock.now()})


def _end_cancelled(job: Job) -> None:
    """The caller holds the job's lock. A row in another worker's hands ends by itself."""
    waiting = [row.pk for row in job.rows.select_for_update(no_key=True, skip_locked=True)
               .filter(status=JobRowStatus.WAITING)]  # fmt: skip
    JobRow.objects.filter(pk__in=waiting).update(status=JobRowStatus.SKIPPED)
    job.status, job.finished_at = S.CANCELLED, clock.now()
    job.save(update_fields=["status", "finished_at"])


def _hand_on(job_id: int) -> None:
    with transaction.atomic():
        if Job.objects.filter(pk=job_id, status=S.RUNNING).update(status=S.QUEUED):
            announce(job_queued, sender=Job, job_id=job_id)


def _park_or_requeue(running: models.QuerySet[Job], reason: str) -> None:
    """Parks running jobs after their last attempt, and leaves the others to the sweeper."""
    running.filter(attempts__gte=MOST_ATTEMPTS).update(status=S.FAILED, failure_reason=reason, finished_at=clock.now())
    running.update(status=S.QUEUED)


def _lock(job_id: int) -> Job:
    return Job.objects.select_for_update(no_key=True).get(pk=job_id)


def _next_waiting(job: Job) -> JobRow | None:
    """The first row that waits and that nobody works on."""
    rows = job.rows.select_for_update(no_key=True, skip_locked=True)
    return rows.filter(status=JobRowStatus.WAITING).first()


def _lock_row(row_id: int) -> JobRow | None:
    """The row if it still waits. Whoever has begun it too is waited for, so that two workers do not count for five."""
    rows = JobRow.objects.select_related("job__owner").select_for_update(no_key=True, of=("self",))
    try:
        with transaction.atomic():
            return rows.filter(pk=row_id, status=JobRowStatus.WAITING).first()
    except OperationalError as error:
        if is_busy(error):
            return None  # a long row, in other hands
        raise
