"""Faults: each is put on at a moment when it hurts, and taken off again. What cannot be done here is skipped aloud."""

import os
import random
import resource
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager, suppress

from django.db import Error, connection

from tests.faults.history import History
from tests.faults.naive import EARLY, LATE
from tests.faults.stage import Stage, wait_until
from tot_portal.celery import app

NAIVE_AT_ONCE = 3  # people given to each control design before a kill
MOST_TASKS = 8  # that a worker may finish before it is killed
DAY, HOUR = 24 * 3600, 3600
BRIEF = 10  # seconds without a broker from which on a run is a long one
SMALL = 1000  # bytes that a file may have while the disk is full
SKIPPED = [
    "a full disk under PostgreSQL: needs a small file system of its own, which this harness does not mount",
    "the computer's own clock: needs its owner; the portal's clock in worker and beat is moved instead",
]


class Injector:
    """The faults of a run and what they met. `away`: seconds for which the broker stays away."""

    def __init__(self, stage: Stage, history: History, dice: random.Random, *, away: float) -> None:
        self.stage, self.history, self.dice, self.away = stage, history, dice, away
        self.spell = 2.0 if away > BRIEF else 1.0  # seconds that most faults last
        self.kills, self.hits, self.children_hit = 0, 0, 0
        self.given: Counter[str] = Counter()  # people, by control design
        self.put_on: Counter[str] = Counter()
        self.others: dict[str, Callable[[], None]] = {
            "child killed": self.kill_child, "beat killed": self.kill_beat, "two beats": self.two_beats,
            "web killed": self.kill_web, "worker stopped": self.stop_worker, "broker emptied": self.empty_broker,
            "broker restarted": self.restart_broker, "broker away": self.take_broker_away,
            "database restarted": self.restart_database, "connections cut": self.cut_connections,
            "smtp away": self.take_smtp_away, "smtp slow": lambda: self.spoil_smtp("slow"),
            "smtp busy": lambda: self.spoil_smtp("busy"), "smtp refusing": lambda: self.spoil_smtp("refusing"),
            "smtp deaf": lambda: self.spoil_smtp("deaf"), "smtp forgetful": lambda: self.spoil_smtp("forgetful"),
            "disk full": self.fill_disk, "clock a day ahead": lambda: self.move_clock(DAY),
            "clock an hour back": lambda: self.move_clock(-HOUR),
        }  # fmt: skip

    def put(self, name: str) -> None:
        """One fault; the acts that begin meanwhile know its name."""
        self.stage.look_after()
        self.put_on[name] += 1
        self.history.weather = name
        try:
            self.kill_worker() if name == WORKER_KILLED else self.others[name]()
        finally:
            self.history.weather = ""

    @property
    def hit_share(self) -> float:
        return self.hits / self.kills if self.kills else 0.0

    # --- processes

    def kill_worker(self) -> None:
        """SIGKILL to the worker and its children, 0 to 150 ms after one of them was seen at work.

        It lives until it has done a few tasks: one that never gets anything done meets only the first step of each.
        """
        self.give_to_naive()
        enough = self.stage.finished() + self.dice.randint(0, MOST_TASKS)
        wait_until(lambda: self.stage.finished() >= enough, 10)
        wait_until(self.stage.at_work, 20)
        time.sleep(self.dice.uniform(0, 0.15))
        wait_until(self.stage.at_work, 5)  # it may have run out of work meanwhile
        self.stage.stop("worker")
        self.kills += 1
        self.hits += bool(self.stage.at_work())
        self.stage.forget_marks()
        self.stage.start("worker")

    def kill_child(self) -> None:
        """Only one child: the worker lives, and has to give the task back itself."""
        if wait_until(self.stage.at_work, 10):
            time.sleep(self.dice.uniform(0, 0.05))
            at_work = self.stage.at_work() or [("", pid) for pid in self.stage.children("worker")]
            _task, pid = self.dice.choice(at_work)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            for mark in self.stage.marks.glob(f"*~{pid}"):
                self.children_hit += 1
                mark.unlink(missing_ok=True)

    def kill_beat(self) -> None:
        self.stage.stop("beat")
        time.sleep(self.dice.uniform(0.2, 1))
        self.stage.start("beat")

    def two_beats(self) -> None:
        self.stage.start("beat-2")
        time.sleep(2 * self.spell)
        self.stage.stop("beat-2")

    def kill_web(self) -> None:
        """While requests are on their way."""
        time.sleep(self.dice.uniform(0, 0.3))
        self.stage.stop("web")
        self.stage.start("web")
        wait_until(self.stage.web_answers, 20)

    def stop_worker(self) -> None:
        """SIGSTOP, and on again: long enough, now and then, for its claims to be taken back."""
        wait_until(self.stage.at_work, 5)
        self.stage.tell("worker", signal.SIGSTOP)
        time.sleep(self.dice.choice([1, 2, 9]) if self.away > BRIEF else 1)
        self.stage.tell("worker", signal.SIGCONT)

    # --- broker

    def empty_broker(self) -> None:
        wait_until(self.stage.at_work, 5)
        self.stage.redis().flushall()

    def restart_broker(self) -> None:
        self.stage.broker.process.terminate()
        self.stage.broker.process.wait(10)
        self.stage.broker_back()

    def take_broker_away(self) -> None:
        self.stage.broker_away()
        time.sleep(self.away)
        self.stage.broker_back()

    # --- database

    def restart_database(self) -> None:
        time.sleep(self.dice.uniform(0, 0.2))
        connection.close()
        self.stage.restart_postgres()

    def cut_connections(self) -> None:
        """Three times, so that each worker is met in the middle of something."""
        for _time in range(3):
            with suppress(Error), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            time.sleep(self.dice.uniform(0.1, 0.5))
        connection.close()

    # --- mail

    def take_smtp_away(self) -> None:
        self.stage.sink.close()
        time.sleep(self.spell)
        self.stage.sink.open()

    def spoil_smtp(self, mood: str) -> None:
        """Until a mail has met it, and a little longer."""
        before = self.stage.sink.met[mood]
        self.stage.sink.mood = mood
        wait_until(lambda: self.stage.sink.met[mood] > before, 5)
        time.sleep(self.spell / 2)
        self.stage.sink.mood = "well"

    # --- disk and clock

    def fill_disk(self) -> None:
        """No file that a worker's child writes may grow beyond a kilobyte; no certificate fits."""
        wait_until(self.stage.at_work, 5)
        with self.limited_files():
            time.sleep(self.spell)

    @contextmanager
    def limited_files(self):
        children = self.stage.children("worker")
        for pid in children:
            self.limit(pid, SMALL)
        yield
        for pid in children:
            self.limit(pid, resource.RLIM_INFINITY)

    def limit(self, pid: int, size: int) -> None:
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def move_clock(self, seconds: int) -> None:
        """Worker and beat believe it."""
        self.stage.clock.write_text(str(seconds))
        time.sleep(self.spell)
        self.stage.clock.unlink()

    # --- control

    def give_to_naive(self) -> None:
        with suppress(OSError), app.connection_for_write(self.stage.broker.url) as line:
            for design in (EARLY, LATE):
                for _number in range(NAIVE_AT_ONCE):
                    app.send_task(design, [self.given[design]], connection=line)
                    self.given[design] += 1


WORKER_KILLED = "worker killed"
