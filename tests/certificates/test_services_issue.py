"""Issuing: an explicit list, one transaction, numbers without gap, facts copied."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import Error

from accounts.models import Lsp
from batches.models import Batch, Scheme
from certificates import services
from certificates.errors import CertificateNotReady, NobodyChosen, NotInBatch, OnlyDirector, PaperNotPrintable
from certificates.models import Certificate, CertificateEvent
from certificates.rendering import CertificateFacts, NameNotPrintable
from certificates.services.numbering import number_text
from certificates.states import CertificateStatus
from core import clock
from core.models import AuditEntry, NumberSeries
from notifications.models import Email
from notifications.states import EmailStatus
from participants.models import Registration
from tests.factories.certificates import confirm_name, make_director, make_ready_class
from tests.factories.classes import people_of

pytestmark = pytest.mark.django_db
JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def batch(db):
    return make_ready_class(3)


@pytest.fixture
def hendra(db):
    return make_director()


def named(batch, *names):
    """The people of the batch under other names, in the order of their registrations."""
    people = people_of(batch)
    for registration, name in zip(people, names, strict=True):
        confirm_name(registration, name)
    return people


def test_issue_writes_number_facts_log_audit_and_held_mail_by_name(batch, hendra):
    people = named(batch, "Tono", "Budi Santoso, S.Pd.", "siti")

    issued = services.issue_certificates(batch, people, by=hendra)

    month = clock.now().astimezone(JAKARTA)
    assert [(one.seq, one.printed_name) for one in issued] == [(1, "Budi Santoso, S.Pd."), (2, "siti"), (3, "Tono")]
    roman = number_text("{bulan_romawi}/{tahun}", seq=1, lsp="", issued_at=month)
    assert issued[0].number == f"0001/SP-ASKOM/LSP-CONTOH/{roman}"
    assert {one.status for one in issued} == {CertificateStatus.ISSUED}
    for one in issued:
        assert [event.kind for event in one.events.all()] == ["issued"]
        entry = AuditEntry.objects.get(act="certificate_issued", object_id=str(one.pk))
        assert (entry.actor_id, entry.subject_id) == (hendra.pk, one.registration.person.user_id)
        mail = Email.objects.get(params__certificate_id=one.pk)
        assert (mail.kind, mail.status) == ("certificate_issued", EmailStatus.HELD)
        assert mail.to_address == one.registration.person.user.email


def test_facts_are_copied_and_stay_when_their_source_changes(batch, hendra, settings):
    (certificate, *_rest) = services.issue_certificates(batch, people_of(batch), by=hendra)
    Lsp.objects.update(name="LSP Lain")
    Scheme.objects.update(title="Skema lain")

    facts = CertificateFacts.from_json(Certificate.objects.get(pk=certificate.pk).facts)

    assert (facts.title, facts.issuer.name, facts.scheme) == ("Sertifikat Pelatihan", "LSP Contoh", batch.scheme.title)
    assert (facts.number, facts.name) == (certificate.number, certificate.printed_name)
    assert (facts.starts_on, facts.ends_on, facts.batch_name) == (batch.starts_on, batch.ends_on, batch.name)
    assert facts.jp == batch.agenda.jp == sum(unit.jp for unit in facts.units)
    assert [unit.result for unit in facts.units if unit.code] == ["Lulus"] * 3
    assert (facts.issued_on, facts.issued_place) == (clock.today(), "Bandung")
    assert [one.name for one in facts.signatories] == ["Hendra Wijaya"]
    assert len(facts.facilitators) == 2
    assert facts.verify_url == f"{settings.SITE_URL}/verifikasi/{certificate.token}/"


def test_facts_hold_nothing_that_is_not_printed(batch, hendra):
    (certificate, *_rest) = services.issue_certificates(batch, people_of(batch), by=hendra)

    person = certificate.registration.person
    text = str(certificate.facts)
    for secret in (person.identity, person.birth_date, person.phone, person.address, person.user.email):
        assert secret not in text


def test_issue_announces_each_certificate_after_the_commit(
    batch, hendra, monkeypatch, django_capture_on_commit_callbacks
):
    asked = []
    monkeypatch.setattr("certificates.tasks.render_certificate.delay", asked.append)

    with django_capture_on_commit_callbacks(execute=True):
        issued = services.issue_certificates(batch, people_of(batch), by=hendra)

    assert asked == [one.pk for one in issued]


def test_one_who_is_not_ready_stops_all_and_is_named_with_what_is_missing(batch, hendra):
    first, second, _third = people_of(batch)
    Registration.objects.filter(pk=first.pk).update(name_confirmed_at=None, name_confirmed_by=None)
    Registration.objects.filter(pk=second.pk).update(name_confirmed_at=None, name_confirmed_by=None)

    with pytest.raises(CertificateNotReady) as refused:
        services.issue_certificates(batch, people_of(batch), by=hendra)

    assert first.person.display_name in str(refused.value)
    assert second.person.display_name in str(refused.value)
    assert "belum mengonfirmasi nama" in str(refused.value)
    assert not Certificate.objects.exists()
    assert not NumberSeries.objects.filter(last__gt=0).exists()
    assert not Email.objects.filter(kind="certificate_issued").exists()


def test_second_click_issues_nothing(batch, hendra):
    people = people_of(batch)
    services.issue_certificates(batch, people, by=hendra)

    with pytest.raises(CertificateNotReady, match=r"sudah memiliki sertifikat 000\d/SP-ASKOM"):
        services.issue_certificates(batch, people[:1], by=hendra)

    assert Certificate.objects.count() == 3


def test_only_the_list_gets_certificates(batch, hendra):
    services.issue_certificates(batch, people_of(batch)[1:2], by=hendra)

    assert [one.registration for one in Certificate.objects.all()] == people_of(batch)[1:2]


def test_nobody_is_no_list(batch, hendra):
    with pytest.raises(NobodyChosen):
        services.issue_certificates(batch, [], by=hendra)


def test_people_of_another_batch_are_refused(batch, hendra):
    others = people_of(make_ready_class(1))

    with pytest.raises(NotInBatch):
        services.issue_certificates(batch, [*people_of(batch), *others], by=hendra)

    assert not Certificate.objects.exists()


def test_admins_do_not_issue(batch, admin):
    with pytest.raises(OnlyDirector):
        services.issue_certificates(batch, people_of(batch), by=admin)


def test_act_that_is_rolled_back_burns_no_number(batch, hendra):
    def fail():
        with transaction.atomic():
            services.issue_certificates(batch, people_of(batch)[:2], by=hendra)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    (certificate,) = services.issue_certificates(batch, people_of(batch)[2:], by=hendra)
    assert certificate.seq == 1


@pytest.mark.parametrize(
    ("model", "values", "refusal"),
    [
        (Batch, {"name": "Angkatan 7 → 8"}, NameNotPrintable),
        (Batch, {"name": "W" * 80}, NameNotPrintable),
        (Scheme, {"units": [{"code": f"U{number}", "title": "Unit"} for number in range(15)]}, PaperNotPrintable),
    ],
)
def test_paper_that_cannot_be_printed_is_refused_before_a_number_is_taken(batch, hendra, model, values, refusal):
    """What is copied never changes: such a certificate would have a number and no file for ever."""
    model.objects.update(**values)

    with pytest.raises(refusal):
        services.issue_certificates(batch, people_of(batch), by=hendra)

    assert not Certificate.objects.exists()
    assert not NumberSeries.objects.exists()


def test_numbers_start_again_each_year_in_the_zone_of_the_issuer(batch, hendra):
    """31 December 17.30 in London is the new year in Jakarta already."""
    first, second, third = people_of(batch)
    for person, moment in [
        (first, datetime(2026, 12, 31, 23, 59, tzinfo=JAKARTA)),
        (second, datetime(2026, 12, 31, 17, 30, tzinfo=ZoneInfo("UTC"))),
        (third, datetime(2027, 1, 2, tzinfo=JAKARTA)),
    ]:
        with clock.at(moment):
            services.issue_certificates(batch, [person], by=hendra)

    numbers = list(Certificate.objects.order_by("pk").values_list("year", "seq"))
    assert numbers == [(2026, 1), (2027, 1), (2027, 2)]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{seq:04d}/SP-ASKOM/{lsp}/{bulan_romawi}/{tahun}", "0012/SP-ASKOM/LSP-X/VII/2026"),
        ("{lsp}-ASKOM-{tahun}-{seq:06d}", "LSP-X-ASKOM-2026-000012"),
        ("", "0012/SP/LSP-X/VII/2026"),
    ],
)
def test_number_text_follows_the_scheme(pattern, expected):
    moment = datetime(2026, 7, 3, tzinfo=JAKARTA)

    assert number_text(pattern, seq=12, lsp="LSP-X", issued_at=moment) == expected


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_its_roman_number(month):
    roman = "I II III IV V VI VII VIII IX X XI XII".split()[month - 1]

    assert number_text("{bulan_romawi}", seq=1, lsp="", issued_at=datetime(2026, month, 1, tzinfo=JAKARTA)) == roman


@pytest.mark.parametrize(
    "change",
    [
        {"number": "9999"},
        {"facts": {}},
        {"seq": 99},
        {"year": 1999},
        {"token": "x" * 26},
        {"issued_at": datetime(2020, 1, 1, tzinfo=JAKARTA)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_database_keeps_what_was_issued(batch, hendra, change):
    (certificate, *_rest) = services.issue_certificates(batch, people_of(batch), by=hendra)

    with pytest.raises(IntegrityError, match="is issued"), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(**change)


def test_database_keeps_certificates_and_their_log(batch, hendra):
    services.issue_certificates(batch, people_of(batch), by=hendra)

    with pytest.raises(Error), transaction.atomic():
        CertificateEvent.objects.all().delete()
    with pytest.raises(Error), transaction.atomic():
        CertificateEvent.objects.update(reason="lain")


def test_database_allows_one_certificate_in_force_per_person(batch, hendra):
    (certificate, *_rest) = services.issue_certificates(batch, people_of(batch), by=hendra)
    certificate.pk, certificate.code, certificate.token, certificate.seq, certificate.number = None, "x", "y", 77, "77"

    with pytest.raises(IntegrityError, match="certificate_one_live"), transaction.atomic():
        certificate.save()
