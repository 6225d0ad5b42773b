"""pytest plugin: the tests' own PostgreSQL and Valkey, in a temporary folder, on private places.

With TEST_DATABASE_URL (and TEST_REDIS_URL) set, those servers are used instead. The workers of xdist inherit
what the first process has started. Nothing here touches the data of `make run`.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

os.environ["DJANGO_SETTINGS_MODULE"] = "tot_portal.settings_test"  # before tot_portal.celery names the real ones

from tot_portal.embedded import EmbeddedPostgres, EmbeddedValkey

BROWSERS = ("chromium", "chromium-headless-shell", "google-chrome", "chrome")
servers = ExitStack()
atexit.register(servers.close)  # when pytest does not come as far as pytest_unconfigure


@contextmanager
def private_servers() -> Iterator[dict[str, str]]:
    """Fast servers of our own; yields the environment that names them."""
    folder = Path(tempfile.mkdtemp(prefix="tot-", dir="/tmp"))
    folder.chmod(0o711)  # as root, PostgreSQL's own user must pass
    postgres = EmbeddedPostgres(folder / "postgres", folder / "socket", fast=True)
    valkey = EmbeddedValkey(folder / "valkey", fast=True)
    try:
        postgres.start()
        valkey.start()
        yield {"TEST_DATABASE_URL": postgres.url, "TEST_REDIS_URL": valkey.url, "TEST_VAR_DIR": str(folder / "var")}
    finally:
        valkey.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config):
    """Before pytest-django reads the settings, which want to know the servers."""
    given = {name: os.environ[name] for name in ("TEST_DATABASE_URL", "TEST_REDIS_URL") if name in os.environ}
    if len(given) < 2:
        os.environ |= servers.enter_context(private_servers()) | given
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
    # Each worker of xdist has a database number and a folder of its own: gw0 has 1, gw1 has 2.
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")) + 1
    os.environ["REDIS_URL"] = f"{os.environ['TEST_REDIS_URL'].rpartition('/')[0]}/{number}"
    os.environ["VAR_DIR"] = f"{os.environ.get('TEST_VAR_DIR') or tempfile.mkdtemp(prefix='tot-test-')}/{number}"
    return (yield)


def pytest_unconfigure(config):
    servers.close()


def find_browser() -> str | None:
    """The Chromium that the browser tests drive: CHROMIUM, or the first one installed."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_collection_modifyitems(items):
    if find_browser() is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))
