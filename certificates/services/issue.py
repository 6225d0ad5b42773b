"""Issuing: an explicit list of people, all or nothing."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from accounts.models import Lsp, User
from assessments.models import Assessment, Decision
from batches.models import Batch
from batches.services import lock_batch
from certificates import emails, policies
from certificates.errors import CertificateNotReady, NobodyChosen, NotInBatch, OnlyDirector
from certificates.models import Certificate, CertificateEvent, new_token
from certificates.selectors.checklist import PersonChecklist, batch_checklists, name_of
from certificates.selectors.paper import ClassFacts
from certificates.services.numbering import number_text, take_first, take_next
from certificates.signals import certificate_issued
from core import audit
from core.events import announce
from core.patience import patient
from participants.models import Registration

ALREADY = _("%(name)s: sudah memiliki sertifikat %(number)s.")
NAMED = 5  # people whose obstacles a refusal names before it counts the rest


@patient
def issue_certificates(batch: Batch, registrations: Iterable[Registration], *, by: User) -> list[Certificate]:
    """A numbered certificate for each of these people, by name: number, copied facts, log, audit and mail at once.

    The mail is held until the file is there; `certificate_issued` starts its making after the commit. Errors:
    OnlyDirector, NobodyChosen, NotInBatch, NameNotPrintable, PaperNotPrintable, and CertificateNotReady, which names
    who lacks what: then nobody gets one.
    """
    if not policies.can_issue(by):
        raise OnlyDirector
    chosen = {registration.pk for registration in registrations}
    if not chosen:
        raise NobodyChosen
    batch = lock_batch(batch.pk)
    lock_people(batch, chosen)
    ready = [one for one in batch_checklists(batch) if one.registration.pk in chosen]
    if len(ready) != len(chosen):
        raise NotInBatch
    demand(one for one in ready if not one.is_ready)
    return write_certificates(batch, [one.registration for one in ready], by=by)


def lock_people(batch: Batch, chosen: set[int]) -> None:
    """Holds what the checklist looks at: the people, their attempts and what was decided, parents first."""
    rows = Registration.objects.filter(batch=batch, pk__in=chosen).order_by("pk")
    list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
    attempts = Assessment.objects.filter(registration__in=chosen).order_by("pk")
    list(attempts.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
    decisions = Decision.objects.filter(assessment__registration__in=chosen).order_by("pk")
    list(decisions.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))


def demand(not_ready: Iterable[PersonChecklist]) -> None:
    """CertificateNotReady with each person and what that person lacks.

    What the paper lacks is the same for all, and write_certificates says it once.
    """
    obstacles = [obstacle for one in not_ready if (obstacle := _obstacle(one))]
    if obstacles:
        more = f" (+{len(obstacles) - NAMED})" if len(obstacles) > NAMED else ""
        raise CertificateNotReady(people=" ".join(obstacles[:NAMED]) + more)


def write_certificates(
    batch: Batch, people: list[Registration], *, by: User, reason: str = "", replaces: Certificate | None = None
) -> list[Certificate]:
    """Rows, log, audit and held mails of a locked batch's people, in their order, under one moment of issue.

    Errors: NameNotPrintable, PaperNotPrintable.
    """
    lsp = Lsp.current()
    common = ClassFacts.of(batch, lsp)
    common.check(people)
    seq, issued_at = take_first(lsp.time_zone)
    certificates = []
    for place, registration in enumerate(people):
        seq = take_next(issued_at) if place else seq
        number = number_text(common.number_format, seq=seq, lsp=lsp.certificate_code, issued_at=issued_at)
        token = new_token()
        facts = common.copy_for(registration, number=number, token=token, issued_at=issued_at)
        certificates.append(
            Certificate(
                token=token,
                registration=registration,
                year=issued_at.year,
                seq=seq,
                number=number,
                facts=facts.to_json(),
                issued_at=issued_at,
                issued_by=by,
                replaces=replaces,
            )  # fmt: skip
        )
    Certificate.objects.bulk_create(certificates)
    CertificateEvent.objects.bulk_create(
        CertificateEvent(certificate=one, at=issued_at, by=by, kind=CertificateEvent.Kind.ISSUED, reason=reason)
        for one in certificates
    )
    for certificate in certificates:
        _record_and_mail(certificate, by=by, reason=reason)
    return certificates


def _record_and_mail(certificate: Certificate, *, by: User, reason: str) -> None:
    user = certificate.registration.person.user
    changes = {"number": ("", certificate.number), "name": ("", certificate.printed_name)}
    audit.record(
        "certificate_issued", certificate, by=by, subject_id=user.pk, changes=changes, reason=reason,
        label=certificate.number,
    )  # fmt: skip
    emails.owe_paper(certificate)
    announce(certificate_issued, sender=Certificate, certificate_id=certificate.pk)


def _obstacle(one: PersonChecklist) -> str:
    if one.own_missing:
        return f"{name_of(one.registration)}: {' '.join(requirement.detail for requirement in one.own_missing)}"
    if one.certificate is not None:
        return str(ALREADY) % {"name": name_of(one.registration), "number": one.certificate.number}
    return ""
