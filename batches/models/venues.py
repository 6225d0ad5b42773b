"""Places of assessment and their rooms."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import ZONES
from core.codes import CodeField


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
