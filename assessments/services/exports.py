"""Lists that leave the portal: each is on record with who took it and how many rows."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Lsp, User
from assessments.selectors.result_list import people_of_results, report_batches
from batches.models import Batch
from core import listings
from core.audit import record
from core.models import Job

RESULTS = "assessments.export_results"


@transaction.atomic
def export_results(batch: Batch, *, by: User, return_to: str = "") -> bytes | Job:
    """The results of one batch as an XLSX file, or as the job that makes it. Raises TooManyRows."""
    ids = list(people_of_results(Batch.objects.filter(pk=batch.pk)).values_list("pk", flat=True))
    record("results_exported", batch, by=by, label=batch.name, changes={"rows": (None, len(ids))})
    return listings.deliver(RESULTS, ids, by=by, about=batch.name, return_to=return_to)


@transaction.atomic
def export_all_results(filters: dict[str, str], *, by: User, return_to: str = "") -> bytes | Job:
    """The results of all batches that the filters of the report leave. Raises TooManyRows."""
    ids = list(people_of_results(report_batches(filters)).values_list("pk", flat=True))
    about = ", ".join(filters.values()) or _("Semua angkatan")
    record("results_exported", Lsp.current(), by=by, label=about, changes={"rows": (None, len(ids))})
    return listings.deliver(RESULTS, ids, by=by, about=about, return_to=return_to)
