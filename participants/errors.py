"""What participants' services refuse, and the sentence that says how to go on."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class RegistrationClosed(DomainError):
    code = "registration_closed"
    message = _("Angkatan ini tidak sedang menerima pendaftaran. Pilih angkatan lain.")


class NotEditable(DomainError):
    code = "not_editable"
    message = _("Pendaftaran sudah dikirim, sehingga isiannya tidak dapat diubah lagi.")


class IdentityLocked(DomainError):
    code = "identity_locked"
    message = _("Data diri dipakai pendaftaran lain yang sedang diproses. Hubungi admin LSP untuk mengubahnya.")


class DocumentLocked(DomainError):
    code = "document_locked"
    message = _("Dokumen ini tidak perlu diperbaiki. Ganti hanya dokumen yang diminta.")


class DocumentNotAsked(DomainError):
    code = "document_not_asked"
    message = _("Skema ini tidak meminta dokumen tersebut.")


class EmailNotVerified(DomainError):
    code = "email_not_verified"
    message = _("Verifikasi alamat email Anda sebelum mengirim pendaftaran.")


class PartsIncomplete(DomainError):
    code = "parts_incomplete"
    message = _("Lengkapi dahulu: %(parts)s.")


class DocumentsMissing(DomainError):
    code = "documents_missing"
    message = _("Unggah atau perbaiki dahulu: %(documents)s.")


class IdentityMissing(DomainError):
    code = "identity_missing"
    message = _("Nomor identitas belum diisi. Minta peserta melengkapi data diri.")


class ReasonNeeded(DomainError):
    code = "reason_needed"
    message = _("Tulis alasannya. Alasan ini dibaca oleh peserta.")


class NotClaimed(DomainError):
    code = "not_claimed"
    message = _("Pendaftaran ini tidak sedang diperiksa. Tekan “Mulai periksa” lebih dahulu.")


class OwnRegistration(DomainError):
    code = "own_registration"
    message = _("Ini pendaftaran Anda sendiri. Minta admin lain memeriksanya.")


class ClaimedByOther(DomainError):
    code = "claimed_by_other"
    message = _("%(name)s sedang memeriksa pendaftaran ini. Ambil alih pemeriksaan untuk memutuskan.")


class NotYetEligible(DomainError):
    code = "not_yet_eligible"
    message = _("Belum dapat dinyatakan memenuhi syarat. %(rules)s")


class IdentityTaken(DomainError):
    code = "identity_taken"
    message = _("Nomor identitas ini dipakai pendaftaran lain yang masih berjalan pada skema ini. Bandingkan keduanya.")


class AnotherIsLive(DomainError):
    code = "another_is_live"
    message = _("Peserta ini sudah memiliki pendaftaran lain yang masih berjalan pada skema ini.")


class NobodyEligible(DomainError):
    code = "nobody_eligible"
    message = _("Belum ada peserta yang memenuhi syarat dan menunggu konfirmasi.")


class TrainingStarted(DomainError):
    code = "training_started"
    message = _("Pelatihan sudah dimulai. Hubungi admin LSP.")
