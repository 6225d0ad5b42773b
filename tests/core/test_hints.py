"""A broker that is away costs one try per pause, and never an error."""

import pytest
from celery import Task
from kombu.exceptions import OperationalError

from core import hints
from core.tasks import run_job


@pytest.fixture
def broker(monkeypatch):
    """How often it was asked; it is away."""
    asked = []

    def refuse(self, *args, **options):
        asked.append(args)
        raise OperationalError("connection refused")

    monkeypatch.setattr(Task, "apply_async", refuse)
    hints.forget()
    yield asked
    hints.forget()


def test_all_tasks_are_hints():
    assert isinstance(run_job, hints.Hint)


def test_broker_that_is_away_is_asked_once_per_pause(broker, monkeypatch):
    for _hint in range(12):
        assert run_job.delay(1) is None
    assert len(broker) == 1

    later = hints.monotonic() + hints.PAUSE + 1
    monkeypatch.setattr(hints, "monotonic", lambda: later)
    run_job.delay(1)

    assert len(broker) == 2


def test_beat_hears_that_the_broker_is_away(broker):
    with pytest.raises(OperationalError):
        run_job.apply_async((1,), producer=object())
