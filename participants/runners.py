"""What jobs of participants do with one row."""

from django.utils.translation import gettext_lazy as _

from core import jobs
from core.models import Job
from participants.models import Registration
from participants.services.seats import CONFIRM_JOB, confirm_registration


def confirm_row(job: Job, code: str) -> str:
    """Confirms one registration; the outcome is its new state. A refusal fails the row with its sentence."""
    registration = Registration.objects.select_related("batch").get(code=code)
    return confirm_registration(registration, by=job.owner).get_status_display()


jobs.register(CONFIRM_JOB, jobs.Kind(confirm_row, _("Konfirmasi peserta")))
