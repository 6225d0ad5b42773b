"""What assessments' services refuse, and the sentence that says how to go on."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

# --- attendance


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


# --- rotations and role plays


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


# --- independence


class OwnRelationOnly(DomainError):
    code = "own_relation_only"
    message = _("Asesor menyatakan hubungannya sendiri. Hubungan orang lain dicatat oleh admin.")


class RelationToOneself(DomainError):
    code = "relation_to_oneself"
    message = _("Hubungan dinyatakan terhadap orang lain. Portal sudah mencegah penguji menguji dirinya sendiri.")


class RelationEnded(DomainError):
    code = "relation_ended"
    message = _("Pernyataan ini sudah diakhiri. Muat ulang halaman.")


class OnlyDirectorWaives(DomainError):
    code = "only_director_waives"
    message = _("Pengecualian hanya diberikan oleh pimpinan.")


class OwnWaiver(DomainError):
    code = "own_waiver"
    message = _("Pengecualian untuk diri sendiri tidak dapat diberikan. Minta pimpinan lain.")


class WaiverReasonNeeded(DomainError):
    code = "waiver_reason_needed"
    message = _("Tulis alasan pengecualian. Alasan ini dibaca auditor.")


class WaiverOutsideBatch(DomainError):
    code = "waiver_outside_batch"
    message = _("%(name)s bukan peserta angkatan ini. Pilih dari daftar.")


# --- records


class PlayIsCancelled(DomainError):
    code = "play_is_cancelled"
    message = _("Role play ini dibatalkan, sehingga tidak direkam.")


class PlayNotPublished(DomainError):
    code = "play_not_published"
    message = _("Rotasi ini belum dipakai. Minta admin menerbitkan rotasi lebih dahulu.")


class RecordingIsClosed(DomainError):
    """The batch is not under way."""

    code = "recording_is_closed"
    message = _("Role play direkam selama pelatihan atau uji berlangsung. Status angkatan ini “%(status)s”.")


class NotThePlaysAssessor(DomainError):
    code = "not_the_plays_assessor"
    message = _("Uji ini direkam oleh %(name)s. Minta admin mengganti penguji bila Anda yang merekam.")


class NotStaffOfTheBatch(DomainError):
    code = "not_staff_of_the_batch"
    message = _("Anda tidak bertugas di angkatan ini. Minta admin menugaskan Anda lebih dahulu.")


class NotIndependent(DomainError):
    """`reasons` holds the sentences of the rules that block, each with how to clear it."""

    code = "not_independent"
    message = _("Anda tidak dapat merekam uji peserta ini. %(reasons)s")


class ExamNotOpen(DomainError):
    code = "exam_not_open"
    message = _("Peserta ini tidak memiliki uji yang terbuka. Minta admin memeriksa syarat ujinya.")


class AlreadyRecording(DomainError):
    code = "already_recording"
    message = _("%(name)s sedang merekam role play ini. Minta beliau menandatangani atau membatalkan lembarnya.")


class AlreadySigned(DomainError):
    code = "already_signed"
    message = _("Role play ini sudah direkam dan ditandatangani. Perubahan dibuat lewat koreksi.")


class NotTheRecorder(DomainError):
    code = "not_the_recorder"
    message = _("Hanya perekam lembar ini yang dapat mengisinya.")


class RecordIsLocked(DomainError):
    code = "record_is_locked"
    message = _("Lembar ini sudah tidak dapat diisi. Statusnya “%(status)s”. Perubahan dibuat lewat koreksi.")


class MethodUnknown(DomainError):
    code = "method_unknown"
    message = _("Pilih metode dari daftar.")


class TapRefused(DomainError):
    """The tap says something that this sheet cannot hold; sending it again changes nothing."""

    code = "tap_refused"
    message = _("Nilai ini tidak dapat disimpan pada lembar ini. Muat ulang halaman.")


class KeyReused(DomainError):
    """The idempotency key, or the place in the device's order, already belongs to another tap."""

    code = "key_reused"
    message = _("Nilai ini bertabrakan dengan kiriman lain dari perangkat yang sama. Ketuk sekali lagi.")


class NotRelevantHere(DomainError):
    code = "not_relevant_here"
    message = _("“Tidak relevan” hanya untuk kriteria bersyarat dan metode yang tidak dipakai. Pilih Ya atau Tidak.")


class NoConflict(DomainError):
    code = "no_conflict"
    message = _("Perbedaan ini sudah diselesaikan. Muat ulang halaman.")


class ConflictsOpen(DomainError):
    code = "conflicts_open"
    message = _("Pilih dahulu nilai yang dipakai untuk %(items)s. Dua perangkat mencatatnya berbeda.")


class RecordIncomplete(DomainError):
    code = "record_incomplete"
    message = _("Nilai dahulu %(items)s. Uji hanya ditandatangani bila semua kriteria dan bukti sudah dinilai.")


class NotesMissing(DomainError):
    code = "notes_missing"
    message = _("Tulis catatan fakta untuk %(items)s. Nilai “Tidak” dan “Tidak relevan” memerlukan catatan.")


