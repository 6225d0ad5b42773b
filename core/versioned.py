"""Reference data in versions: what a decision was based on stays readable after the rules change."""

import hashlib
import json
from typing import Any, Self, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core import clock


class VersionStatus(models.TextChoices):
    DRAFT = "draft", _("Draf")
    IN_FORCE = "in_force", _("Berlaku")
    ARCHIVED = "archived", _("Diarsipkan")


def content_digest(content: Any) -> str:
    """SHA-256 (hex) of the content in canonical JSON."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class VersionedQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        return self.filter(status=VersionStatus.IN_FORCE)


class Versioned(models.Model):
    """One version of one piece of reference data; content never changes once the row exists in force."""

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=VersionStatus, default=VersionStatus.DRAFT)
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True)
    in_force_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = VersionedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="%(class)s_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(status=VersionStatus.IN_FORCE), name="%(class)s_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


V = TypeVar("V", bound=Versioned)


@transaction.atomic
def put_in_force(model: type[V], *, code: str, title: str, content: Any, **extra: Any) -> V:
    """Makes `content` the version in force of `code`: the present one if equal, else a new version beside the old.

    The version before is archived in the same transaction; nothing that points at it changes.
    """
    digest = content_digest(content)
    rows = model.objects.select_for_update(no_key=True).filter(code=code)
    present = rows.filter(status=VersionStatus.IN_FORCE).first()
    if present and present.content_sha256 == digest and present.title == title:
        return present
    rows.filter(status=VersionStatus.IN_FORCE).update(status=VersionStatus.ARCHIVED)
    last = rows.order_by("-version").values_list("version", flat=True).first() or 0
    return model.objects.create(
        code=code, version=last + 1, title=title, content=content, content_sha256=digest,
        status=VersionStatus.IN_FORCE, in_force_at=clock.now(), **extra,
    )  # fmt: skip
