"""Why a step of a batch is refused, and how to clear it."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class BatchNotReady(DomainError):
    """Something on the readiness list blocks the step; the sentence names it."""

    code = "batch_not_ready"
    message = _("Belum dapat dilanjutkan: %(detail)s")


class CapacityBelowSeats(DomainError):
    code = "capacity_below_seats"
    message = _("%(held)s kursi sudah terisi. Jumlah kursi tidak dapat kurang dari itu.")


class SchemeIsFixed(DomainError):
    code = "scheme_is_fixed"
    message = _(
        "Skema dan agenda tidak dapat diganti setelah pendaftaran dibuka. Batalkan angkatan ini, lalu buat baru."
    )


class BatchNotEditable(DomainError):
    code = "batch_not_editable"
    message = _("Angkatan yang sudah berjalan tidak dapat diubah.")


class NotAnAssessor(DomainError):
    code = "not_an_assessor"
    message = _("%(name)s tidak memegang peran asesor senior. Berikan perannya dahulu di Pengguna dan peran.")


class AssignedTwice(DomainError):
    """Cross examination: who trains a batch does not examine it."""

    code = "assigned_twice"
    message = _("%(name)s sudah bertugas sebagai %(function)s. Penguji tidak boleh melatih angkatan yang diujinya.")


class ReasonNeeded(DomainError):
    code = "reason_needed"
    message = _("Tulis alasannya agar peserta tahu.")


class StaffIsFixed(DomainError):
    code = "staff_is_fixed"
    message = _("Petugas angkatan yang sudah selesai atau dibatalkan tidak dapat diganti.")


# --- sessions and rooms


class ScheduleClash(DomainError):
    """A person, a room or a class would be in two places; `clashes` has a sentence for each, naming both sides."""

    code = "schedule_clash"
    message = _("Waktu ini baru saja dipakai sesi lain. Muat ulang halaman, lalu pilih waktu lain.")

    def __init__(self, clashes: Sequence[str] = ()) -> None:
        self.clashes = tuple(clashes)
        super().__init__(" ".join(self.clashes) or None)


class ScheduleIsFixed(DomainError):
    code = "schedule_is_fixed"
    message = _("Sesi dapat diatur sejak pendaftaran dibuka sampai angkatan selesai.")


class SessionIsCancelled(DomainError):
    code = "session_is_cancelled"
    message = _("Sesi ini sudah dibatalkan. Tambahkan sesi baru bila tetap diadakan.")


class SessionEndsFirst(DomainError):
    code = "session_ends_first"
    message = _("Jam selesai harus setelah jam mulai.")


class CancellationUnexplained(DomainError):
    code = "cancellation_unexplained"
    message = _("Tulis alasannya. Peserta dan asesor membacanya.")


class InstructorUnfit(DomainError):
    """Holds no assessor role any more."""

    code = "instructor_unfit"
    message = _("%(name)s tidak memegang peran asesor senior. Pilih orang lain, atau berikan perannya dahulu.")


class ExaminerNeeded(DomainError):
    code = "examiner_needed"
    message = _("Sesi uji hanya untuk penguji angkatan ini. %(name)s bukan pengujinya. Atur petugas lebih dahulu.")


class ExaminerTrains(DomainError):
    code = "examiner_trains"
    message = _("%(name)s menguji angkatan ini, sehingga tidak boleh melatihnya. Pilih fasilitator.")


class RoomElsewhere(DomainError):
    code = "room_elsewhere"
    message = _("%(name)s bukan ruang di tempat angkatan ini. Pilih ruang lain.")


class RoomNameTaken(DomainError):
    code = "room_name_taken"
    message = _("Tempat ini sudah memiliki ruang dengan nama itu. Tulis nama lain.")


class RoomInUse(DomainError):
    code = "room_in_use"
    message = _("%(name)s dipakai pada jadwal, sehingga tidak dapat dihapus. Ganti namanya bila perlu.")


# --- a plan that contradicts itself; batches.plan tells the form which field each belongs to


class NameTaken(DomainError):
    code = "name_taken"
    message = _("Nama ini sudah dipakai angkatan lain. Tulis nama lain.")


class PeriodTooShort(DomainError):
    code = "period_too_short"
    message = _("Agenda ini memerlukan %(days)s hari. Tulis tanggal selesai yang lebih akhir.")


class ZoneOfVenueDiffers(DomainError):
    code = "zone_of_venue_differs"
    message = _("Tempat yang dipilih berada di zona %(zone)s. Pilih zona waktu itu.")


class WindowNotOrdered(DomainError):
    code = "window_not_ordered"
    message = _("Waktu penutupan pendaftaran harus setelah waktu pembukaannya.")


class WindowAfterStart(DomainError):
    code = "window_after_start"
    message = _("Pendaftaran harus ditutup paling lambat pada hari pertama pelatihan.")


class MinimumAboveCapacity(DomainError):
    code = "minimum_above_capacity"
    message = _("Jumlah peserta paling sedikit tidak boleh melebihi jumlah kursi, yaitu %(capacity)s.")
