"""What the services of certificates refuse, and the sentence that says how to go on."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class CertificateNotReady(DomainError):
    code = "certificate_not_ready"
    message = _("Belum ada sertifikat yang diterbitkan, karena ada yang belum lengkap. %(people)s")


class NobodyChosen(DomainError):
    code = "nobody_chosen"
    message = _("Pilih sekurangnya satu peserta yang siap.")


class PaperNotPrintable(DomainError):
    code = "paper_not_printable"
    message = _(
        "Sertifikat memuat 1 sampai 14 unit dan 1 sampai 3 penanda tangan. Periksa skema dan pengaturan LSP; "
        "belum ada nomor yang terpakai."
    )


class NotInBatch(DomainError):
    code = "not_in_batch"
    message = _("Daftar ini memuat peserta di luar angkatan. Muat ulang halaman, lalu pilih lagi.")


class OnlyDirector(DomainError):
    code = "only_director"
    message = _("Sertifikat diterbitkan dan dicabut oleh pimpinan LSP. Minta pimpinan melakukannya.")


class NameNotOwn(DomainError):
    code = "name_not_own"
    message = _("Nama pada sertifikat dikonfirmasi oleh pesertanya sendiri.")


class NameLocked(DomainError):
    code = "name_locked"
    message = _("Sertifikat sudah terbit dengan nama ini. Hubungi admin LSP bila namanya perlu diperbaiki.")


class NameTooEarly(DomainError):
    code = "name_too_early"
    message = _("Nama pada sertifikat dapat dikonfirmasi setelah kursi terkonfirmasi.")
