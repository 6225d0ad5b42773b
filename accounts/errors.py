"""Refusals about accounts and roles."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class AlreadyHasRole(DomainError):
    code = "already_has_role"
    message = _("%(name)s sudah memegang peran %(role)s dengan masa berlaku yang sama.")


class LastAdmin(DomainError):
    code = "last_admin"
    message = _("Ini satu-satunya admin yang aktif. Tunjuk admin lain lebih dahulu.")


class NotToOneself(DomainError):
    code = "not_to_oneself"
    message = _("Anda tidak dapat memberi peran kepada diri sendiri. Minta admin lain melakukannya.")


class RoleExpiresInPast(DomainError):
    code = "role_expires_in_past"
    message = _("Tanggal akhir peran harus hari ini atau sesudahnya.")


class RoleNotHeld(DomainError):
    code = "role_not_held"
    message = _("%(name)s tidak memegang peran ini. Muat ulang halaman.")


class UserInactive(DomainError):
    code = "user_inactive"
    message = _("Akun ini sedang nonaktif. Aktifkan lagi lebih dahulu.")


class InvitationSpent(DomainError):
    code = "invitation_spent"
    message = _("Tautan undangan ini sudah dipakai atau sudah lewat 7 hari. Minta admin mengirim undangan baru.")


class TermMissing(DomainError):
    code = "term_missing"
    message = _("Naskah persetujuan belum diterbitkan. Hubungi LSP.")
