"""Why a mark of attendance is refused."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class SessionIsCancelled(DomainError):
    code = "session_is_cancelled"
    message = _("Sesi ini dibatalkan, sehingga kehadirannya tidak dicatat.")


class SessionTakesNoAttendance(DomainError):
    code = "session_takes_no_attendance"
    message = _("Sesi ini tidak memakai daftar hadir.")


class AttendanceTooEarly(DomainError):
    code = "attendance_too_early"
    message = _("Kehadiran sesi ini dapat dicatat mulai %(day)s.")


class AttendanceIsClosed(DomainError):
    """The batch is not under way: not yet open, cancelled or archived."""

    code = "attendance_is_closed"
    message = _("Kehadiran dicatat selama pelatihan berlangsung. Status angkatan ini “%(status)s”.")


class NotSeated(DomainError):
    code = "not_seated"
    message = _("%(names)s tidak memegang kursi di angkatan ini. Muat ulang halaman, lalu simpan lagi.")


class EmptyRollCall(DomainError):
    code = "empty_roll_call"
    message = _("Pilih kehadiran paling sedikit satu orang, atau tekan “Semua hadir”.")


class OwnAttendance(DomainError):
    code = "own_attendance"
    message = _("Kehadiran Anda sendiri dicatat oleh orang lain. Minta admin atau fasilitator lain.")


class CorrectionNeedsReason(DomainError):
    code = "correction_needs_reason"
    message = _("Hari sesi ini sudah lewat. Tulis alasan koreksi untuk %(names)s.")


class MakeUpIsApproved(DomainError):
    code = "make_up_is_approved"
    message = _(
        "Sesi susulan %(names)s sudah disetujui. Hanya admin dan pimpinan yang dapat mengubahnya, dengan alasan."
    )


class MakeUpNeedsApproval(DomainError):
    code = "make_up_needs_approval"
    message = _("Susulan tidak dicatat pada daftar hadir. Minta persetujuan admin atau pimpinan.")


class MakeUpReasonNeeded(DomainError):
    code = "make_up_reason_needed"
    message = _("Tulis alasan susulan, misalnya tugas pengganti yang sudah diselesaikan.")


class NothingToMakeUp(DomainError):
    code = "nothing_to_make_up"
    message = _("%(name)s tidak memerlukan susulan untuk sesi ini. Yang tercatat: %(status)s.")


class MakeUpTooEarly(DomainError):
    code = "make_up_too_early"
    message = _("Sesi ini belum selesai. Susulan dapat disetujui setelah sesi berakhir.")
