"""Attempts of participants, what was decided, and what was said against it."""

from typing import Self

from django.db import models
from django.db.models import Q, Value

from accounts.models import User
from accounts.roles import Role
from assessments.states import APPEAL_OUTCOMES, OPEN_APPEAL, AppealStatus, AssessmentStatus, Duty, Result
from core import clock
from core.codes import CodeField
from core.models import both_or_neither
from participants.models import Registration

UNEXPLAINED_BK = (  # a unit that is not yet competent without what failed, what is missing in words, or a next step
    '$[*] ? (@.result == "BK" && (!exists(@.failed_items[*]) || !exists(@.followups[*]) || '
    '!exists(@.gap_note ? (@ != ""))))'
)


class JSONPathExists(models.Func):
    """PostgreSQL's jsonb_path_exists(value, path)."""

    function = "jsonb_path_exists"
    output_field = models.BooleanField()


class AssessmentQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """One's own; all for desk, director and auditor."""
        if user.roles & {Role.ADMIN, Role.DIRECTOR, Role.AUDITOR}:
            return self
        return self.filter(registration__person__user=user)

    def live(self) -> Self:
        return self.exclude(status=AssessmentStatus.VOID)


class Assessment(models.Model):
    """One attempt of one participant at the exam; a retake is a new row with the units that are left."""

    code = CodeField()
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="exam_attempts")
    attempt = models.PositiveSmallIntegerField(default=1)
    units = models.JSONField()  # codes
    status = models.CharField(max_length=12, choices=AssessmentStatus, default=AssessmentStatus.OPEN)
    status_at = models.DateTimeField(default=clock.now)
    status_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    void_reason = models.CharField(max_length=500, blank=True)
    from_appeal = models.OneToOneField(
        "Appeal", null=True, blank=True, on_delete=models.PROTECT, related_name="new_attempt"
    )  # an upheld appeal gave this attempt, or made the one that was open already not count against the maximum

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["registration", "attempt"]
        constraints = [
            models.UniqueConstraint(fields=["registration", "attempt"], name="assessment_attempt_once"),
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(status__in=[AssessmentStatus.OPEN, AssessmentStatus.RECOMMENDED]),
                name="assessment_one_open",
            ),
            models.CheckConstraint(name="assessment_has_units", condition=~Q(units=[])),
            models.CheckConstraint(
                name="assessment_void_explained", condition=~Q(status=AssessmentStatus.VOID) | ~Q(void_reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.code


class DecisionQuerySet(models.QuerySet):
    def current(self) -> Self:
        return self.filter(superseded_at=None)

    def released(self) -> Self:
        return self.current().filter(released_at__isnull=False)


class Decision(models.Model):
    """K or BK of an attempt, per unit and overall, as the director decided it on the assessor's recommendation."""

    code = CodeField()
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="decisions")
    version = models.PositiveSmallIntegerField(default=1)
    result = models.CharField(max_length=2, choices=Result)
    units = models.JSONField()  # [{unit, result, reasons, failed_items, gap_note, followups}]
    reasons = models.JSONField(default=list)  # of the overall result
    minutes = models.CharField(max_length=200, blank=True)  # number of the meeting's minutes, if a committee met
    decided_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)  # the participant sees it from then on
    released_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["assessment", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"], condition=Q(superseded_at=None), name="decision_one_current"
            ),
            models.UniqueConstraint(fields=["assessment", "version"], name="decision_version_once"),
            models.CheckConstraint(name="decision_bk_explained", condition=Q(result=Result.COMPETENT) | ~Q(reasons=[])),
            models.CheckConstraint(
                name="decision_units_bk_explained", condition=~JSONPathExists("units", Value(UNEXPLAINED_BK))
            ),
            both_or_neither("released", "decision"),
        ]

    def __str__(self) -> str:
        return self.code


class AppealQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """One's own; desk, director and auditor all; panel members those that they hear."""
        if user.roles & {Role.ADMIN, Role.DIRECTOR, Role.AUDITOR}:
            return self
        heard = Q(panel__user=user)
        return self.filter(Q(decision__assessment__registration__person__user=user) | heard).distinct()

    def open(self) -> Self:
        return self.filter(status__in=OPEN_APPEAL)


class Appeal(models.Model):
    """A participant's objection (banding) against a decision, with its clock and its outcome."""

    code = CodeField()
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="appeals")
    status = models.CharField(max_length=20, choices=AppealStatus, default=AppealStatus.FILED)
    status_at = models.DateTimeField(default=clock.now)
    status_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    grounds = models.TextField(max_length=4000)
    filed_at = models.DateTimeField(default=clock.now)
    answer_due_on = models.DateField()
    outcome = models.CharField(max_length=20, choices=APPEAL_OUTCOMES, blank=True)  # stays when it is closed
    outcome_text = models.TextField(max_length=4000, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["decision"], name="appeal_once_per_decision"),
            models.CheckConstraint(name="appeal_has_grounds", condition=~Q(grounds="")),
            models.CheckConstraint(
                name="appeal_outcome_explained",
                condition=~Q(status__in=["upheld", "dismissed", "rejected_formally", "closed"]) | ~Q(outcome_text=""),
            ),
            models.CheckConstraint(
                name="appeal_outcome_kept",
                condition=~Q(status__in=["upheld", "dismissed", "rejected_formally", "closed"]) | ~Q(outcome=""),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class DutyEntry(models.Model):
    """Somebody's duty toward a participant. A second, different one is refused: who assesses does not decide."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    duty = models.CharField(max_length=12, choices=Duty)
    appeal = models.ForeignKey(Appeal, null=True, blank=True, on_delete=models.CASCADE, related_name="panel")
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "user"], name="duty_one_per_person"),
            models.CheckConstraint(
                name="duty_panel_has_appeal",
                condition=Q(duty=Duty.HEARS_APPEAL, appeal__isnull=False)
                | (~Q(duty=Duty.HEARS_APPEAL) & Q(appeal__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.user_id} {self.duty}"
