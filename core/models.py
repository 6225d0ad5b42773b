"""Tables that every app writes: the audit log, background jobs, private files and series of numbers."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.codes import CodeField


def both_or_neither(prefix: str, model: str) -> models.CheckConstraint:
    """`x_at` and `x_by` are set together or not at all."""
    return models.CheckConstraint(
        name=f"{model}_{prefix}_pair",
        condition=models.Q(**{f"{prefix}_at__isnull": True, f"{prefix}_by__isnull": True})
        | models.Q(**{f"{prefix}_at__isnull": False, f"{prefix}_by__isnull": False}),
    )


class AuditEntry(models.Model):
    """Who did what to what. Ids and labels instead of keys, so history never blocks an erasure.

    A trigger refuses update, delete and truncate (migration 0002).
    """

    at = models.DateTimeField(default=clock.now)
    actor_id = models.BigIntegerField(null=True)  # None = the portal itself
    actor_label = models.CharField(max_length=40, blank=True)
    act = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    object_label = models.CharField(max_length=120, blank=True)
    subject_id = models.BigIntegerField(null=True)  # the user whom it concerns
    changes = models.JSONField(default=dict)  # field -> [before, after], changed fields only, masked
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_kind", "object_id", "id"], name="auditentry_object"),
            models.Index(fields=["subject_id", "id"], name="auditentry_subject"),
            models.Index(fields=["actor_id", "id"], name="auditentry_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.object_kind}:{self.object_label or self.object_id}"


class StoredFile(models.Model):
    """One private file: cleaned, sealed under the field keys, outside the web root. core.files reads and writes it."""

    code = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=40)
    storage_name = models.CharField(max_length=80, unique=True)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes of the cleaned file, as served
    sha256 = models.CharField(max_length=64)
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    subject_id = models.BigIntegerField(null=True)  # the user whom the file is about
    created_at = models.DateTimeField(default=clock.now)
    delete_after = models.DateField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    erased_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [both_or_neither("erased", "storedfile")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.code}"


class JobStatus(models.TextChoices):
    QUEUED = "queued", _("Antre")
    RUNNING = "running", _("Berjalan")
    DONE = "done", _("Selesai")
    FAILED = "failed", _("Gagal")
    CANCELLED = "cancelled", _("Dibatalkan")


MOST_ATTEMPTS = 5  # of a row, and of a job whose workers die between rows
GIVEN_UP = models.Q(status="failed", attempts__gte=MOST_ATTEMPTS)  # rows; a refused one has fewer tries


class JobQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """A job is its owner's; users whose `oversees_jobs` is true (the roof's admins) see all."""
        return self.all() if user.oversees_jobs else self.owned_by(user)

    def owned_by(self, user) -> Self:
        return self.filter(owner=user)

    def parked(self) -> Self:
        """Waits for an admin: given up as a whole, or with rows that were given up; refused rows are no fault."""
        rows = JobRow.objects.filter(GIVEN_UP)
        return self.filter(models.Q(status=JobStatus.FAILED) | models.Q(pk__in=rows.values("job")))


class Job(models.Model):
    """Background work with an owner, n of N and a result; core.jobs runs it."""

    code = CodeField()
    kind = models.CharField(max_length=60)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=120, blank=True)  # what it works on, for the page's title
    params = models.JSONField(default=dict)  # ids only
    status = models.CharField(max_length=10, choices=JobStatus, default=JobStatus.QUEUED)
    total = models.PositiveIntegerField()  # rows
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True)
    failure_reason = models.CharField(max_length=500, blank=True)
    return_to = models.CharField(max_length=200, blank=True)  # the page to go back to
    result = models.ForeignKey(StoredFile, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    cancel_requested_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="job_failure_explained",
                condition=~models.Q(status=JobStatus.FAILED) | ~models.Q(failure_reason=""),
            ),
            models.CheckConstraint(
                name="job_progress_within_total",
                condition=models.Q(total__gte=models.F("done") + models.F("failed")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class JobRowStatus(models.TextChoices):
    WAITING = "waiting", _("Menunggu")
    OK = "ok", _("Selesai")
    FAILED = "failed", _("Gagal")
    SKIPPED = "skipped", _("Tidak dikerjakan")  # the job was cancelled before its turn


TONES = {
    JobStatus.QUEUED: "plain",
    JobStatus.RUNNING: "info",
    JobStatus.DONE: "ok",
    JobStatus.FAILED: "err",
    JobStatus.CANCELLED: "muted",
    JobRowStatus.WAITING: "plain",
    JobRowStatus.OK: "ok",
    JobRowStatus.FAILED: "err",
    JobRowStatus.SKIPPED: "muted",
}


class JobRow(models.Model):
    """One row of a job: waiting, worked, or failed with its reason. It is worked once, however often the job runs."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="rows")
    key = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=JobRowStatus, default=JobRowStatus.WAITING)
    outcome = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # begun so often; more than the outcome says: workers died

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["job", "key"], name="jobrow_once_per_key")]
        indexes = [  # the next row of a job with thousands is found at once, and so is what an admin must look at
            models.Index(fields=["job", "id"], condition=models.Q(status="waiting"), name="jobrow_waiting"),
            models.Index(fields=["job"], condition=GIVEN_UP, name="jobrow_given_up"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}:{self.key}"


class NumberSeries(models.Model):
    """Last number of one series and year. core.numbers takes the next one under the row's lock, so there is no gap."""

    series = models.CharField(max_length=40)  # such as "certificate.training"
    year = models.PositiveSmallIntegerField()  # of issue, in the issuer's time zone
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="numberseries_once")]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"


class OpsMark(models.Model):
    """When something regular happened last, and what it found: a tick of beat, a sweep, a backup, a restore test."""

    name = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField(default=clock.now)
    detail = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
