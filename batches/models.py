"""Schemes and other reference data, venues, batches and who serves them."""

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import ZONES, User
from accounts.roles import Role
from batches.states import PUBLIC, BatchStatus
from core import clock
from core.codes import CodeField
from core.models import both_or_neither
from core.versioned import Versioned


class EducationLevel(models.Model):
    """One level of education; `rank` compares them, `kkni` is the level of Perpres 8/2012."""

    code = models.CharField(max_length=5, primary_key=True)
    label = models.CharField(max_length=60)
    rank = models.PositiveSmallIntegerField(unique=True)
    kkni = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rank"]

    def __str__(self) -> str:
        return self.label


class DocumentType(models.Model):
    """A kind of document with its limits; `sensitivity` decides who may see it and how long it is kept."""

    class Sensitivity(models.TextChoices):
        GENERAL = "general", _("Umum")
        IDENTITY = "identity", _("Identitas")
        SPECIFIC = "specific", _("Data spesifik")  # health, criminal record

    code = models.CharField(max_length=20, primary_key=True)
    label = models.CharField(max_length=80)
    formats = models.JSONField()  # of "pdf", "jpg", "png", "form" (filled in on the portal)
    max_mb = models.PositiveSmallIntegerField()
    sensitivity = models.CharField(max_length=10, choices=Sensitivity)
    retention_days = models.PositiveIntegerField()  # after the batch has closed
    fields = models.JSONField(default=list)  # facts typed beside the file
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rank"]

    def __str__(self) -> str:
        return self.label

    @property
    def upload_formats(self) -> frozenset[str]:
        return frozenset(self.formats) & {"pdf", "jpg", "png"}

    @property
    def is_form(self) -> bool:
        """The portal makes it from the answers; no upload is asked."""
        return "form" in self.formats


class RuleSet(Versioned):
    """Eligibility groups and rules of one scheme; `code` is the scheme's. Content: see participants.eligibility."""


class AgendaTemplate(Versioned):
    """Days and sessions of a timetable in local time; content as in batches/reference/schemes.yaml."""

    @property
    def days(self) -> int:
        return self.content["training_days"] + self.content["exam_days"]

    @property
    def jp(self) -> int:
        return self.content["total_jp"]


class Scheme(models.Model):
    """What is trained. Settings are defaults that a batch may change."""

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    standard = models.CharField(max_length=60)
    units = models.JSONField()  # [{code, title, number}]
    agenda_code = models.CharField(max_length=40)
    rubric_code = models.CharField(max_length=40)
    settings = models.JSONField(default=dict)  # class sizes, cross examination, lead days, certificate
    is_active = models.BooleanField(default=True)
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["rank", "code"]

    def __str__(self) -> str:
        return self.title


class Venue(models.Model):
    """A place of assessment (TUK)."""

    class Kind(models.TextChoices):
        TEMPORARY = "temporary", _("TUK Sewaktu")
        WORKPLACE = "workplace", _("TUK Tempat Kerja")
        INDEPENDENT = "independent", _("TUK Mandiri")

    code = CodeField()
    name = models.CharField(_("nama tempat"), max_length=120, unique=True)
    kind = models.CharField(_("jenis TUK"), max_length=12, choices=Kind)
    address = models.CharField(_("alamat"), max_length=250)
    city = models.CharField(_("kota"), max_length=80)
    time_zone = models.CharField(_("zona waktu"), max_length=20, choices=ZONES, default="Asia/Jakarta")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.city}"


class Room(models.Model):
    """A room of a venue."""

    code = CodeField()
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(_("nama ruang"), max_length=80)
    capacity = models.PositiveSmallIntegerField(_("kapasitas"), null=True, blank=True)

    class Meta:
        ordering = ["venue", "name"]
        constraints = [models.UniqueConstraint(fields=["venue", "name"], name="room_name_once")]

    def __str__(self) -> str:
        return self.name


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


