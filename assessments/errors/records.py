"""Why a record cannot be begun, changed or signed."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


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
