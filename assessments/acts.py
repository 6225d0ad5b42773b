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
