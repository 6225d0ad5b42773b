"""Every background task with how it starts; ids only, one call of a service, safe to run again."""

import ast
import inspect

import pytest
from django.conf import settings

from tests.architecture.source import Module, portal
from tot_portal.celery import app

EVENT, BEAT = "a receiver starts it", "beat starts it"
TASKS = {  # a new task belongs here; tests/<app>/test_tasks.py runs it twice
    "assessments.tasks.follow_sessions": BEAT,
    "certificates.tasks.render_certificate": EVENT,
    "certificates.tasks.sweep_certificates": BEAT,
    "batches.tasks.tell_schedule_changes": BEAT,
    "core.tasks.run_job": EVENT,
    "core.tasks.sweep_jobs": BEAT,
    "core.tasks.sweep_orphan_files": BEAT,
    "notifications.tasks.deliver_email": EVENT,
    "notifications.tasks.sweep_outbox": BEAT,
    "participants.tasks.purge_old_drafts": BEAT,
    "participants.tasks.sweep_seats": BEAT,
    "participants.tasks.tell_schedule_changes": BEAT,
}


def own_tasks() -> dict:
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}


def test_every_task_is_listed():
    assert set(own_tasks()) == set(TASKS)


def test_beat_starts_what_the_list_says():
    scheduled = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]

    assert sorted(scheduled) == sorted(name for name, start in TASKS.items() if start == BEAT)


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
