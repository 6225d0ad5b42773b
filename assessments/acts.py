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
