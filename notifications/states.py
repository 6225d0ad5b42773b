"""States of a message and the moves between them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EmailStatus(TextChoices):
    HELD = "held", _("Ditahan")  # owed, but not before its attachment is made, or its group is released
    QUEUED = "queued", _("Antre")
    SENDING = "sending", _("Sedang dikirim")
    SENT = "sent", _("Terkirim")
    RETRYING = "retrying", _("Dicoba lagi")
    FAILED = "failed", _("Gagal")
    CANCELLED = "cancelled", _("Dibatalkan")

    @property
    def tone(self) -> str:
        return {"sent": "ok", "retrying": "warn", "failed": "err", "cancelled": "plain", "held": "plain"}.get(
            self.value, "info"
        )


S = EmailStatus
TRANSITIONS: dict[EmailStatus, frozenset[EmailStatus]] = {
    S.HELD: frozenset({S.QUEUED, S.CANCELLED}),
    S.QUEUED: frozenset({S.SENDING, S.CANCELLED}),
    S.SENDING: frozenset({S.SENT, S.RETRYING, S.FAILED, S.CANCELLED, S.QUEUED}),  # queued: the claim was lost
    S.RETRYING: frozenset({S.SENDING, S.QUEUED, S.CANCELLED}),  # queued: somebody does not want to wait
    S.FAILED: frozenset({S.QUEUED, S.CANCELLED}),
    S.SENT: frozenset(),
    S.CANCELLED: frozenset(),
}
DUE = (S.QUEUED, S.RETRYING)
MAY_RETRY = (S.FAILED, S.RETRYING)  # by hand
MAY_CANCEL = (S.HELD, S.QUEUED, S.RETRYING, S.FAILED)  # by hand
