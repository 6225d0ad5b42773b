"""The acts of certificates in words, for the audit log."""

from django.utils.translation import gettext_lazy as _

from core.audit_words import register

register(
    acts={
        "certificate_issued": _("Sertifikat diterbitkan"),
        "certificate_replaced": _("Sertifikat diganti"),
        "certificate_restarted": _("Pembuatan berkas sertifikat dimulai lagi"),
        "certificate_revoked": _("Sertifikat dicabut"),
        "register_exported": _("Daftar sertifikat diunduh"),
    },
    kinds={"certificates.certificate": _("Sertifikat")},
    fields={"number": _("nomor")},
)
