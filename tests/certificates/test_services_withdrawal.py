"""Revoking, and issuing anew: states, reasons, chain, mails."""

import pytest

from certificates import services
from certificates.errors import CertificateNotReady, OnlyDirector
from certificates.models import Certificate
from certificates.states import TRANSITIONS, CertificateStatus
from core.errors import TransitionNotAllowed
from core.models import AuditEntry
from core.transitions import check_transition
from notifications.models import Email
from notifications.states import EmailStatus
from participants.errors import ReasonNeeded
from tests.factories.certificates import confirm_name, make_certificate, make_director
from tests.factories.results import make_appeal

pytestmark = pytest.mark.django_db
S = CertificateStatus


@pytest.fixture
def hendra(db):
    return make_director()


@pytest.fixture
def certificate(hendra):
    return make_certificate(by=hendra)


def fresh(certificate):
    return Certificate.objects.select_related("replaced_by").get(pk=certificate.pk)


ALLOWED = {(S.ISSUED, S.REVOKED), (S.ISSUED, S.REPLACED), (S.REPLACED, S.REVOKED)}


@pytest.mark.parametrize("current", S)
@pytest.mark.parametrize("target", S)
def test_transition_is_allowed_exactly_where_the_table_says(current, target):
    if (current, target) in ALLOWED:
        check_transition(TRANSITIONS, current, target)
    else:
        with pytest.raises(TransitionNotAllowed):
            check_transition(TRANSITIONS, current, target)


def test_revoke_stamps_logs_records_and_tells_the_holder(certificate, hendra):
    services.revoke_certificate(certificate, "  Hasil uji dibatalkan. ", by=hendra)

    now = fresh(certificate)
    assert (now.status, now.revoke_reason, now.revoked_by) == (S.REVOKED, "Hasil uji dibatalkan.", hendra)
    assert (now.events.last().kind, now.events.last().reason) == ("revoked", "Hasil uji dibatalkan.")
    entry = AuditEntry.objects.get(act="certificate_revoked")
    assert (entry.reason, entry.changes) == ("Hasil uji dibatalkan.", {"status": ["issued", "revoked"]})
    mail = Email.objects.get(kind="certificate_revoked")
    assert (mail.status, mail.to_address) == (EmailStatus.QUEUED, certificate.registration.person.user.email)


@pytest.mark.parametrize("service", [services.revoke_certificate, services.reissue_certificate])
def test_reason_is_needed(certificate, hendra, service):
    with pytest.raises(ReasonNeeded):
        service(certificate, "  ", by=hendra)


@pytest.mark.parametrize("service", [services.revoke_certificate, services.reissue_certificate])
def test_only_the_director_decides(certificate, admin, service):
    with pytest.raises(OnlyDirector):
        service(certificate, "Keliru.", by=admin)

    assert fresh(certificate).status == S.ISSUED


@pytest.mark.parametrize("service", [services.revoke_certificate, services.reissue_certificate])
def test_revoked_stays_revoked(certificate, hendra, service):
    services.revoke_certificate(certificate, "Keliru.", by=hendra)

    with pytest.raises(TransitionNotAllowed):
        service(certificate, "Lagi.", by=hendra)


def test_reissue_gives_a_new_number_today_s_facts_and_links_both_ways(certificate, hendra):
    confirm_name(certificate.registration, "Siti Rahmawati, M.Pd.")

    new = services.reissue_certificate(certificate, "Gelar keliru.", by=hendra)

    old = fresh(certificate)
    assert (old.status, old.replaced_by, new.replaces) == (S.REPLACED, new, certificate)
    assert (old.seq, new.seq) == (1, 2)
    assert old.token != new.token
    assert (old.printed_name, new.printed_name) == (certificate.printed_name, "Siti Rahmawati, M.Pd.")
    assert [(event.kind, event.reason) for event in old.events.all()][-1] == ("replaced", "Gelar keliru.")
    assert [(event.kind, event.reason) for event in new.events.all()] == [("issued", "Gelar keliru.")]
    mail = Email.objects.get(kind="certificate_reissued")
    assert (mail.status, mail.params) == (EmailStatus.HELD, {"certificate_id": new.pk})


def test_reissue_obeys_the_checklist(certificate, hendra):
    make_appeal(certificate.registration.exam_attempts.get().decisions.get())

    with pytest.raises(CertificateNotReady, match="banding"):
        services.reissue_certificate(certificate, "Gelar keliru.", by=hendra)

    assert fresh(certificate).status == S.ISSUED


def test_replaced_certificate_may_still_be_revoked(certificate, hendra):
    services.reissue_certificate(certificate, "Gelar keliru.", by=hendra)

    services.revoke_certificate(certificate, "Dipalsukan.", by=hendra)

    assert fresh(certificate).status == S.REVOKED


def test_after_a_revocation_a_new_list_may_name_the_person_again(certificate, hendra):
    services.revoke_certificate(certificate, "Keliru.", by=hendra)

    (new,) = services.issue_certificates(certificate.registration.batch, [certificate.registration], by=hendra)

    assert (new.seq, new.replaces) == (2, None)
