"""The acts of batches in words, for the audit log."""

from django.utils.translation import gettext_lazy as _

from core.audit_words import register

register(
    acts={
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
    },
    kinds={"batches.batch": _("Angkatan"), "batches.venue": _("Tempat")},
    fields={
        "address": _("alamat"),
        "agenda": _("agenda"),
        "application_number": _("nomor surat ke BNSP"),
        "application_on": _("tanggal surat ke BNSP"),
        "approval_number": _("nomor persetujuan BNSP"),
        "approval_on": _("tanggal persetujuan BNSP"),
        "cancel_reason": _("alasan batal"),
        "cancelled_at": _("dibatalkan pada"),
        "cancelled_by": _("dibatalkan oleh"),
        "capacity": _("jumlah kursi"),
        "city": _("kota"),
        "ends_on": _("tanggal selesai"),
        "function": _("tugas"),
        "kind": _("jenis"),
        "min_people": _("peserta paling sedikit"),
        "registration_closes_at": _("pendaftaran ditutup"),
        "registration_opens_at": _("pendaftaran dibuka"),
        "rule_set": _("aturan kelayakan"),
        "scheme": _("skema"),
        "starts_on": _("tanggal mulai"),
        "time_zone": _("zona waktu"),
        "venue": _("tempat"),
    },
)
