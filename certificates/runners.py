"""What jobs of certificates do."""

from django.utils.translation import gettext_lazy as _

from certificates.selectors import register
from certificates.services.exports import REGISTER
from core import listings

listings.register(REGISTER, listings.Listing(_("Daftar sertifikat"), register.columns, register.read_register))
