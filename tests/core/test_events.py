"""Announcing: after the commit only, ids only, listeners isolated."""

import pytest
from django.db import transaction
from django.dispatch import Signal

from core.events import announce
from core.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """A signal and what its listener got."""
    signal, calls = Signal(), []

    def listen(**payload):
        calls.append({name: value for name, value in payload.items() if name.endswith("_id")})

    signal.connect(listen, weak=False)
    return signal, calls


def test_announce_waits_for_the_commit(heard, django_capture_on_commit_callbacks):
    signal, calls = heard

    with django_capture_on_commit_callbacks(execute=True):
        announce(signal, sender=Job, job_id=7)
        assert calls == []

    assert calls == [{"job_id": 7}]


@pytest.mark.django_db(transaction=True)
def test_announce_is_silent_after_a_rollback(heard):
    signal, calls = heard

    with transaction.atomic():
        announce(signal, sender=Job, job_id=7)
        transaction.set_rollback(True)

    assert calls == []


@pytest.mark.django_db(transaction=True)
def test_failing_listener_is_logged_and_stops_nobody(caplog):
    signal, calls = Signal(), []

    def fail(**payload):
        raise RuntimeError("the broker is away")

    def listen(job_id, **payload):
        calls.append(job_id)

    signal.connect(fail)
    signal.connect(listen)
    with transaction.atomic():
        announce(signal, sender=Job, job_id=7)

    assert calls == [7]
    assert [record.levelname for record in caplog.records if record.name == "django.dispatch"] == ["ERROR"]


@pytest.mark.parametrize("value", [Job(), None, 1.5, ["1"]])
def test_announce_refuses_what_is_no_id(heard, value):
    with pytest.raises(TypeError, match="job"):
        announce(heard[0], sender=Job, job=value)
