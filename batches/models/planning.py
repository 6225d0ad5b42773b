"""Batches and who serves them."""

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import ZONES, User
from accounts.roles import Role
from batches.models.reference_data import AgendaTemplate, RuleSet, Scheme
from batches.models.venues import Venue
from batches.states import PUBLIC, BatchStatus
from core import clock
from core.codes import CodeField
from core.models import both_or_neither


class BatchQuerySet(models.QuerySet):
    def public(self) -> Self:
        """Published batches, whatever became of them."""
        return self.filter(status__in=PUBLIC)

    def accepting(self) -> Self:
        """Open and inside the registration window."""
        now = clock.now()
        return self.filter(status=BatchStatus.OPEN, registration_opens_at__lte=now, registration_closes_at__gt=now)

    def visible_to(self, user) -> Self:
        """Staff see all but what is not theirs to plan: assessors those they serve, others the public ones."""
        roles = getattr(user, "roles", frozenset())
        if roles & {Role.ADMIN, Role.DIRECTOR, Role.AUDITOR}:
            return self
        public = Q(status__in=PUBLIC)
        if Role.ASSESSOR in roles:
            return self.filter(public | Q(assignments__person=user)).distinct()
        return self.filter(public)

    def planned_with(self, user) -> Self:
        """Batches whose desk a person may open: all for those who plan and watch, the own ones for assessors."""
        roles = getattr(user, "roles", frozenset())
        if roles & {Role.ADMIN, Role.DIRECTOR, Role.AUDITOR}:
            return self
        return self.filter(pk__in=Assignment.objects.filter(person=user.pk, released_at=None).values("batch"))


class Batch(models.Model):
    """One angkatan: a training of a scheme with dates, a registration window and a pool of seats.

    `seats_held` is changed by `take_seat` and `give_seat_back` only, under the batch's lock.
    """

    code = CodeField()
    name = models.CharField(_("nama angkatan"), max_length=80, unique=True)
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="batches")
    rule_set = models.ForeignKey(RuleSet, null=True, on_delete=models.PROTECT, related_name="+")  # pinned when opened
    agenda = models.ForeignKey(AgendaTemplate, on_delete=models.PROTECT, related_name="+")
    venue = models.ForeignKey(Venue, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    time_zone = models.CharField(_("zona waktu"), max_length=20, choices=ZONES)
    starts_on = models.DateField(_("tanggal mulai"))
    ends_on = models.DateField(_("tanggal selesai"))
    registration_opens_at = models.DateTimeField(_("pendaftaran dibuka"))
    registration_closes_at = models.DateTimeField(_("pendaftaran ditutup"))
    capacity = models.PositiveSmallIntegerField(_("jumlah kursi"))
    seats_held = models.PositiveSmallIntegerField(default=0)
    min_people = models.PositiveSmallIntegerField(_("peserta paling sedikit"))
    application_number = models.CharField(_("nomor surat permohonan ke BNSP"), max_length=80, blank=True)
    application_on = models.DateField(_("tanggal surat permohonan"), null=True, blank=True)
    approval_number = models.CharField(_("nomor persetujuan BNSP"), max_length=80, blank=True)
    approval_on = models.DateField(_("tanggal persetujuan"), null=True, blank=True)
    status = models.CharField(max_length=20, choices=BatchStatus, default=BatchStatus.DRAFT)
    status_at = models.DateTimeField(default=clock.now)
    status_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # null: the portal
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cancel_reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)  # counts edits: two tabs cannot overwrite each other
    schedule_version = models.PositiveIntegerField(default=0)  # counts changes of its sessions that people must hear of
    schedule_changed_at = models.DateTimeField(null=True, blank=True)  # of the latest such change
    schedule_told_version = models.PositiveIntegerField(default=0)  # up to which people are being told
    created_at = models.DateTimeField(default=clock.now)

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(name="batch_seats_within_capacity", condition=Q(seats_held__lte=F("capacity"))),
            models.CheckConstraint(name="batch_dates_ordered", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="batch_window_ordered", condition=Q(registration_closes_at__gt=F("registration_opens_at"))
            ),
            models.CheckConstraint(name="batch_capacity_positive", condition=Q(capacity__gte=1)),
            models.CheckConstraint(
                name="batch_open_has_rules",
                condition=Q(rule_set__isnull=False)
                | Q(status__in=["draft", "submitted_to_bnsp", "approved", "cancelled"]),
            ),
            models.CheckConstraint(
                name="batch_cancelled_explained",
                condition=~Q(status=BatchStatus.CANCELLED) | (~Q(cancel_reason="") & Q(cancelled_at__isnull=False)),
            ),
            both_or_neither("cancelled", "batch"),
        ]
        indexes = [
            models.Index(fields=["status", "starts_on"], name="batch_board"),
            models.Index(fields=["starts_on"], name="batch_public", condition=Q(status=BatchStatus.OPEN)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def seats_left(self) -> int:
        return self.capacity - self.seats_held

    @property
    def is_full(self) -> bool:
        return self.seats_held >= self.capacity

    def accepts_registrations(self, moment: datetime | None = None) -> bool:
        """Open, and `moment` (default now) lies inside the window."""
        moment = moment or clock.now()
        return self.status == BatchStatus.OPEN and self.registration_opens_at <= moment < self.registration_closes_at

    def has_started(self, today: date | None = None) -> bool:
        return self.starts_on <= (today or clock.today(self.time_zone))


class Assignment(models.Model):
    """A senior assessor serves a batch as facilitator or examiner; never as both (cross examination)."""

    class Function(models.TextChoices):
        FACILITATOR = "facilitator", _("Fasilitator")
        EXAMINER = "examiner", _("Penguji")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="assignments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    function = models.CharField(max_length=12, choices=Function)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(default=clock.now)
    assigned_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    told_schedule_version = models.PositiveIntegerField(default=0)  # of the batch, as last mailed to the person

    class Meta:
        ordering = ["function", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "person"], condition=Q(released_at=None), name="assignment_once_while_live"
            ),
            both_or_neither("released", "assignment"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.person_id} {self.function}"
