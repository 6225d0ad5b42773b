"""Persons, their registrations and what hangs on them."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from batches.models import Batch, DocumentType, RuleSet, Scheme
from core import clock
from core.codes import CodeField
from core.fields import SealedTextField
from core.models import StoredFile, both_or_neither
from participants.states import LIVE, Part, RegistrationStatus, Verdict

WAS_SENT = Q(submitted_at__isnull=False)


class Person(models.Model):
    """Identity of one participant. Identifiers are sealed; equality goes by keyed hash; screens show the mask."""

    class Sex(models.TextChoices):
        MALE = "L", _("Laki-laki")
        FEMALE = "P", _("Perempuan")

    class IdentityKind(models.TextChoices):
        NIK = "nik", _("NIK (KTP)")
        PASSPORT = "passport", _("Paspor")

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="person")
    full_name = models.CharField(max_length=120, blank=True)
    title_front = models.CharField(max_length=40, blank=True)
    title_back = models.CharField(max_length=60, blank=True)
    nationality = models.CharField(max_length=3, choices=[("WNI", "WNI"), ("WNA", "WNA")], blank=True)
    identity_kind = models.CharField(max_length=8, choices=IdentityKind, blank=True)
    identity = SealedTextField(blank=True)
    identity_index = models.CharField(max_length=64, blank=True)  # keyed hash; not unique: no oracle at sign-up
    identity_mask = models.CharField(max_length=40, blank=True)
    identity_tail = models.CharField(max_length=4, blank=True)  # last four, in clear for search
    identity_findings = models.JSONField(default=list)  # codes of participants.nik, never digits
    sex = models.CharField(max_length=1, choices=Sex, blank=True)
    birth_date = SealedTextField(blank=True)  # ISO date
    birth_place = SealedTextField(blank=True)
    phone = SealedTextField(blank=True)  # E.164
    address = SealedTextField(blank=True)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="person_identity_whole",
                condition=Q(identity="", identity_index="", identity_mask="")
                | (~Q(identity="") & ~Q(identity_index="") & ~Q(identity_mask="") & ~Q(identity_kind="")),
            ),
        ]
        indexes = [
            models.Index(fields=["identity_index"], name="person_identity"),
            models.Index(Lower("full_name"), name="person_name"),
            models.Index(fields=["identity_tail"], name="person_identity_tail"),
        ]

    def __str__(self) -> str:
        return self.full_name or str(self.user)

    @property
    def display_name(self) -> str:
        """Name with titles, as typed."""
        front = f"{self.title_front} " if self.title_front else ""
        back = f", {self.title_back}" if self.title_back else ""
        return f"{front}{self.full_name}{back}"


class RegistrationQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """One's own; admins, directors and auditors see all that was sent."""
        own = Q(person__user=user)
        if user.roles & {Role.ADMIN, Role.DIRECTOR, Role.AUDITOR}:
            return self.filter(own | WAS_SENT)
        return self.filter(own)

    def owned_by(self, user: User) -> Self:
        return self.filter(person__user=user)

    def sent(self) -> Self:
        """What the LSP has received. A draft that ended without being sent stays the person's own."""
        return self.filter(WAS_SENT)

    def live(self) -> Self:
        return self.filter(status__in=LIVE)

    def waiting(self) -> Self:
        """The waiting list in its order."""
        return self.filter(status=RegistrationStatus.WAITLISTED).order_by("waitlist_key", "id")


