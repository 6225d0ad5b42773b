"""What a visitor reads while the database restarts: 503 and what to do, never a fault and never "bad request"."""

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, IntegrityError, InterfaceError, InternalError, OperationalError
from django.urls import reverse

from batches.models import Batch
from tot_portal.views import READ_ONLY, is_database_away

pytestmark = pytest.mark.django_db


def lose_connection(*args, **kwargs):
    raise OperationalError("server closed the connection unexpectedly")


def fail_to_save(self, must_create=False):
    """As Django's own store does, whatever the database said."""
    try:
        lose_connection()
    except OperationalError:
        raise UpdateError from None


def check_page(response):
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "Portal sedang dimulai ulang" in response.content.decode()


def test_page_whose_query_was_cut_says_that_the_portal_restarts(client, monkeypatch):
    monkeypatch.setattr(Batch.objects, "accepting", lose_connection)
    client.raise_request_exception = False

    check_page(client.get(reverse("home")))


def test_session_that_was_not_saved_says_that_the_portal_restarts(participant, client_of, monkeypatch, settings):
    client = client_of(participant)
    client.raise_request_exception = False
    settings.SESSION_SAVE_EVERY_REQUEST = True
    monkeypatch.setattr(SessionStore, "save", fail_to_save)

    check_page(client.get(reverse("help")))


def caused_by(error, cause):
    error.__cause__ = cause
    return error


class ReadOnly(Exception):
    pgcode = READ_ONLY


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (OperationalError(), True),
        (DatabaseError("server closed the connection unexpectedly"), True),
        (caused_by(RuntimeError(), InterfaceError("connection already closed")), True),
        (caused_by(InternalError(), ReadOnly()), True),
        (InternalError(), False),
        (IntegrityError(), False),
        (ValueError(), False),
        (None, False),
    ],
)
def test_only_the_database_makes_the_portal_restart(error, away):
    assert is_database_away(error) is away
