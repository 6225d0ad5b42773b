from django.dispatch import receiver

from core.signals import job_queued
from core.tasks import run_job


@receiver(job_queued)
def run_job_when_queued(job_id: int, **kwargs) -> None:
    run_job.delay(job_id)
