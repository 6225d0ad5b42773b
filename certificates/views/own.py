"""The participant's own certificate, and the file itself."""

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from certificates import policies
from certificates.models import Certificate
from certificates.rendering import CertificateFacts
from certificates.selectors.checklist import PARTICIPANT, issue_checklist
from core.files import serve_file
from participants.models import Registration


def my_certificate(request: HttpRequest, code: str) -> HttpResponse:
    """What is still missing; then the file, its QR code and the address to share."""
    mine = Registration.objects.owned_by(request.user).select_related("person__user", "batch__scheme")
    registration = get_object_or_404(mine, code=code)
    checklist = issue_checklist(registration, viewer=PARTICIPANT)
    certificate = checklist.certificate
    context = {
        "registration": registration,
        "checklist": checklist,
        "certificate": certificate,
        "facts": CertificateFacts.from_json(certificate.facts) if certificate else None,
        "revoked": checklist.revoked,
        "qr": qr_code(certificate.verify_url) if certificate else "",
    }
    return render(request, "certificates/my_certificate.html", context)


def download(request: HttpRequest, code: str) -> HttpResponse:
    """The stored file, always the same bytes; each view is on record."""
    rows = Certificate.objects.visible_to(request.user).select_related("file", "registration__person")
    certificate = get_object_or_404(rows, code=code)
    if certificate.file is None or not policies.can_download(request.user, certificate):
        raise Http404
    return serve_file(request, certificate.file, by=request.user)


def qr_code(address: str) -> str:
    """A picture of the address as a data address, dark on light in every colour scheme."""
    return segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=2, dark="#000", light="#fff")
