"""Why a rotation, a round or a role play is refused."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class RotationNotNow(DomainError):
    code = "rotation_not_now"
    message = _("Rotasi disusun sejak pendaftaran ditutup sampai uji selesai. Status angkatan ini “%(status)s”.")


class ExamNotNow(DomainError):
    code = "exam_not_now"
    message = _("Uji dijadwalkan selama pelatihan atau uji berjalan. Status angkatan ini “%(status)s”.")


class RubricMissing(DomainError):
    code = "rubric_missing"
    message = _("Skema ini belum memiliki rubrik yang berlaku. Berlakukan rubrik %(code)s dahulu.")


class MethodsNotCovered(DomainError):
    code = "methods_not_covered"
    message = _("Pilih paling sedikit %(count)s metode untuk uji, dan satu di antaranya memberi bukti langsung.")


class TooFewPeople(DomainError):
    code = "too_few_people"
    message = _("Latihan role play memerlukan paling sedikit dua peserta. Angkatan ini baru memiliki %(count)s.")


class NobodyForExam(DomainError):
    code = "nobody_for_exam"
    message = _("Belum ada peserta yang dapat diuji. Lihat alasan tiap peserta di bawah, lalu buat rotasi lagi.")


class NoExaminer(DomainError):
    code = "no_examiner"
    message = _("Angkatan ini belum memiliki penguji. Tambahkan penguji di Atur petugas, lalu buat rotasi lagi.")


class NoSessions(DomainError):
    code = "no_sessions"
    message = _("Jadwal angkatan ini belum memuat sesi “%(kind)s”. Buat sesinya di Jadwal, lalu buat rotasi lagi.")


class RotationInUse(DomainError):
    """The published rotation has records or a running round, so another one cannot take its place."""

    code = "rotation_in_use"
    message = _("Rotasi yang dipakai tidak dapat digantikan: %(detail)s. Ubah permainannya satu per satu.")


class PeopleHaveLeft(DomainError):
    code = "people_have_left"
    message = _("%(names)s tidak lagi memegang kursi di angkatan ini. Buat rotasi lagi tanpa mereka.")


class NotAdmittedToExam(DomainError):
    code = "not_admitted_to_exam"
    message = _("%(name)s belum dapat diuji. %(detail)s Buat rotasi lagi setelah kehadirannya dilengkapi.")


class AlreadyAssessed(DomainError):
    code = "already_assessed"
    message = _("%(name)s sudah memiliki hasil uji. Buat rotasi lagi, lalu jadwalkan uji ulang bila diperlukan.")


class AsesiMissing(DomainError):
    code = "asesi_missing"
    message = _("Uji %(name)s belum memiliki asesi. Tulis nama asesi dari luar dahulu.")


class NoAssessorFree(DomainError):
    code = "no_assessor_free"
    message = _("Belum ada penguji untuk %(name)s pada putaran %(number)s. %(detail)s")


class ObstaclesRemain(DomainError):
    """Rules of independence block this assessor; the sentence is that of the obstacles."""

    code = "obstacles_remain"
    message = _("%(detail)s")


class AssessorDoesNotServe(DomainError):
    code = "assessor_does_not_serve"
    message = _("%(name)s tidak bertugas di angkatan ini. Tambahkan di Atur petugas, atau pilih petugas lain.")


class AssessorBusy(DomainError):
    code = "assessor_busy"
    message = _("%(name)s sudah merekam uji %(other)s pada putaran yang sama. Pilih penguji lain.")


class PlayIsOver(DomainError):
    code = "play_is_over"
    message = _("Permainan ini “%(status)s”, sehingga tidak dapat diubah lagi.")


class PlayIsRecorded(DomainError):
    code = "play_is_recorded"
    message = _("%(name)s sudah merekam permainan ini, sehingga %(what)s tidak dapat diganti.")


class ExternalNameNeeded(DomainError):
    code = "external_name_needed"
    message = _("Tulis nama asesi dari luar.")


class AsesiNotOfClass(DomainError):
    code = "asesi_not_of_class"
    message = _("Pilih peserta lain dari angkatan yang sama sebagai asesi, atau tulis nama asesi dari luar.")


class CancelReasonNeeded(DomainError):
    code = "cancel_reason_needed"
    message = _("Tulis alasan pembatalan, misalnya peserta sakit.")


class RotationNotPublished(DomainError):
    code = "rotation_not_published"
    message = _("Rotasi ini belum dipakai. Pakai rotasinya dahulu, lalu mulai putaran.")


class RoundNotNow(DomainError):
    code = "round_not_now"
    message = _("Putaran dimulai selama pelatihan atau uji berjalan. Status angkatan ini “%(status)s”.")


class AnotherRoundRuns(DomainError):
    code = "another_round_runs"
    message = _("Putaran %(number)s masih berlangsung. Akhiri putaran itu dahulu.")


class RoundStarted(DomainError):
    code = "round_started"
    message = _("Putaran ini sudah dimulai. Muat ulang halaman.")


class RoundNotRunning(DomainError):
    code = "round_not_running"
    message = _("Putaran ini tidak sedang berlangsung. Muat ulang halaman.")


class NothingToPlay(DomainError):
    code = "nothing_to_play"
    message = _("Semua permainan putaran ini dibatalkan, sehingga tidak ada yang dimulai.")


class AttemptNotOpen(DomainError):
    code = "attempt_not_open"
    message = _("Kesempatan uji ini “%(status)s”. Buka kesempatan uji ulang dahulu.")


class PlayAlreadyPlanned(DomainError):
    code = "play_already_planned"
    message = _("%(name)s sudah memiliki permainan uji pada %(when)s. Batalkan yang itu dahulu bila harus diganti.")
