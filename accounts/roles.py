"""The roles of the portal. Every signed-in person is a participant; staff roles are granted."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    PARTICIPANT = "participant", _("Peserta")
    ADMIN = "admin", _("Admin LSP")
    ASSESSOR = "assessor", _("Asesor senior")
    DIRECTOR = "director", _("Pimpinan")
    AUDITOR = "auditor", _("Auditor")


STAFF = frozenset({Role.ADMIN, Role.ASSESSOR, Role.DIRECTOR, Role.AUDITOR})