class Registration(models.Model):
    """One application of one person for one batch, from draft to the end."""

    code = CodeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="registrations")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="registrations")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="+")
    identity_index = models.CharField(
        max_length=64, null=True, blank=True
    )  # claimed at submission; null = a twin has it
    target_field = models.CharField(max_length=200, blank=True)  # scheme or field that the person will assess
    status = models.CharField(max_length=10, choices=RegistrationStatus, default=RegistrationStatus.DRAFT)
    status_at = models.DateTimeField(default=clock.now)
    status_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # null: the portal
    reason = models.TextField(blank=True)  # of the present state, shown to the participant
    created_at = models.DateTimeField(default=clock.now)
    last_saved_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    review_due_on = models.DateField(null=True, blank=True)  # promise to the participant
    return_due_on = models.DateField(null=True, blank=True)
    waitlist_key = models.BigIntegerField(null=True, blank=True)  # microseconds of verified_at
    certificate_name = models.CharField(max_length=160, blank=True)  # as the person wants it printed
    name_confirmed_at = models.DateTimeField(null=True, blank=True)
    name_confirmed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    told_schedule_version = models.PositiveIntegerField(default=0)  # of the batch, as last mailed to the person

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "identity_index"], condition=Q(status__in=LIVE), name="registration_one_per_identity"
            ),
            models.UniqueConstraint(
                fields=["scheme", "person"], condition=Q(status__in=LIVE), name="registration_one_per_person"
            ),
            models.CheckConstraint(
                name="registration_verified_identity",
                condition=~Q(status__in=["eligible", "waitlisted", "confirmed", "completed"])
                | Q(identity_index__isnull=False),
            ),
            models.CheckConstraint(
                name="registration_review_claimed",
                condition=~Q(status=RegistrationStatus.IN_REVIEW) | Q(claimed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="registration_waiting_has_key",
                condition=~Q(status=RegistrationStatus.WAITLISTED) | Q(waitlist_key__isnull=False),
            ),
            models.CheckConstraint(
                name="registration_return_explained",
                condition=~Q(status=RegistrationStatus.RETURNED) | (Q(return_due_on__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="registration_end_explained",
                condition=~Q(status__in=["rejected", "cancelled"]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="registration_submitted_stamped",
                condition=Q(status__in=["draft", "withdrawn", "cancelled"]) | Q(submitted_at__isnull=False),
            ),
            both_or_neither("submitted", "registration"),
            both_or_neither("claimed", "registration"),
            both_or_neither("verified", "registration"),
            both_or_neither("name_confirmed", "registration"),
            models.CheckConstraint(
                name="registration_confirmed_name_given",
                condition=Q(name_confirmed_at=None) | ~Q(certificate_name=""),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "submitted_at", "id"], name="registration_queue"),
            models.Index(fields=["batch", "status", "id"], name="registration_roster"),
            models.Index(
                fields=["batch", "waitlist_key", "id"],
                name="registration_waiting",
                condition=Q(status=RegistrationStatus.WAITLISTED),
            ),
            models.Index(
                fields=["last_saved_at"], name="registration_drafts", condition=Q(status=RegistrationStatus.DRAFT)
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number on receipts and in mails."""
        return f"P-{self.code.upper()}"


class ApplicationPart(models.Model):
    """One part of the form as it was saved; `version` catches two tabs or two devices."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="parts")
    part = models.CharField(max_length=16, choices=[*Part.choices, ("staff_checks", "staff_checks")])
    data = models.JSONField(default=dict)  # plain answers; identifiers live sealed in Person
    is_complete = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=clock.now)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["registration", "part"], name="applicationpart_once")]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.part}"


class Document(models.Model):
    """One document of one type and its verdict; a new upload supersedes the one before."""

    class Source(models.TextChoices):
        UPLOAD = "upload", _("Unggahan")
        FORM = "form", _("Dari isian")

    code = CodeField()
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="documents")
    type = models.ForeignKey(DocumentType, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=6, choices=Source, default=Source.UPLOAD)
    file = models.OneToOneField(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    fields = models.JSONField(default=dict)  # facts typed beside the file, dates as ISO text
    verdict = models.CharField(max_length=8, choices=Verdict, default=Verdict.PENDING)
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    uploaded_at = models.DateTimeField(default=clock.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["type__rank", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "type"], condition=Q(superseded_at=None), name="document_one_current"
            ),
            models.CheckConstraint(
                name="document_file_or_form",
                condition=Q(source="upload", file__isnull=False) | Q(source="form", file__isnull=True),
            ),
            models.CheckConstraint(
                name="document_verdict_stamped",
                condition=Q(verdict=Verdict.PENDING, judged_at__isnull=True)
                | (~Q(verdict=Verdict.PENDING) & Q(judged_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="document_return_explained", condition=~Q(verdict=Verdict.RETURNED) | ~Q(reason="")
            ),
            both_or_neither("judged", "document"),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.type_id}"


class EligibilityCheck(models.Model):
    """Snapshot of an evaluation: rule version, facts (no identifiers) and results, at submission and at decision."""

    class Stage(models.TextChoices):
        SUBMISSION = "submission", _("Saat dikirim")
        DECISION = "decision", _("Saat diputuskan")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="checks")
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=10, choices=Stage)
    outcome = models.CharField(max_length=12)  # participants.eligibility.Outcome
    facts = models.JSONField()
    results = models.JSONField()
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["registration", "-id"], name="eligibilitycheck_latest")]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.stage} {self.outcome}"


class RegistrationEvent(models.Model):
    """History of a registration as the field tells it: each change of state with who and why."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # null: the portal
    from_status = models.CharField(max_length=10, choices=RegistrationStatus, blank=True)
    to_status = models.CharField(max_length=10, choices=RegistrationStatus)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["registration", "id"], name="registrationevent_history")]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.from_status}>{self.to_status}"
