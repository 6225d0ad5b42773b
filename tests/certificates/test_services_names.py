"""The name on the certificate: confirmed by its bearer, corrected by the desk, locked once printed."""

import pytest

from certificates import services
from certificates.errors import NameLocked, NameNotOwn, NameTooEarly
from certificates.rendering import NameNotPrintable
from core.models import AuditEntry
from notifications import services as outbox
from notifications.models import Email
from participants.errors import ReasonNeeded
from participants.models import Registration
from participants.states import RegistrationStatus
from tests.factories.certificates import make_certificate, make_director, make_ready_class
from tests.factories.classes import people_of
from tests.factories.participants import make_registration

pytestmark = pytest.mark.django_db


@pytest.fixture
def siti(db):
    registration = make_registration(RegistrationStatus.CONFIRMED)
    return Registration.objects.select_related("person__user").get(pk=registration.pk)


def fresh(registration):
    return Registration.objects.get(pk=registration.pk)


def test_confirm_stamps_the_printable_name_and_is_on_record(siti):
    services.confirm_certificate_name(siti, "  Siti   Rahmawati, S.Pd. ", by=siti.person.user)

    now = fresh(siti)
    assert (now.certificate_name, now.name_confirmed_by) == ("Siti Rahmawati, S.Pd.", siti.person.user)
    assert now.name_confirmed_at is not None
    entry = AuditEntry.objects.get(act="certificate_name_confirmed")
    assert entry.changes == {"certificate_name": ["", "Siti Rahmawati, S.Pd."]}


def test_confirm_again_replaces_the_name_until_it_is_printed(siti):
    user = siti.person.user
    services.confirm_certificate_name(siti, "Siti", by=user)

    services.confirm_certificate_name(siti, "Siti Rahmawati", by=user)

    assert fresh(siti).certificate_name == "Siti Rahmawati"


def test_nobody_confirms_for_somebody_else(siti, admin):
    with pytest.raises(NameNotOwn):
        services.confirm_certificate_name(siti, "Siti", by=admin)


@pytest.mark.parametrize("name", ["Siti 😀", "", "Siti\u202eRahmawati"])
def test_name_that_cannot_be_printed_is_refused(siti, name):
    with pytest.raises(NameNotPrintable):
        services.confirm_certificate_name(siti, name, by=siti.person.user)

    assert fresh(siti).name_confirmed_at is None


def test_name_waits_for_the_seat():
    registration = make_registration(RegistrationStatus.SUBMITTED)

    with pytest.raises(NameTooEarly):
        services.confirm_certificate_name(registration, "Siti", by=registration.person.user)


def test_printed_name_is_locked(db):
    certificate = make_certificate()
    registration = certificate.registration

    with pytest.raises(NameLocked):
        services.confirm_certificate_name(registration, "Nama Lain", by=registration.person.user)


def test_correction_takes_the_confirmation_back_and_asks_again(siti, admin, mailoutbox):
    services.confirm_certificate_name(siti, "Siti Rahmawaty", by=siti.person.user)

    services.correct_certificate_name(siti, "Siti Rahmawati", "Sesuai ijazah.", by=admin)

    now = fresh(siti)
    assert (now.certificate_name, now.name_confirmed_at, now.name_confirmed_by) == ("Siti Rahmawati", None, None)
    entry = AuditEntry.objects.get(act="certificate_name_corrected")
    assert (entry.reason, entry.actor_id) == ("Sesuai ijazah.", admin.pk)
    outbox.deliver_email(Email.objects.get(kind="certificate_name_corrected").pk)
    assert "Sesuai ijazah." in mailoutbox[0].body
    assert mailoutbox[0].subject.startswith("[Perlu tindakan]")


def test_mail_about_a_correction_that_is_confirmed_already_is_not_sent(siti, admin, mailoutbox):
    services.correct_certificate_name(siti, "Siti Rahmawati", "Sesuai ijazah.", by=admin)
    services.confirm_certificate_name(siti, "Siti Rahmawati", by=siti.person.user)

    outbox.deliver_email(Email.objects.get().pk)

    assert mailoutbox == []


def test_correction_needs_a_reason(siti, admin):
    with pytest.raises(ReasonNeeded):
        services.correct_certificate_name(siti, "Siti", " ", by=admin)


def test_corrected_name_reaches_the_paper_by_a_new_certificate_only(admin):
    """Printed wrongly: the desk corrects, the person confirms, the director issues anew."""
    registration = people_of(make_ready_class(1))[0]
    director = make_director()
    (old,) = services.issue_certificates(registration.batch, [registration], by=director)
    services.correct_certificate_name(registration, "Siti Rahmawati", "Salah ketik.", by=admin)

    services.confirm_certificate_name(registration, "Siti Rahmawati", by=registration.person.user)
    new = services.reissue_certificate(old, "Salah ketik.", by=director)

    assert (old.printed_name, new.printed_name) == (registration.person.display_name, "Siti Rahmawati")
