"""The file of a certificate: made from stored facts, kept once, tried again, parked with a reason."""

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from certificates import rendering, services
from certificates.errors import OnlyDirector
from certificates.models import MOST_RENDERINGS, Certificate, CertificateEvent
from core import clock
from core.files import path_of, read_file
from core.models import AuditEntry, NumberSeries, StoredFile
from notifications import services as outbox
from notifications.models import Email
from notifications.states import EmailStatus
from tests.factories.certificates import make_certificate, make_director

# Rendering commits on its own, between transactions: nothing may wait for the printer.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def certificate(db):
    return make_certificate()


def break_printer(monkeypatch, error=None):
    calls = []

    def broken(facts):
        calls.append(facts.number)
        raise error or OSError("no such library")

    monkeypatch.setattr(rendering, "render_certificate", broken)
    return calls


def fresh(certificate):
    return Certificate.objects.select_related("file").get(pk=certificate.pk)


def test_file_hash_log_and_mail_come_together(certificate):
    assert Email.objects.get().status == EmailStatus.HELD

    services.render_and_store(certificate.pk)

    done = fresh(certificate)
    content = read_file(done.file)
    assert done.file_sha256 == done.file.sha256 == hashlib.sha256(content).hexdigest()
    assert (done.render_attempts, done.render_error, done.is_rendered) == (1, "", True)
    assert [event.kind for event in done.events.all()] == [CertificateEvent.Kind.ISSUED, CertificateEvent.Kind.RENDERED]
    assert done.file.uploader is None  # it counts to nobody's uploads
    assert done.file.subject_id == done.registration.person.user_id
    assert Email.objects.get().status == EmailStatus.QUEUED


def test_mail_carries_the_stored_file(certificate, mailoutbox):
    services.render_and_store(certificate.pk)

    outbox.deliver_email(Email.objects.get().pk)

    (sent,) = mailoutbox
    (attached,) = sent.attachments
    assert attached.filename == f"Sertifikat {certificate.number.replace('/', '-')}.pdf"
    assert hashlib.sha256(attached.content).hexdigest() == fresh(certificate).file_sha256
    assert certificate.verify_url in sent.body


def test_rendering_again_keeps_the_first_file(certificate, monkeypatch):
    services.render_and_store(certificate.pk)
    before = fresh(certificate)
    monkeypatch.setattr(rendering, "render_certificate", lambda facts: b"%PDF other")

    services.render_and_store(certificate.pk)

    after = fresh(certificate)
    assert (after.file_id, after.file_sha256, after.render_attempts) == (before.file_id, before.file_sha256, 1)
    assert StoredFile.objects.count() == 1
    assert Email.objects.count() == 1


def test_printer_works_outside_any_transaction(certificate, monkeypatch):
    seen = []

    def look(facts):
        seen.append(transaction.get_connection().in_atomic_block)
        return b"%PDF"

    monkeypatch.setattr(rendering, "render_certificate", look)

    services.render_and_store(certificate.pk)

    assert seen == [False]


def test_failure_burns_no_number_and_is_tried_again(certificate, monkeypatch):
    with monkeypatch.context() as patch:
        break_printer(patch)
        services.render_and_store(certificate.pk)
    failed = fresh(certificate)
    assert (failed.render_error, failed.is_stuck) == ("OSError: no such library", False)
    assert (failed.seq, NumberSeries.objects.get().last) == (1, 1)
    assert Email.objects.get().status == EmailStatus.HELD

    with clock.at(clock.now() + timedelta(seconds=30)):
        assert services.sweep_unrendered() == [certificate.pk]
    services.render_and_store(certificate.pk)

    done = fresh(certificate)
    assert (done.is_rendered, done.render_error, done.seq) == (True, "", 1)


