"""The acts of batches in words, for the audit log."""

from django.utils.translation import gettext_lazy as _

from core.audit import register_acts

register_acts(
    {
        "batch_approved": _("Persetujuan BNSP dicatat"),
        "batch_archived": _("Angkatan diarsipkan"),
        "batch_cancelled": _("Angkatan dibatalkan"),
        "batch_changed": _("Angkatan diubah"),
        "batch_closed": _("Pendaftaran angkatan ditutup"),
        "batch_completed": _("Angkatan selesai"),
        "batch_created": _("Angkatan dibuat"),
        "batch_draft": _("Angkatan dikembalikan ke draf"),
        "batch_examining": _("Uji dimulai"),
        "batch_open": _("Pendaftaran angkatan dibuka"),
        "batch_running": _("Pelatihan dimulai"),
        "batch_submitted_to_bnsp": _("Surat ke BNSP dicatat"),
        "capacity_changed": _("Jumlah kursi diubah"),
        "person_assigned": _("Petugas ditugaskan"),
        "person_released": _("Tugas petugas diakhiri"),
        "venue_saved": _("Tempat disimpan"),
    }
)
