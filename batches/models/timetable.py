"""Sessions of a batch, and what they take: people and rooms, never in two places."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from batches.models.planning import Batch
from batches.models.venues import Room
from core import clock
from core.codes import CodeField
from core.models import both_or_neither


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
        """Takes place at another time than people knew. Rooms and instructors are told by mail, and not marked."""
        return self.moved_from is not None and not self.is_cancelled

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


class GuestInstructor(models.Model):
    """A senior assessor who instructs sessions without serving the batch: remembered to tell of changed sessions."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="guest_instructors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told_schedule_version = models.PositiveIntegerField(default=0)  # of the batch, as last mailed to the person

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "person"], name="guestinstructor_once")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.person_id}"
