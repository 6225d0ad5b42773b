"""Marks of what happens regularly: the last time, what was found, and never a fault of the work they stand beside."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from core import clock, ops
from core.models import OpsMark

pytestmark = pytest.mark.django_db


def test_mark_keeps_the_last_time_and_its_detail(monkeypatch):
    ops.mark("backup", size=1, to="a")
    later = clock.now() + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    ops.mark("backup", size=2)

    assert [(one.name, one.at, one.detail) for one in OpsMark.objects.all()] == [("backup", later, {"size": 2})]


def test_mark_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(3):  # with the savepoint around it
        ops.mark("beat")


def test_sweep_adds_up_and_remembers_when_it_found_something(monkeypatch):
    first = clock.now()
    for hours, found in enumerate([2, 3, 0]):
        moment = first + timedelta(hours=hours)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        ops.mark_sweep("sweep_outbox", found)

    one = ops.marks()["sweep_outbox"]
    assert one.at == first + timedelta(hours=2)
    assert one.detail == {"found": 0, "total": 5, "found_at": (first + timedelta(hours=1)).isoformat()}


@pytest.mark.parametrize("write", [lambda: ops.mark("beat"), lambda: ops.mark_sweep("sweep_outbox", 1)])
def test_refused_mark_leaves_the_work_alone(write, monkeypatch, caplog):
    def refuse(execute, sql, params, many, context):
        if "core_opsmark" in sql:
            raise DatabaseError("disk full")
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(refuse):
        write()

    assert OpsMark.objects.count() == 0  # and the transaction still answers
    assert "was not written: DatabaseError" in caplog.text


def test_all_marks_are_one_query(django_assert_num_queries):
    ops.mark("beat")
    ops.mark("backup")

    with django_assert_num_queries(1):
        assert set(ops.marks()) == {"beat", "backup"}