class GuestInstructor(models.Model):
    """A senior assessor who instructs sessions without serving the batch: remembered to tell of changed sessions."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="guest_instructors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told_schedule_version = models.PositiveIntegerField(default=0)  # of the batch, as last mailed to the person

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "person"], name="guestinstructor_once")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.person_id}"


class SessionKind(models.TextChoices):
    """Kinds of sessions; the agenda templates say them in Indonesian (batches.schedule)."""

    CEREMONY = "ceremony", _("Seremoni")
    LECTURE = "lecture", _("Materi")
    PRACTICE = "practice", _("Praktik")
    EVALUATION = "evaluation", _("Evaluasi")
    ROLE_PLAY = "role_play", _("Role play")
    EXAM = "exam", _("Uji")
    BREAK = "break", _("Istirahat")

    @property
    def tone(self) -> str:
        return {"role_play": "rev", "exam": "warn", "break": "plain", "ceremony": "plain"}.get(self.value, "info")


class SessionQuerySet(models.QuerySet):
    def live(self) -> Self:
        return self.filter(cancelled_at=None)

    def countable(self) -> Self:
        """Live sessions whose attendance counts."""
        return self.live().filter(needs_attendance=True)

    def instructed_by(self, user: User) -> Self:
        return self.filter(bookings__person=user)


class Session(models.Model):
    """One block of a batch's timetable. Who and which room it takes are its bookings."""

    code = CodeField()  # also the stable UID of its calendar entry
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="sessions")
    day = models.PositiveSmallIntegerField()  # of the agenda, from 1
    order = models.PositiveSmallIntegerField()  # within the agenda
    kind = models.CharField(max_length=10, choices=SessionKind)
    title = models.CharField(_("judul"), max_length=200)
    unit = models.CharField(max_length=10, blank=True)  # MAPA, MA, MKVA; UMUM or UJI for none
    jp = models.PositiveSmallIntegerField(default=0)
    needs_attendance = models.BooleanField(default=True)
    period = DateTimeRangeField()  # [start, end)
    moved_from = DateTimeRangeField(null=True, blank=True)  # the time that people knew before its latest move
    schedule_version = models.PositiveIntegerField(default=0)  # of the batch, at its latest change; 0: as announced
    ics_sequence = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)  # counts edits: two tabs cannot overwrite each other
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cancel_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "period", "order"]
        constraints = [
            models.CheckConstraint(
                name="session_period_bounded",
                condition=Q(period__isempty=False, period__lower_inf=False, period__upper_inf=False),
            ),
            models.CheckConstraint(
                name="session_cancelled_explained", condition=Q(cancelled_at=None) | ~Q(cancel_reason="")
            ),
            both_or_neither("cancelled", "session"),
        ]
        indexes = [models.Index(fields=["batch", "day", "order"], name="session_timetable")]

    def __str__(self) -> str:
        return self.title

    @property
    def starts_at(self) -> datetime:
        return self.period.lower

    @property
    def ends_at(self) -> datetime:
        return self.period.upper

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_changed(self) -> bool:
        """Differs from what was announced first, and still takes place."""
        return self.schedule_version > 0 and not self.is_cancelled

    @property
    def is_new(self) -> bool:
        """Was added after the timetable had been announced, and not changed since."""
        return self.schedule_version > 0 and self.ics_sequence == 0


class Booking(models.Model):
    """A session takes a person (instructor) or a room for its period.

    `blocked` is written by triggers only (migration 0003): the session's period, empty when it is cancelled.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="bookings")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="bookings"
    )
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="bookings")
    blocked = DateTimeRangeField(editable=False, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="booking_person_or_room",
                condition=Q(person__isnull=True, room__isnull=False) | Q(person__isnull=False, room__isnull=True),
            ),
            models.UniqueConstraint(fields=["session", "person"], name="booking_person_once"),
            models.UniqueConstraint(fields=["session", "room"], name="booking_room_once"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.person_id or ''}{self.room_id or ''}"
