"""What a mail says: kept, or from the facts of now, or why it cannot be said."""

import pytest
from django.db import DatabaseError

from notifications import registry
from notifications.models import Email
from notifications.reading import read_safely, written
from notifications.registry import Message

pytestmark = pytest.mark.django_db


def fail_with(error, monkeypatch):
    def fail(*args):
        raise error

    monkeypatch.setattr(registry, "render", fail)


def test_kept_text_wins_over_the_facts_of_now(owe, participant, greeting):
    email = owe(participant)
    assert written(email).subject == "Salam 7 id"
    greeting.add(7)
    assert written(email) is None

    assert written(Email(subject="S", body_text="Dahulu", body_html="<p>")) == Message("S", "Dahulu", "<p>")


def test_mail_that_cannot_be_written_is_told_from_one_whose_cause_is_gone(
    owe, participant, greeting, monkeypatch, caplog
):
    email = owe(participant)
    greeting.add(7)
    assert read_safely(email) == (None, False)

    fail_with(LookupError("no such word"), monkeypatch)

    assert read_safely(email) == (None, True)
    (record,) = caplog.records
    assert str(email.code) in record.getMessage()
    assert record.exc_info[0] is LookupError


def test_error_that_ends_the_transaction_is_no_fault_of_the_mail(owe, participant, monkeypatch):
    email = owe(participant)
    fail_with(DatabaseError(), monkeypatch)

    with pytest.raises(DatabaseError):
        read_safely(email)
