"""From an issued certificate to its file: after the commit, outside any transaction, any number of times.

A failure or a crash here burns no number: the row and its facts are there, and the sweeper starts it again.
"""

import hashlib
import logging
from datetime import timedelta

from django.db import transaction

from accounts.models import User
from certificates import emails, rendering
from certificates.errors import OnlyDirector
from certificates.models import MOST_RENDERINGS, Certificate, CertificateEvent
from certificates.policies import can_restart_rendering
from certificates.rendering import CertificateFacts
from certificates.signals import certificate_issued
from core import audit, clock
from core.events import announce
from core.files import store_content
from core.uploads import CleanUpload

logger = logging.getLogger(__name__)
PURPOSE = "sertifikat"
OVERDUE = timedelta(seconds=20)  # the task that was announced should have started by then
SWEEP_AT_ONCE = 500
LOST = "lost"  # its workers ended each time without a word


def render_and_store(certificate_id: int) -> None:
    """Makes the file from the stored facts, keeps it with its hash, and lets the mail go.

    Safe to run twice and beside itself: the first file stays, the same bytes for ever. A failure is counted, and
    tried again by the sweeper, until MOST_RENDERINGS.
    """
    certificate = _begin(certificate_id)
    if certificate is None:
        return
    try:
        content = rendering.render_certificate(CertificateFacts.from_json(certificate.facts))
        _store(certificate_id, content)
    except Exception as error:  # whatever printer or disk may raise: the desk sees it and can start it again
        logger.exception("certificate %s was not made", certificate.code)
        unrendered = Certificate.objects.filter(pk=certificate_id).unrendered()
        unrendered.update(render_error=f"{type(error).__name__}: {error}"[:300])


def sweep_unrendered() -> list[int]:
    """Ids of certificates whose file is overdue; those that were tried too often are parked and left out."""
    overdue = Certificate.objects.unrendered().filter(issued_at__lt=clock.now() - OVERDUE)
    overdue.filter(render_attempts__gte=MOST_RENDERINGS, render_error="").update(render_error=LOST)
    waiting = overdue.filter(render_attempts__lt=MOST_RENDERINGS).order_by("pk")
    return list(waiting.values_list("pk", flat=True)[:SWEEP_AT_ONCE])


@transaction.atomic
def restart_rendering(certificate: Certificate, *, by: User) -> Certificate:
    """Starts the making of a file anew, with all its attempts; does nothing when the file is there. OnlyDirector."""
    if not can_restart_rendering(by):
        raise OnlyDirector
    certificate = _lock(certificate.pk)
    if certificate.is_rendered:
        return certificate
    certificate.render_attempts, certificate.render_error = 0, ""
    certificate.save(update_fields=["render_attempts", "render_error"])
    subject = certificate.registration.person.user_id
    audit.record("certificate_restarted", certificate, by=by, subject_id=subject, label=certificate.number)
    announce(certificate_issued, sender=Certificate, certificate_id=certificate.pk)
    return certificate


def _begin(certificate_id: int) -> Certificate | None:
    """Counts the attempt before it is made, so that one that kills its worker is counted too."""
    with transaction.atomic(durable=True):
        certificate = Certificate.objects.select_for_update(no_key=True).filter(pk=certificate_id, file=None).first()
        if certificate is None or certificate.render_attempts >= MOST_RENDERINGS:
            return None
        certificate.render_attempts += 1
        certificate.save(update_fields=["render_attempts"])
        return certificate


def _store(certificate_id: int, content: bytes) -> None:
    """The file, its hash, the log and the release of the mail commit together, once."""
    with transaction.atomic(durable=True):
        certificate = _lock(certificate_id)
        if certificate.is_rendered:
            return
        clean = CleanUpload(content, "pdf", hashlib.sha256(content).hexdigest())
        holder = certificate.registration.person.user
        certificate.file = store_content(clean, purpose=PURPOSE, by=None, subject=holder)
        certificate.file_sha256, certificate.rendered_at, certificate.render_error = clean.sha256, clock.now(), ""
        certificate.save(update_fields=["file", "file_sha256", "rendered_at", "render_error"])
        CertificateEvent.objects.create(
            certificate=certificate, at=certificate.rendered_at, by=None, kind=CertificateEvent.Kind.RENDERED
        )
        emails.release_paper(certificate)


def _lock(certificate_id: int) -> Certificate:
    rows = Certificate.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("registration__person__user").get(pk=certificate_id)
