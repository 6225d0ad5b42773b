"""States of a batch (angkatan) and the moves between them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BatchStatus(TextChoices):
    DRAFT = "draft", _("Draf")
    SUBMITTED_TO_BNSP = "submitted_to_bnsp", _("Diajukan ke BNSP")
    APPROVED = "approved", _("Disetujui BNSP")
    OPEN = "open", _("Pendaftaran dibuka")
    CLOSED = "closed", _("Pendaftaran ditutup")
    RUNNING = "running", _("Berjalan")
    EXAMINING = "examining", _("Uji")
    COMPLETED = "completed", _("Selesai")
    ARCHIVED = "archived", _("Diarsipkan")
    CANCELLED = "cancelled", _("Dibatalkan")

    @property
    def tone(self) -> str:
        return {"open": "ok", "running": "info", "examining": "rev", "cancelled": "err", "draft": "warn"}.get(
            self.value, "plain"
        )


S = BatchStatus
TRANSITIONS: dict[BatchStatus, frozenset[BatchStatus]] = {
    S.DRAFT: frozenset({S.SUBMITTED_TO_BNSP, S.OPEN, S.CANCELLED}),  # open: only where no BNSP approval is used
    S.SUBMITTED_TO_BNSP: frozenset({S.APPROVED, S.DRAFT, S.CANCELLED}),
    S.APPROVED: frozenset({S.OPEN, S.CANCELLED}),
    S.OPEN: frozenset({S.CLOSED, S.CANCELLED}),
    S.CLOSED: frozenset({S.OPEN, S.RUNNING, S.CANCELLED}),
    S.RUNNING: frozenset({S.EXAMINING, S.CANCELLED}),
    S.EXAMINING: frozenset({S.COMPLETED}),
    S.COMPLETED: frozenset({S.ARCHIVED}),
    S.ARCHIVED: frozenset(),
    S.CANCELLED: frozenset(),
}
BEFORE_START = (S.DRAFT, S.SUBMITTED_TO_BNSP, S.APPROVED, S.OPEN, S.CLOSED)
SEATS_MOVE = (S.OPEN, S.CLOSED)  # seats are taken and freed in these states
PUBLIC = (S.OPEN, S.CLOSED, S.RUNNING, S.EXAMINING, S.COMPLETED)
EDITABLE = (S.DRAFT, S.SUBMITTED_TO_BNSP, S.APPROVED, S.OPEN, S.CLOSED)
SCHEME_FREE = (S.DRAFT, S.SUBMITTED_TO_BNSP, S.APPROVED)  # nobody has applied by the scheme's rules yet
SCHEDULED = (S.OPEN, S.CLOSED, S.RUNNING, S.EXAMINING)  # has sessions, which may change; people hear of changes
STAFFED = (*BEFORE_START, S.RUNNING, S.EXAMINING)  # facilitators and examiners may still change
