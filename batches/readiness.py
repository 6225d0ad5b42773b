"""What a batch still needs: one list, shown on its page and obeyed by the services."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Lsp
from batches.models import Assignment, Batch
from batches.states import BatchStatus
from core import clock


@dataclass(frozen=True)
class Requirement:
    """One thing a batch needs. `blocks`: the step waits for it; else it is a warning."""

    code: str
    label: str | Promise
    met: bool
    detail: str | Promise
    blocks: bool = True

    @property
    def state(self) -> str:
        """met, warn or blocked."""
        return "met" if self.met else "blocked" if self.blocks else "warn"


def to_open(batch: Batch) -> list[Requirement]:
    """What opening the registration needs."""
    now = clock.now()
    return [
        Requirement(
            "window", _("Masa pendaftaran"), batch.registration_closes_at > now,
            _("Tanggal penutupan pendaftaran sudah lewat. Ubah masa pendaftaran."),
        ),
        Requirement(
            "dates", _("Tanggal pelatihan"), batch.registration_closes_at.date() <= batch.starts_on,
            _("Pendaftaran harus ditutup paling lambat pada hari pertama pelatihan."),
        ),
        Requirement("venue", _("Tempat"), batch.venue_id is not None, _("Pilih tempat pelatihan."), blocks=False),
        *_bnsp(batch),
        *_staff(batch, blocks=False),
    ]  # fmt: skip


def to_start(batch: Batch) -> list[Requirement]:
    """What the first day needs."""
    return [
        Requirement(
            "first_day", _("Hari pertama"), batch.has_started(),
            _("Pelatihan dapat dimulai pada hari pertamanya."),
        ),
        *_staff(batch, blocks=True),
        Requirement(
            "quorum", _("Jumlah peserta"), batch.seats_held >= batch.min_people,
            _("Peserta terkonfirmasi masih di bawah jumlah paling sedikit."), blocks=False,
        ),
    ]  # fmt: skip


def letter_deadline(batch: Batch) -> date:
    """Last day to send the application letter to BNSP: so many working days before the start (setting of the LSP)."""
    return clock.add_working_days(batch.starts_on, -Lsp.current().bnsp_lead_working_days)


def batch_readiness(batch: Batch) -> list[Requirement]:
    """The list for the step that comes next; empty when nothing more has to be prepared."""
    if batch.status in {BatchStatus.DRAFT, BatchStatus.SUBMITTED_TO_BNSP, BatchStatus.APPROVED}:
        return to_open(batch)
    if batch.status in {BatchStatus.OPEN, BatchStatus.CLOSED}:
        return to_start(batch)
    return []


def _bnsp(batch: Batch) -> list[Requirement]:
    if not Lsp.current().uses_bnsp_approval:
        return []
    sent_on = batch.application_on or clock.today(batch.time_zone)
    return [
        Requirement(
            "approval", _("Persetujuan BNSP"), batch.status != BatchStatus.DRAFT and bool(batch.approval_number),
            _("Kirim surat permohonan ke BNSP, lalu catat nomor persetujuannya."),
        ),
        Requirement(
            "lead_time", _("Tenggat surat ke BNSP"), sent_on <= letter_deadline(batch),
            _("Surat dikirim kurang dari jumlah hari kerja yang ditetapkan LSP sebelum pelatihan."), blocks=False,
        ),
    ]  # fmt: skip


def _staff(batch: Batch, *, blocks: bool) -> list[Requirement]:
    functions = list(Assignment.objects.filter(batch=batch, released_at=None).values_list("function", flat=True))
    needed = batch.scheme.settings.get("class", {})
    return [
        Requirement(
            "facilitators", _("Fasilitator"),
            functions.count(Assignment.Function.FACILITATOR) >= needed.get("facilitators", 2),
            _("Tugaskan fasilitator sebanyak yang ditetapkan skema."), blocks=blocks,
        ),
        Requirement(
            "examiners", _("Penguji"),
            functions.count(Assignment.Function.EXAMINER) >= needed.get("examiners", 2),
            _("Tugaskan penguji sebanyak yang ditetapkan skema. Penguji bukan pelatih angkatan ini."), blocks=blocks,
        ),
    ]  # fmt: skip
