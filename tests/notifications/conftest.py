"""A kind of mail of the tests' own, and mail servers that refuse."""

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.utils.translation import gettext as _

from notifications import registry, services
from notifications.registry import Message


@pytest.fixture
def own_kinds(monkeypatch):
    """Kinds that the test registers are forgotten with it."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))


@pytest.fixture
def greeting(own_kinds):
    """Registers tests.greeting; add an id to what this returns, and the cause of its mails is gone."""
    gone = set()

    def write(params, language):
        if params["thing_id"] in gone:
            return None
        return Message(f"Salam {params['thing_id']} {language}", _("Bahasa Indonesia"), "<p>Salam</p>")

    registry.register("tests.greeting", write, title="Salam")
    return gone


@pytest.fixture
def owe(greeting):
    """owe(user, **ids) owes a greeting."""

    def owe_greeting(to, **ids):
        return services.queue_email("tests.greeting", to=to, **{"thing_id": 7} | ids)

    return owe_greeting


@pytest.fixture
def deliver():
    """deliver() owes a mail with its text and tries once to send it."""

    def deliver_ready():
        message = Message("Salam", "Isi surat", "<p>Isi surat</p>")
        email = services.queue_ready_email("tests.ready", "siti@contoh.test", message, recipient=None)
        services.deliver_email(email.pk)
        email.refresh_from_db()
        return email

    return deliver_ready


@pytest.fixture
def break_smtp(monkeypatch):
    """break_smtp(error): from now on each dialogue ends so; break_smtp(None): the server works again."""
    backend, error = "django.core.mail.backends.locmem.EmailBackend.send_messages", [None]
    real = EmailBackend.send_messages

    def send(self, messages):
        if error[0] is not None:
            raise error[0]
        return real(self, messages)

    monkeypatch.setattr(backend, send)

    def break_with(what):
        error[0] = what

    return break_with
