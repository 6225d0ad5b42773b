"""Numbered certificates with copied facts, and their log."""

import secrets
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from certificates.states import CertificateStatus
from core import clock
from core.codes import CodeField
from core.models import StoredFile, both_or_neither
from participants.models import Registration

TOKEN_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"  # noqa: S105 (an alphabet)
TOKEN_LENGTH = 26  # 130 bits: nobody finds a certificate by trying
MOST_RENDERINGS = 5  # after as many that brought no file, a person has to look


def new_token() -> str:
    """26 random letters and digits, the address in the QR code."""
    return "".join(secrets.choice(TOKEN_ALPHABET) for _ in range(TOKEN_LENGTH))


class CertificateQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """The holder's own; desk, director and auditor all."""
        if user.roles & {Role.ADMIN, Role.DIRECTOR, Role.AUDITOR}:
            return self
        return self.filter(registration__person__user=user)

    def live(self) -> Self:
        return self.filter(status=CertificateStatus.ISSUED)

    def unrendered(self) -> Self:
        return self.filter(file=None)


class Certificate(models.Model):
    """One *sertifikat pelatihan*: number, facts as printed, and the file, which never changes (triggers keep it so)."""

    class Kind(models.TextChoices):
        TRAINING = "training", "training"

    code = CodeField()
    token = models.CharField(max_length=TOKEN_LENGTH, unique=True, default=new_token, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="certificates")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.TRAINING)
    year = models.PositiveSmallIntegerField()  # of issue, in the issuer's time zone
    seq = models.PositiveIntegerField()
    number = models.CharField(max_length=80, unique=True)
    facts = models.JSONField()  # certificates.rendering.facts: everything that is printed
    status = models.CharField(max_length=8, choices=CertificateStatus, default=CertificateStatus.ISSUED)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revoke_reason = models.CharField(max_length=500, blank=True)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    file = models.OneToOneField(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file_sha256 = models.CharField(max_length=64, blank=True)
    rendered_at = models.DateTimeField(null=True, blank=True)
    render_attempts = models.PositiveSmallIntegerField(default=0)
    render_error = models.CharField(max_length=300, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-seq"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "year", "seq"], name="certificate_number_once"),
            models.UniqueConstraint(
                fields=["registration", "kind"],
                condition=Q(status=CertificateStatus.ISSUED),
                name="certificate_one_live",
            ),
            models.CheckConstraint(
                name="certificate_revoked_explained",
                condition=~Q(status=CertificateStatus.REVOKED) | (~Q(revoke_reason="") & Q(revoked_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="certificate_rendered_whole",
                condition=Q(file=None, file_sha256="", rendered_at=None)
                | (Q(file__isnull=False, rendered_at__isnull=False) & ~Q(file_sha256="")),
            ),
            both_or_neither("revoked", "certificate"),
        ]
        indexes = [
            models.Index(fields=["id"], name="certificate_unrendered", condition=Q(file=None)),
            models.Index(Upper("number"), name="certificate_number"),  # people type it in any case
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_rendered(self) -> bool:
        return self.file_id is not None

    @property
    def is_stuck(self) -> bool:
        return not self.is_rendered and self.render_attempts >= MOST_RENDERINGS and bool(self.render_error)

    @property
    def printed_name(self) -> str:
        return self.facts["name"]

    @property
    def verify_url(self) -> str:
        """The address in the QR code, as printed."""
        return self.facts["verify_url"]


class CertificateEvent(models.Model):
    """The log of a certificate; append-only."""

    class Kind(models.TextChoices):
        ISSUED = "issued", _("Terbit")
        RENDERED = "rendered", _("Berkas PDF selesai dibuat")
        REVOKED = "revoked", _("Dicabut")
        REPLACED = "replaced", _("Diganti dengan sertifikat baru")

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # null: the portal
    kind = models.CharField(max_length=8, choices=Kind)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["certificate", "id"], name="certificateevent_history")]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.kind}"
