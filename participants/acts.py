"""The acts of participants in words, for the audit log."""

from django.utils.translation import gettext_lazy as _

from core.audit_words import register

register(
    acts={
        "certificate_name_confirmed": _("Nama pada sertifikat dikonfirmasi"),
        "certificate_name_corrected": _("Nama pada sertifikat diperbaiki LSP"),
        "decision_mail_discarded": _("Surat keputusan dibuang"),
        "decision_mails_released": _("Surat keputusan dilepas"),
        "document_attached": _("Dokumen diunggah"),
        "document_facts_saved": _("Keterangan dokumen disimpan"),
        "document_judged": _("Dokumen diperiksa"),
        "document_removed": _("Dokumen dihapus"),
        "documents_accepted": _("Semua dokumen dinyatakan sesuai"),
        "draft_moved": _("Draf dipindahkan ke angkatan lain"),
        "draft_purged": _("Draf lama dihapus"),
        "identity_revealed": _("Nomor identitas dibuka"),
        "identity_saved": _("Data diri disimpan"),
        "manual_check_answered": _("Pertanyaan pemeriksaan dijawab"),
        "registration_cancelled": _("Pendaftaran dibatalkan LSP"),
        "registration_completed": _("Peserta menyelesaikan pelatihan"),
        "registration_confirmed": _("Kursi dikonfirmasi"),
        "registration_eligible": _("Dinyatakan memenuhi syarat"),
        "registration_in_review": _("Pemeriksaan dimulai"),
        "registration_rejected": _("Dinyatakan tidak memenuhi syarat"),
        "registration_returned": _("Perbaikan diminta"),
        "registration_started": _("Pendaftaran dimulai"),
        "registration_submitted": _("Pendaftaran dikirim"),
        "registration_waitlisted": _("Masuk daftar tunggu"),
        "registration_withdrawn": _("Pendaftaran ditarik"),
        "review_taken_over": _("Pemeriksaan diambil alih"),
    },
    kinds={
        "participants.document": _("Dokumen"),
        "participants.person": _("Data diri"),
        "participants.registration": _("Pendaftaran"),
    },
    fields={
        "accepted": _("dinyatakan sesuai"),
        "batch": _("angkatan"),
        "certificate_name": _("nama pada sertifikat"),
        "claimed_by": _("pemeriksa"),
        "mails_ended": _("surat tanpa sebab dibatalkan"),
        "mails_released": _("surat dilepas"),
        "verdict": _("hasil pemeriksaan"),
    },
)
