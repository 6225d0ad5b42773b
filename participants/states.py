"""States of a registration and of a document, and the moves between them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RegistrationStatus(TextChoices):
    DRAFT = "draft", _("Draf")
    SUBMITTED = "submitted", _("Diajukan")
    IN_REVIEW = "in_review", _("Sedang diperiksa")
    RETURNED = "returned", _("Perlu perbaikan")
    ELIGIBLE = "eligible", _("Memenuhi syarat")
    WAITLISTED = "waitlisted", _("Daftar tunggu")
    CONFIRMED = "confirmed", _("Terkonfirmasi")
    COMPLETED = "completed", _("Selesai")
    REJECTED = "rejected", _("Tidak memenuhi syarat")
    WITHDRAWN = "withdrawn", _("Ditarik")
    CANCELLED = "cancelled", _("Dibatalkan LSP")

    @property
    def tone(self) -> str:
        return {
            "draft": "plain", "submitted": "info", "in_review": "rev", "returned": "warn", "eligible": "ok",
            "waitlisted": "warn", "confirmed": "ok", "completed": "ok", "rejected": "err",
        }.get(self.value, "plain")  # fmt: skip


S = RegistrationStatus
TRANSITIONS: dict[RegistrationStatus, frozenset[RegistrationStatus]] = {
    S.DRAFT: frozenset({S.SUBMITTED, S.WITHDRAWN, S.CANCELLED}),
    S.SUBMITTED: frozenset({S.IN_REVIEW, S.WITHDRAWN, S.CANCELLED}),
    S.IN_REVIEW: frozenset({S.SUBMITTED, S.RETURNED, S.ELIGIBLE, S.REJECTED, S.WITHDRAWN, S.CANCELLED}),
    S.RETURNED: frozenset({S.SUBMITTED, S.WITHDRAWN, S.CANCELLED}),
    S.ELIGIBLE: frozenset({S.CONFIRMED, S.WAITLISTED, S.WITHDRAWN, S.CANCELLED}),
    S.WAITLISTED: frozenset({S.CONFIRMED, S.WITHDRAWN, S.CANCELLED}),
    S.CONFIRMED: frozenset({S.COMPLETED, S.WITHDRAWN, S.CANCELLED}),
    S.COMPLETED: frozenset(),
    S.REJECTED: frozenset({S.SUBMITTED}),  # an objection was upheld
    S.WITHDRAWN: frozenset(),
    S.CANCELLED: frozenset(),
}
LIVE = (S.DRAFT, S.SUBMITTED, S.IN_REVIEW, S.RETURNED, S.ELIGIBLE, S.WAITLISTED, S.CONFIRMED)
SEATED = (S.CONFIRMED, S.COMPLETED)
EDITABLE = (S.DRAFT, S.RETURNED)  # the participant may change answers
FOR_REVIEW = (S.SUBMITTED, S.IN_REVIEW)
SENT = tuple(status for status in S if status != S.DRAFT)


class Verdict(TextChoices):
    PENDING = "pending", _("Belum diperiksa")
    ACCEPTED = "accepted", _("Sesuai")
    RETURNED = "returned", _("Perbaiki")

    @property
    def tone(self) -> str:
        return {"accepted": "ok", "returned": "warn"}.get(self.value, "info")


class Part(TextChoices):
    """Parts of the application, in the order in which they are filled."""

    TARGET = "target", _("Bidang yang akan diases")
    IDENTITY = "identity", _("Data diri")
    EDUCATION = "education", _("Pendidikan")
    EXPERIENCE = "experience", _("Pengalaman kerja")
    SELF_ASSESSMENT = "self_assessment", _("Asesmen mandiri")
    DOCUMENTS = "documents", _("Dokumen")
    DECLARATIONS = "declarations", _("Pernyataan")
