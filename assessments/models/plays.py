"""Rotations: which group plays what in which round."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from accounts.roles import Role
from assessments.models.decisions import Assessment
from assessments.models.reference_data import Rubric
from assessments.states import Mode, PlayRole, RolePlayStatus, RotationStatus
from batches.models import Batch, Room, Session
from core import clock
from core.codes import CodeField
from core.models import both_or_neither
from participants.models import Registration


class Rotation(models.Model):
    """A plan of rounds for a batch. It pins the rubric by which its plays are recorded."""

    code = CodeField()
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="rotations")
    mode = models.CharField(max_length=10, choices=Mode)
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=RotationStatus, default=RotationStatus.DRAFT)
    seed = models.PositiveIntegerField(default=0)  # the same people and seed give the same plan
    settings = models.JSONField(default=dict)  # group_size, minutes, methods
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "mode", "version"], name="rotation_version_once"),
            models.UniqueConstraint(
                fields=["batch", "mode"],
                condition=Q(status=RotationStatus.PUBLISHED) & ~Q(mode=Mode.RETAKE),
                name="rotation_one_published",
            ),
            models.CheckConstraint(
                name="rotation_published_stamped",
                condition=Q(status=RotationStatus.DRAFT) | Q(published_at__isnull=False),
            ),
            both_or_neither("published", "rotation"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.mode} {self.version}"


class Round(models.Model):
    """One round: all its groups play at the same time. The timer is these stamps, on the server's clock."""

    rotation = models.ForeignKey(Rotation, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    session = models.ForeignKey(Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="rounds")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["rotation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["rotation", "number"], name="round_number_once"),
            models.CheckConstraint(
                name="round_started_before_end",
                condition=Q(ended_at=None) | (Q(started_at__isnull=False) & Q(ended_at__gte=F("started_at"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rotation_id} {self.number}"

    @property
    def planned_end(self) -> datetime:
        """When the round ends by its timer, counted from when it was started, or from its plan."""
        return (self.started_at or self.starts_at) + timedelta(minutes=self.minutes)


class RolePlayQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Desk and watchers see all; assessors the plays of batches they serve; people the published ones they play."""
        if user.roles & {Role.ADMIN, Role.DIRECTOR, Role.AUDITOR}:
            return self
        mine = Q(seats__registration__person__user=user, round__rotation__status=RotationStatus.PUBLISHED)
        if Role.ASSESSOR in user.roles:
            serves = Q(round__rotation__batch__assignments__person=user)
            mine |= Q(assessor=user) | (serves & Q(round__rotation__batch__assignments__released_at=None))
        return self.filter(mine).distinct()

    def played_as_asesor(self, user: User) -> Self:
        """Published plays in which this person has the asesor's seat."""
        mine = self.filter(seats__registration__person__user=user, seats__role=PlayRole.ASESOR)
        return mine.filter(round__rotation__status=RotationStatus.PUBLISHED).distinct()

    def of_mode(self, *modes: Mode) -> Self:
        return self.filter(round__rotation__mode__in=modes)

    def published(self) -> Self:
        return self.filter(round__rotation__status=RotationStatus.PUBLISHED)


class RolePlay(models.Model):
    """One group in one round. `assessor` is the senior assessor who records it; `assessment` is set in exams."""

    code = CodeField()
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="plays")
    group = models.PositiveSmallIntegerField()
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="role_plays"
    )
    assessment = models.ForeignKey(Assessment, null=True, blank=True, on_delete=models.PROTECT, related_name="plays")
    methods = models.JSONField(default=list)  # codes of the rubric's methods that this play uses
    has_objection = models.BooleanField(default=False)  # the scenario holds an objection of the asesi
    status = models.CharField(max_length=10, choices=RolePlayStatus, default=RolePlayStatus.SCHEDULED)
    status_at = models.DateTimeField(default=clock.now)
    status_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    cancel_reason = models.CharField(max_length=300, blank=True)

    objects = RolePlayQuerySet.as_manager()

    class Meta:
        ordering = ["round", "group"]
        constraints = [
            models.UniqueConstraint(fields=["round", "group"], name="roleplay_group_once"),
            models.UniqueConstraint(
                fields=["round", "assessor"],
                condition=~Q(status=RolePlayStatus.CANCELLED) & Q(assessment__isnull=False),
                name="roleplay_examiner_once_per_round",
            ),
            models.CheckConstraint(
                name="roleplay_cancel_explained",
                condition=~Q(status=RolePlayStatus.CANCELLED) | ~Q(cancel_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Seat(models.Model):
    """Who plays what; an asesi from outside is known by name only. `round` repeats the play's, for the constraint."""

    role_play = models.ForeignKey(RolePlay, on_delete=models.CASCADE, related_name="seats")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=8, choices=PlayRole)
    registration = models.ForeignKey(
        Registration, null=True, blank=True, on_delete=models.PROTECT, related_name="play_seats"
    )
    external_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["role_play", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["role_play", "role"], condition=~Q(role=PlayRole.PENGAMAT), name="seat_role_once"
            ),
            models.UniqueConstraint(
                fields=["round", "registration"],
                condition=Q(registration__isnull=False),
                name="seat_person_once_per_round",
            ),
            models.CheckConstraint(
                name="seat_external_only_asesi",
                condition=Q(registration__isnull=False, external_name="")
                | (Q(registration__isnull=True, role=PlayRole.ASESI) & ~Q(external_name="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role_play_id} {self.role}"
