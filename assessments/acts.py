"""The acts of assessments in words, for the audit log."""

from django.utils.translation import gettext_lazy as _

from core.audit_words import register

# --- attendance
register(
    acts={
        "attendance_corrected": _("Kehadiran dikoreksi"),
        "attendance_marked": _("Kehadiran dicatat"),
        "make_up_approved": _("Sesi susulan disetujui"),
    },
    kinds={"assessments.attendance": _("Kehadiran"), "batches.session": _("Sesi")},
    fields={
        "absent": _("alpa"),
        "excused": _("izin"),
        "late": _("terlambat"),
        "minutes_late": _("menit terlambat"),
        "present": _("hadir"),
        "sick": _("sakit"),
    },
)

# --- rotation
register(
    acts={
        "exam_play_planned": _("Permainan uji dijadwalkan"),
        "play_asesi_set": _("Asesi dari luar dicatat"),
        "play_assessor_assigned": _("Penguji permainan ditugaskan"),
        "play_cancelled": _("Permainan dibatalkan"),
        "play_room_set": _("Ruang permainan diatur"),
        "relation_declared": _("Hubungan dinyatakan"),
        "relation_ended": _("Pernyataan hubungan diakhiri"),
        "rotation_made": _("Rotasi dibuat"),
        "rotation_moved": _("Putaran mengikuti sesi yang dipindah"),
        "rotation_published": _("Rotasi dipakai"),
        "rotation_replaced": _("Rotasi digantikan"),
        "round_ended": _("Putaran diakhiri"),
        "round_started": _("Putaran dimulai"),
        "waiver_granted": _("Pengecualian diberikan pimpinan"),
    },
    kinds={
        "assessments.relation": _("Hubungan"),
        "assessments.roleplay": _("Permainan"),
        "assessments.rotation": _("Rotasi"),
    },
    fields={
        "asesi": _("asesi"),
        "assessor": _("penguji"),
        "attempt": _("kesempatan"),
        "mode": _("jenis"),
        "replaces": _("menggantikan versi"),
        "room": _("ruang"),
        "round": _("putaran"),
        "rounds": _("jumlah putaran"),
        "rule": _("aturan"),
        "starts_at": _("mulai"),
    },
)

# --- results and appeals
register(
    acts={
        "appeal_accepted": _("Banding diterima"),
        "appeal_closed": _("Banding ditutup"),
        "appeal_dismissed": _("Banding tidak dikabulkan"),
        "appeal_filed": _("Banding diajukan"),
        "appeal_rejected_formally": _("Banding ditolak formil"),
        "appeal_under_review": _("Panel banding ditunjuk"),
        "appeal_upheld": _("Banding dikabulkan"),
        "appeal_withdrawn": _("Banding dicabut"),
        "attempt_voided": _("Uji dibatalkan"),
        "result_decided": _("Hasil ditetapkan"),
        "result_recommended": _("Hasil direkomendasikan"),
        "result_released": _("Hasil dirilis"),
        "result_sent_back": _("Rekomendasi dikembalikan"),
        "retake_opened": _("Uji ulang dibuka"),
    },
    kinds={
        "assessments.appeal": _("Banding"),
        "assessments.assessment": _("Uji"),
        "assessments.decision": _("Putusan hasil"),
    },
    fields={
        "mail_discarded": _("surat dibuang"),
        "released_at": _("dirilis"),
        "result": _("hasil"),
        "units": _("unit"),
    },
)

# --- lists
register(acts={"results_exported": _("Daftar hasil diunduh")}, fields={"rows": _("jumlah baris")})

# --- records
register(
    acts={
        "conflict_resolved": _("Nilai dua perangkat dipilih"),
        "play_decision_made": _("Keputusan atas asesi dicatat"),
        "recommendation_taken_back": _("Rekomendasi ditarik untuk koreksi"),
        "record_corrected": _("Koreksi rekaman dimulai"),
        "record_methods_set": _("Metode role play diatur"),
        "record_signed": _("Rekaman ditandatangani"),
        "record_started": _("Perekaman dimulai, tidak memihak dinyatakan"),
        "record_voided": _("Lembar rekaman dibatalkan"),
    },
    kinds={"assessments.record": _("Rekaman")},
    fields={
        "has_objection": _("keberatan asesi"),
        "methods": _("metode"),
        "result": _("hasil"),
        "version": _("versi"),
    },
)
