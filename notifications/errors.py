"""Refusals about mails."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class UnknownAddress(DomainError):
    code = "unknown_address"
    message = _("Orang ini belum memiliki alamat email. Lengkapi dahulu alamatnya.")
