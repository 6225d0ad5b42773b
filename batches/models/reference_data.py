"""Schemes and what they consist of: loaded from the shipped files, versioned where decisions rest on it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

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
