"""A worker's children say now and then that they work."""

from types import SimpleNamespace

import pytest

from core.ops import WORKER, marks
from tot_portal import celery

pytestmark = pytest.mark.django_db


def test_worker_notes_its_work_not_more_often_than_needed(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(celery, "_noted_at", -1e9)
    task = SimpleNamespace(request=SimpleNamespace(hostname="celery@" + "satu." * 20))

    celery.note_work(task=task)

    (name,) = marks()
    assert name.startswith(f"{WORKER}celery@satu.")
    with django_assert_num_queries(0):
        celery.note_work(task=task)
