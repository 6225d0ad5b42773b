"""Mails about certificates: the paper itself, its end, and a name to be confirmed again."""

from functools import partial
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate
from certificates.states import CertificateStatus
from core.files import read_file
from core.models import AuditEntry
from notifications.registry import Attachment, Message, Variable, register
from notifications.rendering import render_templates
from notifications.services import queue_email, release_held
from participants.models import Registration
from participants.states import SEATED

PAPERS: dict[str, str | Promise] = {
    "certificate_issued": _("Sertifikat terbit"),
    "certificate_reissued": _("Sertifikat diterbitkan ulang"),
}
VARIABLES = {  # of the LSP's own words
    "nama": Variable(_("Nama penerima"), "certificate.printed_name"),
    "angkatan": Variable(_("Nama angkatan"), "certificate.registration.batch.name"),
    "nomor": Variable(_("Nomor sertifikat"), "certificate.number"),
}
REVOKED, NAME_CORRECTED = "certificate_revoked", "certificate_name_corrected"


def owe_paper(certificate: Certificate) -> None:
    """Owes the holder the file, held until it is there."""
    kind = "certificate_reissued" if certificate.replaces_id else "certificate_issued"
    queue_email(kind, to=certificate.registration.person.user, hold=True, certificate_id=certificate.pk)


def release_paper(certificate: Certificate) -> None:
    """The file is stored: the mail may go, in the same transaction."""
    for kind in PAPERS:
        release_held(kind, certificate_id=certificate.pk)


def tell_revoked(certificate: Certificate) -> None:
    queue_email(REVOKED, to=certificate.registration.person.user, certificate_id=certificate.pk)


def ask_to_confirm(registration: Registration) -> None:
    queue_email(NAME_CORRECTED, to=registration.person.user, registration_id=registration.pk)


def file_name(certificate: Certificate) -> str:
    """Sertifikat 0012-SP-ASKOM-LSP-VII-2026.pdf"""
    return f"Sertifikat {certificate.number.replace('/', '-')}.pdf"


def render_paper(kind: str, params: dict[str, Any], language: str) -> Message | None:
    """The mail with the file; None when the certificate does not hold any more by the time of sending."""
    certificate = _load(params["certificate_id"])
    if certificate is None or certificate.status != CertificateStatus.ISSUED:
        return None
    message = render_templates("certificates/paper", {"kind": kind, "certificate": certificate}, language)
    if certificate.file is None:  # tried when it is queued; sent only once the file is there
        return message
    file = Attachment(file_name(certificate), certificate.file.content_type, read_file(certificate.file))
    return Message(message.subject, message.text, message.html, (file,))


def render_revoked(params: dict[str, Any], language: str) -> Message | None:
    certificate = _load(params["certificate_id"])
    if certificate is None or certificate.status != CertificateStatus.REVOKED:
        return None
    return render_templates("certificates/revoked", {"certificate": certificate}, language)


def render_name_corrected(params: dict[str, Any], language: str) -> Message | None:
    """None when the name was confirmed meanwhile, or the seat is gone."""
    seated = Registration.objects.select_related("person__user").filter(status__in=SEATED, name_confirmed_at=None)
    registration = seated.filter(pk=params["registration_id"]).first()
    if registration is None:
        return None
    entries = AuditEntry.objects.filter(object_kind="participants.registration", object_id=str(registration.pk))
    entry = entries.filter(act="certificate_name_corrected").first()
    context = {"registration": registration, "reason": entry.reason if entry else ""}
    return render_templates("certificates/name_corrected", context, language, action=True)


def _load(pk: int) -> Certificate | None:
    rows = Certificate.objects.select_related("registration__person__user", "registration__batch", "file", "replaces")
    return rows.filter(pk=pk).first()


for _kind, _title in PAPERS.items():
    register(_kind, partial(render_paper, _kind), title=_title, variables=VARIABLES)
register(REVOKED, render_revoked, title=_("Sertifikat dicabut"), variables=VARIABLES)
register(
    NAME_CORRECTED, render_name_corrected, title=_("Nama pada sertifikat perlu dikonfirmasi lagi"),
    variables={
        "nama": Variable(_("Nama penerima"), "registration.person.display_name"),
        "nomor": Variable(_("Nomor pendaftaran"), "registration.number"),
    },
)  # fmt: skip