def test_file_that_cannot_be_kept_is_a_failure_with_its_reason(certificate, monkeypatch):
    def full(*args, **kwargs):
        raise OSError("no space left")

    monkeypatch.setattr("certificates.services.rendering.store_content", full)

    services.render_and_store(certificate.pk)

    failed = fresh(certificate)
    assert (failed.render_attempts, failed.render_error) == (1, "OSError: no space left")
    assert Email.objects.get().status == EmailStatus.HELD


def test_five_failures_park_it_until_somebody_starts_it_again(certificate, monkeypatch):
    with monkeypatch.context() as patch:
        calls = break_printer(patch)
        for _time in range(MOST_RENDERINGS + 3):
            services.render_and_store(certificate.pk)
    parked = fresh(certificate)
    assert len(calls) == MOST_RENDERINGS
    assert parked.is_stuck
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert services.sweep_unrendered() == []

    director = make_director("Sri")
    services.restart_rendering(parked, by=director)
    services.render_and_store(certificate.pk)

    assert fresh(certificate).is_rendered
    assert AuditEntry.objects.get(act="certificate_restarted").actor_id == director.pk


def test_restart_announces_once_more(certificate, monkeypatch):
    asked = []
    monkeypatch.setattr("certificates.tasks.render_certificate.delay", asked.append)

    services.restart_rendering(certificate, by=make_director("Sri"))

    assert asked == [certificate.pk]


def test_restart_of_a_file_that_is_there_changes_nothing(certificate, admin):
    services.render_and_store(certificate.pk)

    services.restart_rendering(certificate, by=admin)

    assert fresh(certificate).render_attempts == 1
    assert not AuditEntry.objects.filter(act="certificate_restarted").exists()


def test_auditors_start_nothing(certificate, auditor):
    with pytest.raises(OnlyDirector):
        services.restart_rendering(certificate, by=auditor)


class Killed(BaseException):
    """The process ends here: no handler runs."""


def test_attempts_that_kill_their_worker_are_counted_and_parked(certificate, monkeypatch):
    break_printer(monkeypatch, Killed())
    for _time in range(MOST_RENDERINGS):
        with pytest.raises(Killed):
            services.render_and_store(certificate.pk)
    services.render_and_store(certificate.pk)  # does not even begin

    with clock.at(clock.now() + timedelta(minutes=1)):
        assert services.sweep_unrendered() == []

    assert fresh(certificate).is_stuck


def test_kill_between_file_and_row_leaves_nothing_half_done(certificate, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("certificates.emails.release_paper", lambda one: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            services.render_and_store(certificate.pk)
    assert not fresh(certificate).is_rendered
    assert not StoredFile.objects.exists()

    services.render_and_store(certificate.pk)

    assert path_of(fresh(certificate).file.storage_name).exists()
    assert Email.objects.get().status == EmailStatus.QUEUED


def test_sweeper_leaves_what_is_young_or_done(certificate):
    assert services.sweep_unrendered() == []

    services.render_and_store(certificate.pk)

    with clock.at(clock.now() + timedelta(minutes=1)):
        assert services.sweep_unrendered() == []


def test_certificate_that_is_gone_is_nobodys_work():
    assert services.render_and_store(987_654) is None


def test_revoked_before_it_was_mailed_sends_no_paper(certificate, mailoutbox):
    services.revoke_certificate(certificate, "Keliru.", by=make_director("Sri"))
    services.render_and_store(certificate.pk)

    for email in Email.objects.order_by("pk"):
        outbox.deliver_email(email.pk)

    assert fresh(certificate).is_rendered  # the register keeps the file of what was issued
    assert [mail.subject for mail in mailoutbox] == [f"Sertifikat {certificate.number} dicabut"]
    assert Email.objects.get(kind="certificate_issued").status == EmailStatus.CANCELLED


@pytest.mark.parametrize("change", [{"file_sha256": "0" * 64}, {"file": None, "file_sha256": "", "rendered_at": None}])
def test_database_keeps_the_file(certificate, change):
    services.render_and_store(certificate.pk)

    with pytest.raises(IntegrityError, match="is issued"), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(**change)
