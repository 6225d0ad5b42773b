"""Why an assessor may not examine somebody."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


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
