"""Celery's entry to the making of files."""

from celery import shared_task

from certificates import services
from core.sweeps import start_again, sweep


@shared_task
def render_certificate(certificate_id: int) -> None:
    """Makes and keeps one file; safe to run twice and beside itself."""
    services.render_and_store(certificate_id)


@sweep
def sweep_certificates() -> int:
    """Starts what the broker or a dead worker lost, and what failed before."""
    return start_again(render_certificate.apply_async, services.sweep_unrendered())
