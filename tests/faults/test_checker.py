"""The checker sees what it is there for: each thing that goes wrong is planted once."""

import time
from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db.models import F

from accounts.models import Lsp
from certificates.models import Certificate, CertificateEvent
from core.files import path_of
from core.models import Job, NumberSeries
from notifications.models import Email, EmailEvent
from notifications.services import deliver_email
from notifications.states import EmailStatus
from participants.models import RegistrationEvent
from participants.services import withdraw_registration
from participants.states import RegistrationStatus
from tests.factories.accounts import make_admin
from tests.factories.certificates import make_certificate
from tests.factories.participants import registration_in
from tests.faults.checker import Verdict, check
from tests.faults.history import OK, History

pytestmark = pytest.mark.django_db


@pytest.fixture
def played(tmp_path, settings):
    """A run that went well: a certificate, a withdrawn application, every mail arrived. (history, accepted)"""
    settings.PRIVATE_FILES_ROOT = tmp_path / "files"
    Lsp.objects.create(pk=1, name="LSP Contoh", short_name="LSP", uses_bnsp_approval=False, hold_decisions=False)
    registration = registration_in(RegistrationStatus.ELIGIBLE)
    history = History(tmp_path / "history.jsonl")
    withdraw_registration(registration, by=registration.person.user)
    acknowledge(history, "withdraw_registration", registration=registration.pk)
    certificate = make_certificate(file=True)
    acknowledge(history, "issue_certificates", people=[certificate.registration_id])
    for pk in Email.objects.values_list("pk", flat=True):
        deliver_email(pk)
    return history, Counter(message_id(one) for one in Email.objects.all())


def acknowledge(history, name, said=None, **about):
    history.close(history.intend(name, **about), OK, status=302, began=time.monotonic(), **(said or {}))


def message_id(email):
    return f"<{email.code}@{urlsplit(settings.SITE_URL).hostname}>"


def verdict_of(played, left=0):
    history, accepted = played
    return check(history, accepted, lambda: {"mails": left})


def test_good_run_has_no_findings(played):
    verdict = verdict_of(played)

    assert verdict == Verdict(), verdict


def test_what_is_lost_is_seen(played):
    history, accepted = played
    path_of(Certificate.objects.get().file.storage_name).unlink()
    accepted.pop(message_id(Email.objects.first()))
    acknowledge(history, "withdraw_registration", registration=0)
    acknowledge(history, "issue_certificates", people=[0])
    acknowledge(history, "record_tap", key="k", record=1, item="PLN-01", seq=1, value="Y", said={"value": "Y"})
    Job.objects.create(kind="confirm_registrations", owner=make_admin(), total=2)

    lost = " ".join(verdict_of(played, left=2).lost)

    for words in (
        "the second sweep still found 2 of mails", "files of all rows: 0", "arrived 0 times", "in force of 0: 0",
        "withdraw_registration of registration 0", "tap k: 0", "PLN-01 of record 1", "is queued", "has 0 of 2 rows",
    ):  # fmt: skip
        assert words in lost


def test_what_is_done_twice_is_seen(played):
    _history, accepted = played
    first, *_others = Email.objects.exclude(params={})
    accepted[message_id(first)] += 1
    accepted["<nobody@elsewhere>"] += 1
    Email.objects.create(kind=first.kind, params=first.params, to_address=first.to_address, language="id")
    certificate = Certificate.objects.get()
    CertificateEvent.objects.create(certificate=certificate, kind=CertificateEvent.Kind.RENDERED)
    event = RegistrationEvent.objects.filter(to_status="withdrawn").get()
    RegistrationEvent.objects.create(registration=event.registration, from_status="draft", to_status="withdrawn")

    doubled = " ".join(verdict_of(played).doubled)

    for words in (
        "arrived 2 times with 0 doubts", "nobody owed", "2 mails", "makings of", "moves to withdrawn",
    ):  # fmt: skip
        assert words in doubled


def test_gap_and_doubt_are_counted_by_themselves(played):
    _history, accepted = played
    email = Email.objects.first()
    accepted[message_id(email)] += 1
    EmailEvent.objects.create(email=email, status=EmailStatus.SENDING)  # a claim that did not end in "sent"
    NumberSeries.objects.update(last=F("last") + 1)

    verdict = verdict_of(played)

    assert (verdict.lost, verdict.doubled, len(verdict.gaps), verdict.mails_twice) == ([], [], 1, 1)
