"""The facts about the running portal: read once, in few queries, for the operations page, the ready-check, the metrics
and the alerts. What they mean is judged in tot_portal.checks.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count, F, Min, Q, Sum
from django.db.models.functions import Coalesce

from certificates.models import MOST_RENDERINGS, Certificate
from core import clock, ops
from core.models import Job, JobStatus, OpsMark, StoredFile
from notifications.models import Email
from notifications.states import DUE, EmailStatus
from tot_portal.celery import app

BROKER_SECONDS = 2
FAILED_JOBS_DAYS = 7  # older ones are history
PRIORITIES = ("", "\x06\x163", "\x06\x166", "\x06\x169")  # Redis has no priorities: a queue is up to four lists
IN_WORK = "unacked"  # the hash in which the broker keeps what workers have taken


@dataclass(frozen=True)
class Broker:
    """Tasks that wait, by queue, and tasks that workers hold."""

    waiting: dict[str, int]
    in_work: int


@dataclass(frozen=True)
class Facts:
    """What is so at `now`. `broker` None: it does not answer. Moments are None when there is nothing of the kind."""

    now: datetime
    broker: Broker | None
    mails: dict[str, int]  # by state, of those that have not ended
    mail_due_since: datetime | None
    mail_held_since: datetime | None
    jobs: dict[str, int]  # queued, running, failed within the last days
    job_waiting_since: datetime | None
    certificates: dict[str, int]  # unrendered, and of those stuck
    certificate_waiting_since: datetime | None
    disk_free: int
    disk_size: int
    marks: dict[str, OpsMark]

    def age(self, name: str) -> timedelta | None:
        """How long ago the mark was made; None: never."""
        return self.now - self.marks[name].at if name in self.marks else None

    def detail(self, name: str, key: str) -> int:
        """A number that was noted with the mark; 0 without one."""
        return self.marks[name].detail.get(key, 0) if name in self.marks else 0

    def workers(self, within: timedelta) -> list[str]:
        """Names of the workers that finished a task lately."""
        lately = [name for name, one in self.marks.items() if self.now - one.at <= within]
        return sorted(name.removeprefix(ops.WORKER) for name in lately if name.startswith(ops.WORKER))


@dataclass(frozen=True)
class Sizes:
    """What grows."""

    database: int
    files: int
    file_bytes: int


def read_facts() -> Facts:
    """Four queries, one question to the broker, one to the disk. DatabaseError when the database is away."""
    now = clock.now()
    mails, due_since, held_since = _mails(now)
    jobs, job_since = _jobs(now)
    certificates, certificate_since = _certificates()
    disk = shutil.disk_usage(settings.VAR_DIR if settings.VAR_DIR.exists() else settings.BASE_DIR)
    return Facts(
        now=now, broker=ask_broker(), mails=mails, mail_due_since=due_since, mail_held_since=held_since,
        jobs=jobs, job_waiting_since=job_since, certificates=certificates, certificate_waiting_since=certificate_since,
        disk_free=disk.free, disk_size=disk.total, marks=ops.marks(),
    )  # fmt: skip


def read_sizes() -> Sizes:
    """Two queries that grow with the portal; not for a check that is asked every few seconds."""
    files = StoredFile.objects.filter(erased_at=None).aggregate(n=Count("pk"), size=Sum("size", default=0))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        (database,) = cursor.fetchone()
    return Sizes(database=database, files=files["n"], file_bytes=files["size"])


def ask_broker() -> Broker | None:
    """Lengths of all queues in one exchange; None when the broker is away or does not answer in time."""
    queues = sorted(app.amqp.queues)
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=BROKER_SECONDS, socket_timeout=BROKER_SECONDS
        ) as client:
            pipeline = client.pipeline(transaction=False)
            for queue in queues:
                for suffix in PRIORITIES:
                    pipeline.llen(queue + suffix)
            pipeline.hlen(IN_WORK)
            *lengths, in_work = pipeline.execute()
    except (redis.RedisError, OSError):
        return None
    step = len(PRIORITIES)
    return Broker({queue: sum(lengths[n * step : (n + 1) * step]) for n, queue in enumerate(queues)}, in_work)


def pending_migrations() -> list[str]:
    """Migrations of this code that the database has not seen; one query."""
    applied = MigrationRecorder.Migration.objects.using(connection.alias).values_list("app", "name")
    return sorted(f"{app_label}.{name}" for app_label, name in _migrations_of_this_code() - set(applied))


@cache
def _migrations_of_this_code() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return frozenset(loader.disk_migrations)


def _mails(now: datetime) -> tuple[dict[str, int], datetime | None, datetime | None]:
    """One query of four parts, each on its partial index: the millions that were sent are not looked at."""
    counts = Email.objects.order_by().values_list("status").annotate(n=Count("pk"), due=Min("not_before"))
    indexed = (DUE, [EmailStatus.HELD], [EmailStatus.SENDING], [EmailStatus.FAILED])
    first, *others = (counts.filter(status__in=states) for states in indexed)
    rows = list(first.union(*others, all=True))
    due = [moment for status, _n, moment in rows if status in DUE and moment <= now]
    held = [moment for status, _n, moment in rows if status == EmailStatus.HELD]
    living = (*DUE, EmailStatus.HELD, EmailStatus.SENDING, EmailStatus.FAILED)
    counted = {str(status): 0 for status in living} | {status: n for status, n, _moment in rows}
    return counted, min(due, default=None), min(held, default=None)


def _jobs(now: datetime) -> tuple[dict[str, int], datetime | None]:
    queued = Q(status=JobStatus.QUEUED)
    lately = Q(status=JobStatus.FAILED, finished_at__gte=now - timedelta(days=FAILED_JOBS_DAYS))
    found: dict[str, Any] = Job.objects.aggregate(
        queued=Count("pk", filter=queued), running=Count("pk", filter=Q(status=JobStatus.RUNNING)),
        failed=Count("pk", filter=lately), since=Min(Coalesce(F("heartbeat_at"), F("created_at")), filter=queued),
    )  # fmt: skip
    since = found.pop("since")
    return found, since


def _certificates() -> tuple[dict[str, int], datetime | None]:
    stuck = Q(render_attempts__gte=MOST_RENDERINGS) & ~Q(render_error="")
    found = Certificate.objects.unrendered().aggregate(
        unrendered=Count("pk"), stuck=Count("pk", filter=stuck), since=Min("issued_at", filter=~stuck)
    )
    since = found.pop("since")
    return found, since
