"""Faults: each is put on at a moment when it hurts, and taken off again. What cannot be done here is skipped aloud.

A fault counts as met only when it hit work: a task was running, a mail felt the mood, the broker was asked while it
was away. Each method below puts one on and returns whether it did; `Injector.met` beside `put_on` is the proof.
"""

import os
import random
import resource
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager, suppress

from django.db import Error, connection

from certificates.models import Certificate
from notifications.models import EmailEvent
from tests.faults.history import History
from tests.faults.naive import EARLY, LATE
from tests.faults.stage import Stage
from tests.tot_portal.processes_helper import alive, wait_until
from tot_portal.celery import app
from tot_portal.task_table import TASKS

WORKER_KILLED = "worker killed"
NAIVE_AT_ONCE = 3  # people given to each control design before a kill
MOST_TASKS = 8  # that a worker may finish before it is killed
DAY, HOUR = 24 * 3600, 3600
BRIEF = 10  # seconds without a broker from which on a run is a long one
SMALL = 1000  # bytes that a file may have while the disk is full
HANGING = 7  # seconds for which the broker is stopped: whoever asks it gives up after 5
PATIENCE = 10  # seconds for which a fault waits for work, or stays until it has met some
OFTEN = 0.1  # seconds between two looks at the database
UNHURT = {"ConnectionRefusedError", "TimeoutError"}  # how a request breaks that no web server was working on
SKIPPED = [
    "a full disk under PostgreSQL: needs a small file system of its own, which this harness does not mount",
    "the computer's own clock: needs its owner; the portal's clock in worker and beat is moved instead",
]


