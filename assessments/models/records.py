"""What a senior assessor saw in a play, tap by tap, and what followed from it."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.roles import Role
from assessments.models.decisions import Assessment
from assessments.models.plays import RolePlay
from assessments.states import Aspect, RecordStatus, Result, Value
from core import clock
from core.codes import CodeField
from core.models import both_or_neither


class RecordQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """The recorder's own; admins, directors and auditors read what was signed, a panel what its appeal is about."""
        own = Q(recorder=user)
        if user.roles & {Role.ADMIN, Role.DIRECTOR, Role.AUDITOR}:
            return self.filter(own | ~Q(status=RecordStatus.DRAFT))
        heard = Assessment.objects.filter(decisions__appeals__panel__user=user)
        return self.filter(own | (Q(role_play__assessment__in=heard) & ~Q(status=RecordStatus.DRAFT)))

    def live(self) -> Self:
        return self.filter(status__in=[RecordStatus.DRAFT, RecordStatus.SIGNED])

    def recorded_by(self, user: User) -> Self:
        """Own sheets, whatever their state."""
        return self.filter(recorder=user)

    def with_play(self) -> Self:
        """With what a sheet is read by: the play, its rotation, rubric and batch, the attempt, the recorder."""
        rotation = "role_play__round__rotation"
        return self.select_related(
            f"{rotation}__rubric", f"{rotation}__batch", "role_play__assessment", "role_play__assessor", "recorder"
        )


class Record(models.Model):
    """One senior assessor's sheet on a play. Signed it is locked; a correction is a new version with a reason."""

    code = CodeField()
    role_play = models.ForeignKey(RolePlay, on_delete=models.PROTECT, related_name="records")
    recorder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    replace_reason = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=8, choices=RecordStatus, default=RecordStatus.DRAFT)
    status_at = models.DateTimeField(default=clock.now)
    impartial_at = models.DateTimeField(null=True, blank=True)  # the recorder declared no conflict before rating
    methods = models.JSONField(default=list)  # of the play as it was when signed; a draft looks at the play
    has_objection = models.BooleanField(default=False)  # likewise
    summary = models.TextField(max_length=2000, blank=True)
    result = models.CharField(max_length=2, choices=Result, blank=True)  # computed when signed
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of exactly what was shown and signed
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["role_play"],
                condition=Q(status=RecordStatus.DRAFT),
                name="record_one_draft",
            ),
            models.UniqueConstraint(
                fields=["role_play"],
                condition=Q(status=RecordStatus.SIGNED),
                name="record_one_signed",
            ),
            models.UniqueConstraint(fields=["role_play", "version"], name="record_version_once"),
            models.CheckConstraint(
                name="record_signed_whole",
                condition=Q(status__in=[RecordStatus.DRAFT, RecordStatus.VOID])
                | (~Q(digest="") & Q(signed_at__isnull=False) & Q(impartial_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="record_correction_explained", condition=Q(replaces=None) | ~Q(replace_reason="")
            ),
            both_or_neither("signed", "record"),
        ]

    def __str__(self) -> str:
        return self.code


CHOSEN = 0  # seq of the event that settles a conflict; devices count from 1


class RatingEvent(models.Model):
    """One tap as the device sent it; append-only. The same key with another body is refused."""

    class Outcome(models.TextChoices):
        APPLIED = "applied", "applied"
        CONFLICT = "conflict", "conflict"  # another device had written meanwhile; both are shown
        LATE = "late", "late"  # came after a later tap of the same item

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="events")
    key = models.UUIDField(unique=True)  # idempotency key, made by the device for each tap
    client_id = models.UUIDField()  # one browser tab
    seq = models.PositiveIntegerField()  # of the taps of that client
    item = models.CharField(max_length=20)
    aspect = models.CharField(max_length=8, choices=Aspect, blank=True)
    value = models.CharField(max_length=2, choices=Value, blank=True)
    note = models.TextField(max_length=1000, blank=True)
    base_version = models.PositiveIntegerField()  # of the rating that the device had seen
    tapped_at = models.DateTimeField()  # the device's clock
    received_at = models.DateTimeField(default=clock.now)
    body_sha256 = models.CharField(max_length=64)
    outcome = models.CharField(max_length=8, choices=Outcome)
    answer = models.JSONField(default=dict)  # as the device was told; the same key gets the same answer again
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["record", "client_id", "seq"], name="ratingevent_seq_once")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.item} {self.aspect} {self.value}"

    @property
    def is_choice(self) -> bool:
        """The assessor chose between two devices."""
        return self.seq == CHOSEN


class Rating(models.Model):
    """The value now: of a criterion (aspect ""), or of an evidence item in one aspect. `rival` is an open conflict."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="ratings")
    item = models.CharField(max_length=20)
    aspect = models.CharField(max_length=8, choices=Aspect, blank=True)
    value = models.CharField(max_length=2, choices=Value, blank=True)
    note = models.TextField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)
    event = models.ForeignKey(RatingEvent, null=True, on_delete=models.PROTECT, related_name="+")
    rival = models.ForeignKey(RatingEvent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "item", "aspect"], name="rating_once_per_item"),
            models.CheckConstraint(
                name="rating_evidence_has_no_tr", condition=Q(aspect="") | ~Q(value=Value.NOT_RELEVANT)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.item} {self.aspect} {self.value}"


class UnitResult(models.Model):
    """K or BK of one unit as computed when the record was signed, with its reasons (codes and item ids)."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="unit_results")
    unit = models.CharField(max_length=10)
    result = models.CharField(max_length=2, choices=Result)
    reasons = models.JSONField(default=list)  # of assessments.decision
    failed_items = models.JSONField(default=list)  # ids of criteria and evidence items
    gap_note = models.TextField(max_length=2000, blank=True)  # what is missing, in the assessor's words
    followups = models.JSONField(default=list)  # codes of the rubric's follow-ups

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["record", "unit"], name="unitresult_once"),
            models.CheckConstraint(
                name="unitresult_bk_explained",
                condition=Q(result=Result.COMPETENT) | (~Q(failed_items=[]) & ~Q(gap_note="") & ~Q(followups=[])),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.unit} {self.result}"


class PlayDecision(models.Model):
    """K or BK of the asesi, as the trainee in the asesor role decided it, and as the senior assessor would have."""

    role_play = models.ForeignKey(RolePlay, on_delete=models.CASCADE, related_name="play_decisions")
    role = models.CharField(max_length=8, choices=[("trainee", "trainee"), ("senior", "senior")])
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=2, choices=Result)
    reason = models.TextField(max_length=2000)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role_play", "role"], name="playdecision_once_per_role"),
            models.CheckConstraint(name="playdecision_explained", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.role_play_id} {self.role} {self.result}"
