"""States of a certificate and the moves between them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CertificateStatus(TextChoices):
    ISSUED = "issued", _("Berlaku")
    REVOKED = "revoked", _("Dicabut")
    REPLACED = "replaced", _("Diganti")

    @property
    def tone(self) -> str:
        return {"issued": "ok", "revoked": "err"}.get(self.value, "warn")


S = CertificateStatus
TRANSITIONS: dict[CertificateStatus, frozenset[CertificateStatus]] = {
    S.ISSUED: frozenset({S.REVOKED, S.REPLACED}),
    S.REPLACED: frozenset({S.REVOKED}),
    S.REVOKED: frozenset(),
}
