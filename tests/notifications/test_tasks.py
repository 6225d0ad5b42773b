"""Celery's entry: one service each."""

import pytest

from notifications import services, tasks
from notifications.registry import Message
from notifications.states import EmailStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed():
    return services.queue_ready_email("tests.ready", "siti@contoh.test", Message("Salam", "Isi"), recipient=None)


def test_deliver_email_twice_sends_once(owed, mailoutbox):
    tasks.deliver_email(owed.pk)
    tasks.deliver_email(owed.pk)

    assert len(mailoutbox) == 1


def test_deliver_email_of_a_row_that_is_gone_does_nothing():
    tasks.deliver_email(999_999)


def test_sweep_outbox_hands_each_due_mail_to_a_worker(owed, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.deliver_email, "apply_async", lambda args, **options: asked.append((args, options)))

    tasks.sweep_outbox()

    assert asked == [((owed.pk,), {"expires": 60})]
    owed.refresh_from_db()
    assert owed.status == EmailStatus.QUEUED
