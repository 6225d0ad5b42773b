"""Celery's entry to the making of files."""

from celery import shared_task

from certificates import services
from core import ops


@shared_task
def render_certificate(certificate_id: int) -> None:
    """Makes and keeps one file; safe to run twice and beside itself."""
    services.render_and_store(certificate_id)


@shared_task
def sweep_certificates() -> None:
    """Starts what the broker or a dead worker lost, and what failed before."""
    overdue = services.sweep_unrendered()
    ops.mark_sweep("certificates.tasks.sweep_certificates", len(overdue))
    for certificate_id in overdue:
        # The next sweep finds it again; expired copies keep a long queue from growing.
        render_certificate.apply_async((certificate_id,), expires=60)
