"""`manage.py up`, started for real on a port and a folder of its own."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.tot_portal.processes_helper import alive, children_of, command_line, wait_until
from tot_portal.embedded import free_port

BASE = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "SITE_URL": "https://tot.example.org",
    "SECRET_KEY": "t3st-only-" + "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ",
    "FIELD_KEYS": "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY",
    "INDEX_KEY": "ZmVkY2JhWllYV1ZVVFNSUVBPTk1MS0pJSEdGRURDQkE",
    "EMAIL_FROM": "Portal TOT <no-reply@tot.example.org>",
}
DEMO = {"TOT_DEMO": "1"}
OWN = {*PRODUCTION, "TOT_DEMO", "VAR_DIR", "PORT", "DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}


class Started:
    """A running `manage.py up`, with its words so far."""

    def __init__(self, var, port, settings):
        self.var, self.port = var, port
        self.output = var.with_name(f"{var.name}.out")
        env = {name: value for name, value in os.environ.items() if name not in OWN}
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=BASE,
                env=env | settings | {"VAR_DIR": str(var), "PORT": str(port)},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def words(self):
        return self.output.read_text()

    def runs(self, seconds=60):
        wait_until(lambda: "The portal runs" in self.words or self.process.poll() is not None, seconds)
        assert "The portal runs" in self.words, self.words
        return self

    def get(self, path, host="tot.example.org", address="127.0.0.1"):
        connection = http.client.HTTPConnection(address, self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Host": host})
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()

    def pids(self, part=""):
        return [pid for pid in children_of(self.process.pid) if part in command_line(pid)]

    def ended(self, seconds=10.0):
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None


@contextmanager
def started(var, port=None, settings=PRODUCTION):
    portal = Started(var, port or free_port(), settings)
    try:
        yield portal
    finally:
        if portal.process.poll() is None:
            portal.process.terminate()
            portal.process.wait(15)


@pytest.fixture
def fresh():
    """A data folder that PostgreSQL's own user may pass."""
    folder = Path(tempfile.mkdtemp(prefix="tot-up-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder / "data of the portal"
    shutil.rmtree(folder)


def test_up_serves_mends_what_crashes_and_leaves_nothing_however_it_ends(fresh):
    with started(fresh) as portal:
        portal.runs()
        assert wait_until(lambda: portal.get("/healthz/ready") == 200)
        assert portal.words.count("http") == 1
        assert_all_programs_run(portal)
        assert_second_start_is_refused(portal)
        assert_crashed_parts_come_back(portal)

        pids = portal.pids()
        portal.process.send_signal(signal.SIGKILL)
        portal.process.wait()
        assert len(pids) > 10
        assert wait_until(lambda: not any(map(alive, pids)), seconds=10), [command_line(p) for p in pids if alive(p)]

    with started(fresh) as again:
        again.runs()
        assert wait_until(lambda: again.get("/healthz/ready") == 200)
        pids, began = again.pids(), time.monotonic()
        again.process.terminate()
        assert again.ended() == 0
        assert time.monotonic() - began < 10
        assert wait_until(lambda: not any(map(alive, pids)), seconds=1)


def assert_all_programs_run(portal):
    programs = " ".join(map(command_line, portal.pids()))
    for name in ("postgres", "valkey-server", "gunicorn", "celery -A tot_portal worker", "celery -A tot_portal beat"):
        assert name in programs
    assert "mail_sink" not in programs


def assert_second_start_is_refused(portal):
    with started(portal.var) as second:
        assert second.ended() == 1
        assert second.words.startswith("The portal runs already: https://tot.example.org")
        assert second.words.count("\n") == 1
    assert portal.get("/healthz/live") == 200


def assert_crashed_parts_come_back(portal):
    killed = [min(portal.pids(name)) for name in ("gunicorn", "tot_portal worker", "valkey-server")]
    killed.append(next(pid for pid in portal.pids("/postgres -D") if command_line(pid).startswith("/")))
    for pid in killed:
        os.kill(pid, signal.SIGKILL)

    assert wait_until(lambda: portal.words.count("starting it again") >= 4)
    assert wait_until(lambda: portal.get("/healthz/ready") == 200, seconds=30)
    assert wait_until(lambda: portal.pids("tot_portal worker"), seconds=10)
    assert not set(killed) & set(portal.pids())
    assert portal.process.poll() is None


def test_ctrl_c_during_the_start_leaves_nothing(fresh):
    with started(fresh) as portal:
        assert wait_until(lambda: " of " in portal.words)
        pids = portal.pids()

        portal.process.send_signal(signal.SIGINT)

        assert portal.ended() == 0
        assert wait_until(lambda: not any(map(alive, pids)), seconds=1)


def test_taken_port_is_refused_before_anything_is_made(fresh):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with started(fresh, taken.getsockname()[1]) as portal:
            assert portal.ended() == 1
            assert portal.words == (
                f"Port {portal.port} is taken by another program. Choose another: make run PORT=8001\n"
            )
            assert not (fresh / "postgres").exists()


@pytest.mark.parametrize("port", ["0", "65536", "web", "-1"])
def test_senseless_port_is_refused(fresh, port):
    with started(fresh, port) as portal:
        assert portal.ended() == 1
        assert portal.words == f"PORT must be a number between 1 and 65535, not '{port}'.\n"


def test_production_without_keys_is_refused_in_one_line(fresh):
    with started(fresh, settings={"SITE_URL": "https://tot.example.org", "SECRET_KEY": "x"}) as portal:
        assert portal.ended() == 1
        assert portal.words.startswith("Not set: FIELD_KEYS, INDEX_KEY, EMAIL_FROM (docs/settings.md)")
        assert portal.words.count("\n") == 1


def run_beside(var, *command):
    env = os.environ | {"VAR_DIR": str(var)}
    return subprocess.run([sys.executable, "manage.py", "up", "--beside", *command], cwd=BASE, env=env).returncode


@pytest.mark.long
def test_demo_starts_keeps_its_data_and_takes_mail(fresh):
    with started(fresh, settings=DEMO) as portal:
        portal.runs(seconds=400)
        assert f"http://localhost:{portal.port}" in portal.words
        assert "peserta, admin LSP, asesor senior, pimpinan, auditor" in portal.words
        assert portal.get("/", "localhost") == 200
        (sink,) = portal.pids("mail_sink")
        assert sink
        keys = (fresh / "secrets.env").read_text()
        assert run_beside(fresh, "backup") == 0
        assert list((fresh / "backups").iterdir())
    assert run_beside(fresh, "backup") == 1  # it does not run any more
    began = time.monotonic()
    with started(fresh, settings=DEMO) as again:
        again.runs()
        assert time.monotonic() - began < 20
        assert "changes to apply" not in again.words
        assert (fresh / "secrets.env").read_text() == keys
