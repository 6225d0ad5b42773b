from django.dispatch import receiver

from core.signals import job_queued
from core.tasks import start_job


@receiver(job_queued)
def start_job_when_queued(job_id: int, **kwargs) -> None:
    start_job((job_id,))
