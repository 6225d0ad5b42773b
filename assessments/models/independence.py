"""What stands between an assessor and a candidate, and when a director let it pass."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.states import WaivedRule
from batches.models import Batch
from core import clock
from core.models import both_or_neither
from participants.models import Person, Registration


class Relation(models.Model):
    """A tie between a senior assessor and a person, declared by the assessor or known to the desk."""

    class Kind(models.TextChoices):
        FAMILY = "family", _("Keluarga")
        SUPERIOR = "superior", _("Atasan atau bawahan langsung")
        PROJECT = "project", _("Rekan satu proyek atau instansi")
        TAUGHT = "taught", _("Pernah melatih dalam dua tahun terakhir")
        FINANCIAL = "financial", _("Kepentingan keuangan")
        OTHER = "other", _("Lainnya")

    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="relations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="relations")
    kind = models.CharField(max_length=10, choices=Kind)
    note = models.CharField(max_length=300, blank=True)
    declared_at = models.DateTimeField(default=clock.now)
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessor", "person", "kind"], condition=Q(ended_at=None), name="relation_once_while_live"
            ),
            both_or_neither("ended", "relation"),
        ]

    def __str__(self) -> str:
        return f"{self.assessor_id} {self.person_id} {self.kind}"


class Waiver(models.Model):
    """A director let one rule of independence pass once, with a reason; never edited."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=20, choices=WaivedRule)
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    registration = models.ForeignKey(
        Registration, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # null: the whole class
    reason = models.CharField(max_length=500)
    granted_at = models.DateTimeField(default=clock.now)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(name="waiver_explained", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.rule} {self.assessor_id}"
