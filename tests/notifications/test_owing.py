"""Owing a mail: with the act, as ids, announced after the commit."""

import pytest
from django.core import mail
from django.db import transaction

from notifications import registry, services
from notifications.errors import UnknownAddress
from notifications.models import Email
from notifications.selectors import email_counts
from notifications.states import EmailStatus

pytestmark = pytest.mark.django_db
S = EmailStatus


def test_queue_email_stores_ids_only_and_sends_nothing(owe, participant):
    email = owe(participant)

    assert (email.status, email.params, email.body_text) == (S.QUEUED, {"thing_id": 7}, "")
    assert (email.to_address, email.recipient, email.language) == ("siti@contoh.test", participant, "id")
    assert mail.outbox == []


def test_queue_email_announces_after_commit(owe, participant, django_capture_on_commit_callbacks, monkeypatch):
    asked = []
    monkeypatch.setattr("notifications.tasks.deliver_email.delay", asked.append)

    with django_capture_on_commit_callbacks(execute=True):
        email = owe(participant)
        assert asked == []

    assert asked == [email.pk]


def test_act_survives_a_broker_that_is_away(owe, participant, django_capture_on_commit_callbacks, monkeypatch, caplog):
    def away(email_id):
        raise ConnectionError("no broker")

    monkeypatch.setattr("notifications.tasks.deliver_email.delay", away)

    with django_capture_on_commit_callbacks(execute=True):
        email = owe(participant)

    assert services.sweep_outbox() == [email.pk]


def test_queue_email_of_a_rolled_back_act_is_owed_to_nobody(owe, participant):
    def act():
        with transaction.atomic():
            owe(participant)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()

    assert not Email.objects.exists()


def test_broken_template_refuses_the_act(participant, own_kinds):
    def broken(params, language):
        raise LookupError

    registry.register("tests.broken", broken, title="Rusak")

    with pytest.raises(LookupError):
        services.queue_email("tests.broken", to=participant)

    assert not Email.objects.exists()


def test_queue_email_without_address_is_refused():
    with pytest.raises(UnknownAddress):
        services.queue_email("tests.greeting", to=None, thing_id=1)


def test_unknown_kind_is_a_fault_of_ours(participant):
    with pytest.raises(KeyError):
        services.queue_email("tests.nothing", to=participant)


def test_email_counts_has_every_state(owe, participant):
    owe(participant)

    assert email_counts(Email.objects.all()) == dict.fromkeys(S.values, 0) | {"queued": 1}
