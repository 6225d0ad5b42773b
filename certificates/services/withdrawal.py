"""Revoking a certificate, and issuing it anew under a new number. Both show on the public page at once."""

from accounts.models import User
from batches.services import lock_batch
from certificates import emails, policies
from certificates.errors import OnlyDirector
from certificates.models import Certificate, CertificateEvent
from certificates.selectors.checklist import issue_checklist
from certificates.services.issue import demand, lock_people, write_certificates
from certificates.states import TRANSITIONS, CertificateStatus
from core import audit, clock
from core.patience import patient
from core.transitions import check_transition
from participants.services.moves import needed

S = CertificateStatus
Kind = CertificateEvent.Kind


@patient
def revoke_certificate(certificate: Certificate, reason: str, *, by: User) -> Certificate:
    """ISSUED or REPLACED -> REVOKED, with a reason that the holder and everybody who verifies reads. Mails the holder.

    The number stays used, the file stays kept. Errors: OnlyDirector, ReasonNeeded, TransitionNotAllowed.
    """
    reason = _allowed(reason, by)
    certificate = _lock(certificate)
    check_transition(TRANSITIONS, certificate.status, S.REVOKED)
    before, certificate.status = certificate.status, S.REVOKED
    certificate.revoked_at, certificate.revoked_by, certificate.revoke_reason = clock.now(), by, reason
    certificate.save(update_fields=["status", "revoked_at", "revoked_by", "revoke_reason"])
    _log(certificate, Kind.REVOKED, "certificate_revoked", before, reason, by=by)
    emails.tell_revoked(certificate)
    return certificate


@patient
def reissue_certificate(certificate: Certificate, reason: str, *, by: User) -> Certificate:
    """ISSUED -> REPLACED, and a new certificate with a new number and today's facts that names the old one.

    The holder gets the new file by mail. Errors: OnlyDirector, ReasonNeeded, TransitionNotAllowed, and
    CertificateNotReady while something of the checklist is missing, such as a corrected name to be confirmed.
    """
    reason = _allowed(reason, by)
    batch = lock_batch(certificate.registration.batch_id)
    lock_people(batch, {certificate.registration_id})
    old = _lock(certificate)
    check_transition(TRANSITIONS, old.status, S.REPLACED)
    old.registration.batch = batch
    checklist = issue_checklist(old.registration)
    demand([checklist] if checklist.own_missing else [])
    before, old.status = old.status, S.REPLACED
    old.save(update_fields=["status"])
    _log(old, Kind.REPLACED, "certificate_replaced", before, reason, by=by)
    (new,) = write_certificates(batch, [old.registration], by=by, reason=reason, replaces=old)
    return new


def _allowed(reason: str, by: User) -> str:
    if not policies.can_issue(by):
        raise OnlyDirector
    return needed(reason)


def _lock(certificate: Certificate) -> Certificate:
    rows = Certificate.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("registration__person__user", "registration__batch").get(pk=certificate.pk)


def _log(certificate: Certificate, kind: str, act: str, before: str, reason: str, *, by: User) -> None:
    CertificateEvent.objects.create(certificate=certificate, at=clock.now(), by=by, kind=kind, reason=reason)
    audit.record(
        act, certificate, by=by, subject_id=certificate.registration.person.user_id, reason=reason,
        changes={"status": (before, certificate.status)}, label=certificate.number,
    )  # fmt: skip
