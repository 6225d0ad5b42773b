"""What jobs of certificates do."""

from django.utils.translation import gettext_lazy as _

from certificates.policies import can_export
from certificates.selectors import register
from certificates.services.exports import REGISTER
from core import listings

LISTING = listings.Listing(_("Daftar sertifikat"), register.columns, register.read_register)

listings.register(REGISTER, LISTING, may_have=can_export)
