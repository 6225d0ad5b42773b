"""Why a result cannot be decided, released or repeated."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class OwnResult(DomainError):
    code = "own_result"
    message = _("Ini hasil Anda sendiri. Orang lain yang menanganinya.")


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


class ReleaseChanged(DomainError):
    code = "release_changed"
    message = _("Hasil yang menunggu berubah setelah halaman ini dibuka. Belum ada yang dirilis; periksa lagi.")


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
