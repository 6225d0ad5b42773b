"""Every background task is in the table of tasks; ids only, one call of a service, safe to run again."""

import ast
import inspect
from collections.abc import Iterable

import pytest
from django.conf import settings

from tests import documents
from tests.architecture.source import Module, portal
from tot_portal import task_table
from tot_portal.celery import app
from tot_portal.task_table import TASKS


def own_tasks() -> dict:
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if not name.startswith(("celery.", "tests."))}


def missing(tasks: Iterable[str]) -> set[str]:
    """Names in the code or in the table, but not in both."""
    return set(tasks) ^ set(TASKS)


def test_every_task_is_listed():
    assert missing(own_tasks()) == set()


def test_task_without_an_entry_is_found():
    assert missing([*own_tasks(), "batches.tasks.new_work"]) == {"batches.tasks.new_work"}


def test_table_is_in_order():
    assert list(TASKS) == sorted(TASKS)


def test_each_task_has_its_queue_and_its_limits():
    """As Celery itself sees them: the router's answer, the task's own attributes."""
    routed = {name: app.amqp.router.route({}, name)["queue"].name for name in TASKS}
    limited = {name: (task.soft_time_limit, task.time_limit) for name, task in own_tasks().items()}

    assert routed == {name: task.queue for name, task in TASKS.items()}
    assert limited == dict.fromkeys(TASKS, (task_table.SOFT_LIMIT, task_table.HARD_LIMIT))
    assert set(app.amqp.queues) == set(task_table.QUEUES)


def test_limits_leave_time_before_the_broker_gives_a_task_to_somebody_else():
    visible_again = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]

    assert task_table.SOFT_LIMIT < task_table.HARD_LIMIT <= visible_again / 2


def test_beat_starts_what_the_table_says():
    scheduled = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert scheduled == {name: task.every for name, task in TASKS.items() if task.every}


def test_tasks_page_agrees_with_the_table():
    rows = [
        (
            f"`{name}`", task.queue, f"beat, every {_time(task.every)}" if task.every else "an event, or its sweep",
            task.again,
        )
        for name, task in TASKS.items()
    ]  # fmt: skip
    head = ["Task", "Queue", "Started by", "Run again"]

    assert documents.agrees("tasks.md", documents.table(head, rows))


def _time(seconds: int) -> str:
    return f"{seconds} s" if seconds < 3600 else f"{seconds // 3600} h"


@pytest.mark.parametrize("name", sorted(TASKS))
def test_task_takes_ids_only(name):
    parameters = inspect.signature(own_tasks()[name].run).parameters.values()

    assert [p.name for p in parameters if not p.name.endswith("_id") or p.annotation not in (int, str)] == []


def long_tasks(modules: list[Module]) -> list[str]:
    return [
        f"{module.path}:{function.name}"
        for module in modules
        if module.role == "tasks"
        for function in module.all(ast.FunctionDef)
        if function.end_lineno - function.lineno >= 10
    ]


def test_tasks_are_short():
    assert long_tasks(portal()) == []


def test_long_task_is_found():
    body = "\n".join(f"    step_{number}()" for number in range(12))

    assert long_tasks([Module("batches/tasks.py", f"def work(batch_id):\n{body}")]) == ["batches/tasks.py:work"]
