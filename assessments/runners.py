"""What jobs of assessments do."""

from django.utils.translation import gettext_lazy as _

from assessments.selectors import result_list
from assessments.services.exports import RESULTS
from core import listings

listings.register(RESULTS, listings.Listing(_("Daftar hasil"), result_list.columns, result_list.read_results))
