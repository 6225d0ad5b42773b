"""What jobs of assessments do."""

from django.utils.translation import gettext_lazy as _

from assessments.policies.exports import can_export
from assessments.selectors import result_list
from assessments.services.exports import RESULTS
from core import listings

LISTING = listings.Listing(_("Daftar hasil"), result_list.columns, result_list.read_results)

listings.register(RESULTS, LISTING, may_have=can_export)