class GapNotExplained(DomainError):
    """`unit` is the code of the unit that is BK without a note or a next step."""

    code = "gap_not_explained"
    message = _("Tulis kekurangan dan pilih tindak lanjut untuk unit %(unit)s.")


class SummaryNeeded(DomainError):
    code = "summary_needed"
    message = _("Tulis ringkasan yang menjelaskan hasil belum kompeten.")


class DecidedMeanwhile(DomainError):
    code = "decided_meanwhile"
    message = _("Hasil uji ini sudah ditetapkan, sehingga rekamannya tidak dikoreksi lagi. Gunakan jalur banding.")


class RecordReasonNeeded(DomainError):
    code = "record_reason_needed"
    message = _("Tulis alasannya. Alasan ini disimpan bersama rekaman.")


class NotYourDecision(DomainError):
    code = "not_your_decision"
    message = _("Keputusan atas asesi dicatat oleh peserta yang berperan sebagai asesor dan oleh perekam role play.")


class DecisionsCompared(DomainError):
    code = "decisions_compared"
    message = _("Kedua keputusan sudah dibandingkan, sehingga tidak diubah lagi.")


# --- results


class OwnResult(DomainError):
    code = "own_result"
    message = _("Ini hasil Anda sendiri. Orang lain yang menetapkannya.")


class OtherDuty(DomainError):
    """Who assesses does not decide, and who did either hears no appeal."""

    code = "other_duty"
    message = _(
        "%(name)s sudah bertugas lain untuk peserta ini (%(duty)s). Penguji, penetap hasil, dan pemeriksa banding "
        "harus orang yang berbeda. Pilih orang lain."
    )


class TrainsTheClass(DomainError):
    code = "trains_the_class"
    message = _("%(name)s melatih angkatan ini. Pelatih tidak menetapkan hasil dan tidak memeriksa banding kelasnya.")


class NotSigned(DomainError):
    code = "not_signed"
    message = _("Rekaman uji belum ditandatangani. Minta penguji menandatanganinya.")


class RecordersDisagree(DomainError):
    code = "recorders_disagree"
    message = _("Rekaman para penguji berbeda hasil. Kembalikan kepada penguji agar disepakati, lalu tetapkan.")


class NobodyChosen(DomainError):
    code = "nobody_chosen"
    message = _("Pilih paling sedikit satu peserta.")


class ResultsNotDecided(DomainError):
    """All or nothing: the sentence names who stands in the way and why."""

    code = "results_not_decided"
    message = _("Belum ada yang ditetapkan. %(people)s")


class NothingToRelease(DomainError):
    code = "nothing_to_release"
    message = _("Tidak ada hasil yang menunggu dirilis. Tetapkan hasil lebih dahulu.")


class ResultReasonNeeded(DomainError):
    code = "result_reason_needed"
    message = _("Tulis alasannya agar yang bersangkutan tahu.")


class RetakeNeedsBk(DomainError):
    code = "retake_needs_bk"
    message = _("Uji ulang dibuka setelah hasil belum kompeten dirilis, atau setelah uji dibatalkan.")


class AttemptsUsedUp(DomainError):
    code = "attempts_used_up"
    message = _("Kesempatan uji sudah dipakai semua: %(most)s kali. Peserta dapat mengulang pelatihan.")


class AppealIsOpen(DomainError):
    code = "appeal_is_open"
    message = _("Banding peserta ini masih diproses. Selesaikan banding lebih dahulu.")


class BatchNotFinished(DomainError):
    code = "batch_not_finished"
    message = _("Angkatan belum dapat diselesaikan. %(people)s")


# --- appeals


class NotYourResult(DomainError):
    code = "not_your_result"
    message = _("Banding diajukan oleh peserta yang dinilai.")


class ResultNotReleased(DomainError):
    code = "result_not_released"
    message = _("Hasil ini belum dirilis, sehingga belum dapat dibanding.")


class NothingToAppeal(DomainError):
    code = "nothing_to_appeal"
    message = _("Hasil kompeten tidak memerlukan banding.")


class AppealTooLate(DomainError):
    code = "appeal_too_late"
    message = _("Batas mengajukan banding adalah %(days)s hari kerja setelah rilis, yaitu %(day)s. Hubungi admin LSP.")


class AppealedAlready(DomainError):
    code = "appealed_already"
    message = _("Hasil ini sudah pernah dibanding. Satu hasil hanya dapat dibanding satu kali.")


class GroundsNeeded(DomainError):
    code = "grounds_needed"
    message = _("Tulis alasan banding Anda.")


class PanelNeeded(DomainError):
    code = "panel_needed"
    message = _("Pilih paling sedikit satu anggota panel.")


class NotOfTheStaff(DomainError):
    code = "not_of_the_staff"
    message = _("%(name)s tidak bertugas di LSP ini. Anggota panel adalah asesor senior, admin, atau pimpinan.")


class NotOnThePanel(DomainError):
    code = "not_on_the_panel"
    message = _("Banding ini diputus oleh anggota panelnya.")
