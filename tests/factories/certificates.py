"""Classes whose people are ready for their certificates, and certificates with a file."""

import hashlib
from dataclasses import replace
from itertools import count

from django.conf import settings

from accounts.models import Lsp, User
from accounts.roles import Role
from batches.models import Batch
from batches.states import BatchStatus
from certificates.models import Certificate, CertificateEvent, new_token
from certificates.rendering import SAMPLE, Signatory
from certificates.services import issue_certificates, render_and_store
from core import clock
from core.files import store_content
from core.uploads import CleanUpload
from participants.models import Registration
from tests.factories.accounts import make_user
from tests.factories.attendance import attend_all
from tests.factories.classes import make_class, people_of
from tests.factories.results import make_result

numbers = count(1)
PDF = b"%PDF-1.7 as printed"
SIGNERS = [{"name": "Hendra Wijaya", "title": "Direktur LSP Contoh", "number": ""}]


def make_director(name: str = "Hendra Wijaya") -> User:
    """Somebody who may issue."""
    return make_user(name=name, role=Role.DIRECTOR)


def make_ready_class(people: int = 3, *, starts_in: int = -30, **fields) -> Batch:
    """A class that attended everything, passed, and confirmed its names; its LSP has a signatory."""
    batch = make_class(people, status=BatchStatus.EXAMINING, starts_in=starts_in, **fields)
    sign()
    attend_all(batch)
    for registration in people_of(batch):
        make_result(registration, "K")
        confirm_name(registration)
    return batch


def sign() -> None:
    """The LSP has somebody who signs, and a code for its numbers."""
    values = {"name": "LSP Contoh", "short_name": "LSP", "address": "Jalan Merdeka 1, Bandung 40111"}
    Lsp.objects.update_or_create(pk=1, defaults=values | {"signatories": SIGNERS, "certificate_code": "LSP-CONTOH"})


def confirm_name(registration: Registration, name: str = "") -> None:
    """As if the person had confirmed it."""
    values = {"certificate_name": name or registration.person.display_name, "name_confirmed_at": clock.now()}
    Registration.objects.filter(pk=registration.pk).update(name_confirmed_by=registration.person.user, **values)


def make_certificate(registration: Registration | None = None, *, by: User | None = None, file: bool = False):
    """One issued certificate; with its PDF when `file`."""
    registration = registration or people_of(make_ready_class(1))[0]
    (certificate,) = issue_certificates(registration.batch, [registration], by=by or make_director())
    if file:
        render_and_store(certificate.pk)
    return Certificate.objects.select_related("registration__person__user", "registration__batch", "file").get(
        pk=certificate.pk
    )


def put_certificate(registration: Registration, *, by: User, file: bool = True, **fields) -> Certificate:
    """A certificate as a row, whatever the checklist says; with a small file. Facts are the sample's, in names only."""
    token, seq, now = new_token(), 1000 + next(numbers), clock.now()
    number, name = f"{seq}/SP/LSP/2026", registration.person.display_name
    facts = replace(
        SAMPLE, number=number, name=name, verify_url=f"{settings.SITE_URL}/verifikasi/{token}/", batch_name="TOT 1",
        signatories=(Signatory("Hendra", "MM", ""),), facilitators=("Sri", "Gede"), units=SAMPLE.units[1:],
    )  # fmt: skip
    values = {"registration": registration, "token": token, "year": now.year, "seq": seq, "number": number}
    if file:
        clean = CleanUpload(PDF, "pdf", hashlib.sha256(PDF).hexdigest())
        stored = store_content(clean, purpose="sertifikat", by=None, subject=registration.person.user)
        values |= {"file": stored, "file_sha256": clean.sha256, "rendered_at": now}
    values |= {"facts": facts.to_json(), "issued_at": now, "issued_by": by}
    certificate = Certificate.objects.create(**values | fields)
    CertificateEvent.objects.create(certificate=certificate, at=now, by=by, kind=CertificateEvent.Kind.ISSUED)
    return certificate
