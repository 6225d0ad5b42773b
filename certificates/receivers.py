"""What certificates do when something was announced."""

from typing import Any

from django.dispatch import receiver

from certificates.signals import certificate_issued
from certificates.tasks import render_certificate


@receiver(certificate_issued)
def render_when_issued(certificate_id: int, **kwargs: Any) -> None:
    render_certificate.delay(certificate_id)