class Injector:
    """The faults of a run and what they met. `away`: seconds for which the broker stays away."""

    def __init__(self, stage: Stage, history: History, dice: random.Random, *, away: float) -> None:
        self.stage, self.history, self.dice, self.away = stage, history, dice, away
        self.spell = 2.0 if away > BRIEF else 1.0  # seconds that most faults last
        self.given: Counter[str] = Counter()  # people, by control design
        self.put_on: Counter[str] = Counter()
        self.met: Counter[str] = Counter()  # of those, how many hit work
        self.others: dict[str, Callable[[], bool]] = {
            "child killed": self.kill_child, "beat killed": self.kill_beat, "two beats": self.two_beats,
            "web killed": self.kill_web, "worker stopped": self.stop_worker, "broker emptied": self.empty_broker,
            "broker restarted": self.restart_broker, "broker away": self.take_broker_away,
            "broker stopped": self.stop_broker, "database restarted": self.restart_database,
            "connections cut": self.cut_connections, "smtp away": self.take_smtp_away,
            **{f"smtp {mood}": lambda mood=mood: self.spoil_smtp(mood)
               for mood in ("slow", "busy", "refusing", "deaf", "forgetful")},
            "disk full": self.fill_disk, "clock a day ahead": lambda: self.move_clock(DAY),
            "clock an hour back": lambda: self.move_clock(-HOUR),
        }  # fmt: skip

    def put(self, name: str) -> None:
        """One fault; the acts that begin meanwhile know its name."""
        self.stage.look_after()
        self.put_on[name] += 1
        self.history.weather = name
        try:
            self.met[name] += self.kill_worker() if name == WORKER_KILLED else self.others[name]()
        finally:
            self.history.weather = ""

    @property
    def kills(self) -> int:
        return self.put_on[WORKER_KILLED]

    @property
    def hit_share(self) -> float:
        return self.met[WORKER_KILLED] / self.kills if self.kills else 0.0

    # --- processes

    def kill_worker(self) -> bool:
        """SIGKILL to the worker and its children, 0 to 150 ms after one of them was seen at work.

        It lives until it has done a few tasks: one that never gets anything done meets only the first step of each.
        """
        enough = self.stage.finished() + self.dice.randint(0, MOST_TASKS)
        wait_until(lambda: self.stage.finished() >= enough, PATIENCE)
        self.give_to_naive()
        wait_until(self.stage.at_work, 2 * PATIENCE)
        time.sleep(self.dice.uniform(0, 0.15))
        wait_until(self.stage.at_work, 5)  # it may have run out of work meanwhile
        self.stage.stop("worker")
        was_at_work = bool(self.stage.at_work())
        self.stage.forget_marks()
        self.stage.start("worker")
        return was_at_work

    def kill_child(self) -> bool:
        """Only one child, in mid-task: the worker lives, and has to give the task back itself."""
        wait_until(self.stage.at_work, PATIENCE)
        time.sleep(self.dice.uniform(0, 0.05))
        at_work = self.stage.at_work() or [("", pid) for pid in self.stage.children("worker")]
        _task, pid = self.dice.choice(at_work)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not alive(pid), 5)
        left = list(self.stage.marks.glob(f"*~{pid}"))  # a task that ends takes its mark away
        for mark in left:
            mark.unlink(missing_ok=True)
        return bool(left)

    def kill_beat(self) -> bool:
        """While it calls its sweeps."""
        pid, since = self.stage.running["beat"], self.stage.calls.stat().st_size
        has_called = wait_until(lambda: self.sweeps_of(pid, since), PATIENCE)
        self.stage.stop("beat")
        time.sleep(self.dice.uniform(0.2, 1))
        self.stage.start("beat")
        return has_called

    def two_beats(self) -> bool:
        """Until both have called the same sweep."""
        since = self.stage.calls.stat().st_size
        self.stage.start("beat-2")
        pids = self.stage.running["beat"], self.stage.running["beat-2"]
        is_doubled = wait_until(lambda: set.intersection(*(self.sweeps_of(pid, since) for pid in pids)), PATIENCE)
        time.sleep(self.spell / 2)
        self.stage.stop("beat-2")
        return is_doubled

    def sweeps_of(self, beat: int, since: int) -> set[str]:
        return {task for task, asker in self.stage.called(since) if asker == beat}

    def kill_web(self) -> bool:
        """While requests are on their way."""
        time.sleep(self.dice.uniform(0, 0.3))
        wait_until(self.history.under_way, PATIENCE, every=0.001)
        under_way = self.history.under_way()
        self.stage.stop("web")
        self.stage.start("web")
        wait_until(self.stage.web_answers, 20)
        return any(act.said.get("broke", UNHURT) not in UNHURT for act in under_way)

    def stop_worker(self) -> bool:
        """SIGSTOP, and on again: long enough, now and then, for its claims to be taken back."""
        wait_until(self.stage.at_work, PATIENCE)
        self.stage.tell("worker", signal.SIGSTOP)
        was_at_work = bool(self.stage.at_work())
        time.sleep(self.dice.choice([1, 2, 9]) if self.away > BRIEF else 1)
        self.stage.tell("worker", signal.SIGCONT)
        return was_at_work

    # --- broker

    def empty_broker(self) -> bool:
        held = wait_until(self.stage.held_by_broker, PATIENCE)
        self.stage.redis().flushall()
        return held

    def restart_broker(self) -> bool:
        held = wait_until(self.stage.held_by_broker, PATIENCE)
        self.stage.broker.process.terminate()
        self.stage.broker.process.wait(10)
        self.stage.broker_back()
        return held

    def take_broker_away(self) -> bool:
        """Whoever asks is refused at once."""
        self.stage.broker_away()
        was_asked = self.wait_for_hint()
        time.sleep(self.away)
        self.stage.broker_back()
        return was_asked

    def stop_broker(self) -> bool:
        """SIGSTOP: whoever asks is let in and waits for an answer."""
        self.stage.broker.process.send_signal(signal.SIGSTOP)
        try:
            was_asked = self.wait_for_hint()
            time.sleep(HANGING)
        finally:
            self.stage.broker.process.send_signal(signal.SIGCONT)
        waiting = self.history.under_way()  # they belong to this fault, however long they take
        wait_until(lambda: all(act.answer for act in waiting), PATIENCE)
        return was_asked

    def wait_for_hint(self) -> bool:
        """True when the web server turns to the broker, which costs somebody's request the time that it takes."""
        before = self.stage.hints.stat().st_size
        return wait_until(lambda: self.stage.hints.stat().st_size > before, PATIENCE)

    # --- database

    def restart_database(self) -> bool:
        time.sleep(self.dice.uniform(0, 0.2))
        was_busy = wait_until(self.busy_connections, PATIENCE)
        self.stage.restart_postgres()
        connection.close()
        return was_busy

    def cut_connections(self) -> bool:
        """Three times, so that each worker is met in the middle of something."""
        busy = 0
        for _time in range(3):
            wait_until(self.busy_connections, 1)
            with suppress(Error), connection.cursor() as cursor:
                cursor.execute(f"SELECT state, pg_terminate_backend(pid) {OTHER_CONNECTIONS}")
                busy += sum(state != "idle" for state, _ended in cursor.fetchall())
            time.sleep(self.dice.uniform(0.1, 0.5))
        connection.close()
        return busy > 0

    def busy_connections(self) -> int:
        """Connections in the middle of a statement or a transaction."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) {OTHER_CONNECTIONS} AND state <> 'idle'")
            return cursor.fetchone()[0]

    # --- mail

    def take_smtp_away(self) -> bool:
        """Until a mail was not taken, and a little longer."""
        refused = EmailEvent.objects.filter(reason__startswith="no_connection")
        before = refused.count()
        self.stage.sink.close()
        has_met = wait_until(lambda: refused.count() > before, PATIENCE, every=OFTEN)
        time.sleep(self.spell)
        self.stage.sink.open()
        return has_met

    def spoil_smtp(self, mood: str) -> bool:
        """Until a mail has met it, and a little longer."""
        sink = self.stage.sink
        before, sink.mood = sink.met[mood], mood
        has_met = wait_until(lambda: sink.met[mood] > before, PATIENCE)
        time.sleep(self.spell / 2)
        sink.mood = "well"
        return has_met

    # --- disk and clock

    def fill_disk(self) -> bool:
        """No file that a worker's child writes may grow beyond a kilobyte; no certificate fits."""
        wait_until(self.stage.at_work, PATIENCE)
        before = self.unwritten()
        with self.limited_files():
            has_met = wait_until(lambda: self.unwritten() - before, PATIENCE, every=OFTEN)
            time.sleep(self.spell / 2)
        return has_met

    def unwritten(self) -> set[tuple[int, int]]:
        """Certificates that did not fit on the disk, with the count of their tries."""
        failed = Certificate.objects.unrendered().filter(render_error__contains="File too large")
        return set(failed.values_list("pk", "render_attempts"))

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

    def move_clock(self, seconds: int) -> bool:
        """Worker and beat believe it, until something was done by it that is more than a look for work."""
        since = self.stage.calls.stat().st_size
        self.stage.clock.write_text(str(seconds))
        has_met = wait_until(lambda: any(is_work(task) for task, _asker in self.stage.called(since)), PATIENCE)
        time.sleep(self.spell)
        self.stage.clock.unlink()
        return has_met

    # --- control

    def give_to_naive(self) -> None:
        with suppress(OSError), app.connection_for_write(self.stage.broker.url) as line:
            for design in (EARLY, LATE):
                for _number in range(NAIVE_AT_ONCE):
                    app.send_task(design, [self.given[design]], connection=line)
                    self.given[design] += 1


OTHER_CONNECTIONS = (
    "FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' "
    "AND pid <> pg_backend_pid()"
)


def is_work(task: str) -> bool:
    """Of the portal's, and asked for by an act."""
    return task in TASKS and TASKS[task].every is None
