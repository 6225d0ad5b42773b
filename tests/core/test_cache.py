"""The cache goes on counting while Redis is away, and a publisher does not wait for the broker."""

import os
import subprocess
import sys
import time

import pytest

from core import cache
from tot_portal import settings as production


@pytest.fixture(autouse=True)
def _redis_is_asked(monkeypatch):
    monkeypatch.setattr(cache, "_away_until", 0.0)


def make(url):
    made = cache.RedisOrMemoryCache(url, {"KEY_PREFIX": "test", "OPTIONS": {"socket_connect_timeout": 1}})
    made._memory.clear()
    return made


def exercise(made):
    made.delete_many(["a", "b"])
    return [
        made.add("a", 1, 60), made.add("a", 2, 60), made.get("a"), made.incr("a"), made.has_key("a"),
        made.set("b", [1], 60), made.get_many(["a", "b"]), made.touch("b", 60), made.set_many({"a": 3}),
        made.delete("b"), made.get("b", "none"),
    ]  # fmt: skip


ANSWERS = [True, False, 1, 2, True, None, {"a": 2, "b": [1]}, True, [], True, "none"]


def test_redis_answers_while_it_is_there():
    made = make(os.environ["REDIS_URL"])

    assert exercise(made) == ANSWERS
    assert made._memory.get("a") is None


def test_memory_answers_while_redis_is_away():
    assert exercise(make("redis://127.0.0.1:1/0")) == ANSWERS


def test_redis_is_asked_once_per_pause(monkeypatch):
    made = make("redis://127.0.0.1:1/0")
    made.get("a")
    waits = cache._away_until
    made.get("a")

    assert waits == cache._away_until > time.monotonic()


def test_publisher_does_not_wait_for_a_broker_that_is_away():
    """In a process of its own: Celery reads its settings once."""
    code = (
        "import django, time; django.setup()\n"
        "from notifications.tasks import deliver_email\n"
        "began = time.monotonic()\n"
        "print(deliver_email.delay(1), time.monotonic() - began < 2)\n"
    )
    env = os.environ | {"REDIS_URL": "redis://127.0.0.1:1/0"}

    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=60)

    assert done.stdout.split()[:2] == ["None", "True"]


def test_production_uses_this_cache():
    assert production.CACHES["default"]["BACKEND"] == "core.cache.RedisOrMemoryCache"
