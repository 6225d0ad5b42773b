"""Refusals about mails."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class UnknownAddress(DomainError):
    code = "unknown_address"
    message = _("Orang ini belum memiliki alamat email. Lengkapi dahulu alamatnya.")


class MailInFlight(DomainError):
    code = "mail_in_flight"
    message = _("Surat ini sedang dikirim. Tunggu beberapa menit, lalu muat ulang halaman.")


class MailHeld(DomainError):
    code = "mail_held"
    message = _("Surat ini ditahan dan belum boleh dikirim. Lepas dahulu surat-surat yang ditahan bersamanya.")


class UnknownVariable(DomainError):
    code = "unknown_variable"
    message = _("Nama “%(name)s” tidak dikenal surat ini. Yang dapat dipakai: %(known)s.")


class BrokenBraces(DomainError):
    code = "broken_braces"
    message = _("Kurung kurawal hanya untuk nama yang dikenal, misalnya {{ lsp }}. Yang dapat dipakai: %(known)s.")


class WordsTooLong(DomainError):
    code = "words_too_long"
    message = _("Tulis paling panjang %(most)s huruf; subjek harus satu baris.")


class NotEditable(DomainError):
    code = "not_editable"
    message = _("Kata-kata surat ini tidak dapat diubah, karena isinya memuat tautan pribadi.")


class NothingHeld(DomainError):
    code = "nothing_held"
    message = _("Tidak ada surat yang ditahan. Mungkin sudah dilepas atau dibuang orang lain.")


class GroupChanged(DomainError):
    code = "group_changed"
    message = _("Surat yang ditahan berubah setelah halaman ini dibuka. Belum ada yang dilepas; periksa lagi.")


class TooManyTrials(DomainError):
    code = "too_many_trials"
    message = _("Baru saja beberapa surat uji ditulis untuk Anda. Coba lagi satu menit lagi.")
