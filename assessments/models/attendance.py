"""Who was there."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from assessments.states import AttendanceStatus
from batches.models import Session
from core import clock
from participants.models import Registration


class AttendanceQuerySet(models.QuerySet):
    def current(self) -> Self:
        return self.filter(superseded_at=None)


class Attendance(models.Model):
    """One mark of one person in one session. A later mark supersedes it and leaves it readable."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendances")
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="attendances")
    status = models.CharField(max_length=8, choices=AttendanceStatus)
    minutes_late = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)  # of a correction or of an approved make-up
    marked_at = models.DateTimeField(default=clock.now)
    marked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")  # of a make-up: who approved it
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "registration"], condition=Q(superseded_at=None), name="attendance_one_current"
            ),
            models.CheckConstraint(
                name="attendance_made_up_explained", condition=~Q(status=AttendanceStatus.MADE_UP) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="attendance_minutes_of_late",
                condition=Q(minutes_late=None) | Q(status=AttendanceStatus.LATE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.registration_id} {self.status}"
