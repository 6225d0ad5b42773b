"""The acts of accounts and of the floor below, in words, for the audit log."""

from django.utils.translation import gettext_lazy as _

from core.audit_words import register

register(
    acts={
        "calendar_address_replaced": _("Alamat kalender diganti"),
        "email_cancelled": _("Surat dibatalkan"),
        "email_changed": _("Alamat email diganti"),
        "email_retried": _("Surat dikirim ulang"),
        "file_erased": _("Berkas dihapus"),
        "file_viewed": _("Berkas dilihat"),
        "invitation_accepted": _("Undangan diterima"),
        "lsp_changed": _("Identitas LSP diubah"),
        "password_changed": _("Kata sandi diganti"),
        "profile_changed": _("Profil diubah"),
        "role_granted": _("Peran diberikan"),
        "role_revoked": _("Peran dicabut"),
        "second_factor_added": _("Langkah kedua saat masuk dipasang"),
        "second_factor_removed": _("Langkah kedua saat masuk dilepas"),
        "second_factor_reset": _("Langkah kedua saat masuk dihapus admin"),
        "signed_up": _("Akun dibuat"),
        "user_deactivated": _("Akun dinonaktifkan"),
        "user_invited": _("Petugas diundang"),
        "user_reactivated": _("Akun diaktifkan lagi"),
    },
    kinds={
        "accounts.lsp": _("LSP"),
        "accounts.rolegrant": _("Peran"),
        "accounts.user": _("Pengguna"),
        "core.storedfile": _("Berkas"),
        "notifications.email": _("Surat"),
    },
    fields={
        "address": _("alamat"),
        "bnsp_lead_working_days": _("batas surat ke BNSP"),
        "email": _("email"),
        "expires_on": _("berlaku sampai"),
        "is_active": _("aktif"),
        "kind": _("jenis"),
        "language": _("bahasa"),
        "licence_number": _("nomor lisensi"),
        "logo": _("logo"),
        "name": _("nama"),
        "office_hours": _("jam layanan"),
        "phone": _("telepon"),
        "return_days": _("waktu memperbaiki"),
        "review_working_days": _("batas memeriksa"),
        "role": _("peran"),
        "roles": _("peran"),
        "short_name": _("nama singkat"),
        "signatories": _("penanda tangan"),
        "status": _("status"),
        "time_zone": _("zona waktu"),
        "uses_bnsp_approval": _("memakai persetujuan BNSP"),
    },
)
