"""Keeping several programs running as one, with small programs in their place."""

import signal
import sys
import time

import pytest

from tests.tot_portal.processes_helper import alive, children_of, wait_until
from tot_portal import supervisor as module
from tot_portal.processes import spawn
from tot_portal.supervisor import GaveUp, Part, Supervisor

SLEEPS = "import time; time.sleep(60)"
FAILS = "print('no such table'); raise SystemExit(3)"
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""
PARENT = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
time.sleep(60)
"""
TELLS_ITS_END = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(print(time.time())))
print("on", flush=True)
time.sleep(60)
"""


@pytest.fixture
def lines():
    return []


@pytest.fixture
def supervisor(lines):
    supervisor = Supervisor(lines.append)
    yield supervisor
    supervisor.stop()


@pytest.fixture
def part(tmp_path):
    def make(program, name="web", **options):
        log = tmp_path / f"{name}.log"
        return Part(name, lambda: spawn([sys.executable, "-c", program], log=log), log, **options)

    return make


def check_until(supervisor, condition):
    def look():
        supervisor.check()
        return condition()

    return wait_until(look)


def test_crashed_part_is_started_again(supervisor, part, lines):
    web = part(SLEEPS)
    supervisor.start(web)
    first = web.process.pid
    web.process.send_signal(signal.SIGKILL)

    assert check_until(supervisor, lambda: web.process.pid != first)
    assert alive(web.process.pid)
    assert lines == [f"web ended with signal 9; starting it again in 0.5 s (log: {web.log})"]


def test_part_that_always_fails_ends_everything_with_its_last_words(supervisor, part, monkeypatch):
    monkeypatch.setattr(module, "FIRST_DELAY", 0.01)
    supervisor.start(part(FAILS, "worker"))

    with pytest.raises(GaveUp, match=r"(?s)^worker ended 5 times in a row \(last with exit code 3\).*no such table"):
        check_until(supervisor, lambda: False)


def test_part_that_is_not_needed_is_tried_again_for_ever(supervisor, part, lines, monkeypatch):
    monkeypatch.setattr(module, "FIRST_DELAY", 0.01)
    monkeypatch.setattr(module, "LAST_DELAY", 0.02)
    sink = part(FAILS, "mail sink", needed=False)
    supervisor.start(sink)

    assert check_until(supervisor, lambda: sink.failures > module.QUICK_FAILURES)
    assert lines[-1] == f"mail sink ended again; going on without it, with a try every 0.02 s (log: {sink.log})"
    assert len(lines) == module.QUICK_FAILURES


def test_failure_after_a_good_while_counts_anew(supervisor, part, monkeypatch):
    monkeypatch.setattr(module, "QUICK_SECONDS", 0)
    web = part(SLEEPS)
    web.failures = 4
    supervisor.start(web)
    web.process.send_signal(signal.SIGKILL)

    assert check_until(supervisor, lambda: web.due is not None)
    assert web.failures == 1


def test_stop_ends_children_of_children(supervisor, part):
    web = part(PARENT)
    supervisor.start(web)
    assert wait_until(lambda: children_of(web.process.pid))
    pids = [web.process.pid, *children_of(web.process.pid)]

    supervisor.stop()

    assert wait_until(lambda: not any(map(alive, pids)), seconds=1)


def test_stop_kills_a_part_that_does_not_listen(supervisor, part, monkeypatch):
    monkeypatch.setattr(module, "STOP_SECONDS", {"program": 0.3, "server": 0.3})
    web = part(STUBBORN)
    supervisor.start(web)
    assert wait_until(lambda: "deaf" in web.log.read_text())

    began = time.monotonic()
    supervisor.stop()

    assert time.monotonic() - began < 2
    assert not alive(web.process.pid)


def test_servers_outlive_the_programs_that_use_them(supervisor, part):
    server, web = part(TELLS_ITS_END, "server", kind="server"), part(TELLS_ITS_END, "web")
    for one in (server, web):
        supervisor.start(one)
        assert wait_until(lambda one=one: "on" in one.log.read_text())

    supervisor.stop()

    assert float(web.log.read_text().split()[1]) < float(server.log.read_text().split()[1])


def test_promised_ten_seconds_hold():
    assert sum(module.STOP_SECONDS.values()) < 9
