"""The stage: PostgreSQL, broker, mail server, web, worker and clock of the run's own, on private places in one folder.

It starts and ends its own processes only, by their numbers. The database is as durable as in production, so that
"acknowledged" means something when it is killed.
"""

import http.client
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from base64 import urlsafe_b64encode
from contextlib import suppress
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.faults.sink import Sink
from tests.tot_portal.processes_helper import alive, wait_until
from tot_portal.embedded import EmbeddedPostgres, EmbeddedValkey, free_port, last_lines
from tot_portal.processes import die_with_parent, kill_group
from tot_portal.task_table import QUEUES

BASE = Path(__file__).resolve().parent.parent.parent
HOST = "tot.contoh.test"
PROGRAMS = ("worker", "beat", "web")
CSRF = "b" * 32
REFERER = f"https://{HOST}/"  # a refused act leads back there


class Stage:
    """Everything that can be hit."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tot-faults-", dir="/tmp"))
        self.folder.chmod(0o711)  # as root, PostgreSQL's own user must pass
        self.marks, self.clock, self.dots = self.folder / "marks", self.folder / "clock", self.folder / "finished"
        self.calls, self.hints = self.folder / "calls", self.folder / "hints"
        self.postgres = EmbeddedPostgres(self.folder / "postgres", self.folder / "socket")
        self.broker = EmbeddedValkey(self.folder / "valkey")
        self.sink = Sink(self.folder)
        self.web_port = free_port()
        self.nursery: subprocess.Popen[bytes] | None = None
        self.running: dict[str, int] = {}
        self.ended_alone: list[str] = []

    def open(self) -> None:
        """Servers, then the environment of a production portal on them. Django may be set up after this."""
        self.marks.mkdir()
        for file in (self.dots, self.calls, self.hints):
            file.touch()
        (self.folder / "var" / "static").mkdir(parents=True)
        (self.folder / "var" / "files").mkdir()
        self.postgres.start()
        self.broker.start()
        self.sink.open()
        for name in re.findall(r'env\.[a-z]+\("([A-Z_]+)"', (BASE / "tot_portal" / "settings.py").read_text()):
            os.environ.pop(name, None)  # nothing of an installation of the caller's
        key = lambda: urlsafe_b64encode(secrets.token_bytes(32)).decode()  # noqa: E731
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings", "SITE_URL": f"https://{HOST}", "TRUSTED_PROXIES": "1",
            "SECRET_KEY": secrets.token_urlsafe(60), "FIELD_KEYS": key(), "INDEX_KEY": key(),
            "DATABASE_URL": self.postgres.url, "REDIS_URL": self.broker.url, "VAR_DIR": str(self.folder / "var"),
            "EMAIL_FROM": f"Portal TOT <no-reply@{HOST}>", "LOG_LEVEL": "ERROR", "WORKER_CONCURRENCY": "4",
            "SINK_PORT": str(self.sink.port), "MARKS_DIR": str(self.marks), "CLOCK_FILE": str(self.clock),
            "FINISHED_FILE": str(self.dots), "CALLS_FILE": str(self.calls), "HINTS_FILE": str(self.hints),
            "WEB_PORT": str(self.web_port),
        }  # fmt: skip

    def close(self, *, keep: bool = False) -> None:
        """Programs first, then what they use; the folder goes too, unless somebody wants to read its logs."""
        self.stop(*PROGRAMS)
        if self.nursery:
            kill_group(self.nursery)
        self.sink.close()
        self.broker.stop()
        self.postgres.stop()
        if keep:
            sys.stderr.write(f"left in {self.folder}\n")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    # --- programs

    def open_nursery(self) -> None:
        """Needs the database, but not its tables."""
        read, write = os.pipe()
        log = (self.folder / "nursery.log").open("ab")
        self.nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"], cwd=BASE, stdin=subprocess.PIPE, stdout=write, stderr=log,
            start_new_session=True, preexec_fn=die_with_parent(signal.SIGKILL),
        )  # fmt: skip
        os.close(write)
        self.answers = os.fdopen(read)

    def wait_for_nursery(self) -> None:
        if self.answers.readline().strip() != "ready":
            raise RuntimeError(f"the nursery did not open:\n{last_lines(self.folder / 'nursery.log', 40)}")

    def start(self, *names: str) -> None:
        for name in names:
            self.nursery.stdin.write(f"{name} {self.log_of(name)}\n".encode())
            self.nursery.stdin.flush()
            self.running[name] = int(self.answers.readline())

    def stop(self, *names: str) -> None:
        """SIGKILL to the whole group of each: the program and what it has forked."""
        for name in names:
            group = [pid for pid in (self.running.get(name), *self.children(name)) if pid]
            if pid := self.running.pop(name, 0):
                with suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
            wait_until(lambda group=group: not any(map(alive, group)), 5)

    def tell(self, name: str, number: int) -> None:
        os.killpg(self.running[name], number)

    def look_after(self) -> None:
        """Starts again what has ended by itself, as the operator's service manager does, and remembers that it had."""
        for name, pid in list(self.running.items()):
            if not alive(pid):
                self.ended_alone.append(name)
                with self.log_of(name).open("a") as log:
                    log.write(f"--- {time.strftime('%X')}: it had ended by itself\n")
                self.start(name)

    def log_of(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def children(self, name: str) -> list[int]:
        """The processes that a program has forked."""
        with suppress(OSError, KeyError):
            pid = self.running[name]
            return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return []

    # --- what workers are at

    def at_work(self) -> list[tuple[str, int]]:
        """(task, process) of the portal's tasks that run now; the naive ones do not count."""
        marks = [mark.name.split("~") for mark in self.marks.iterdir()]
        return [(name, int(pid)) for name, _task, pid in marks if not name.startswith("tests.")]

    def finished(self) -> int:
        """How many of the portal's tasks have come to their end so far."""
        return self.dots.stat().st_size

    def called(self, since: int) -> list[tuple[str, int]]:
        """(task, process that asked for it) of all tasks that began after the file of calls had that size."""
        with self.calls.open("rb") as file:
            file.seek(since)
            lines = file.read().decode().splitlines(keepends=True)
        return [(line.split()[0], int(line.split()[1])) for line in lines if line.endswith("\n")]

    def forget_marks(self) -> None:
        for mark in self.marks.iterdir():
            mark.unlink(missing_ok=True)

    # --- servers

    def restart_postgres(self) -> None:
        """As `pg_ctl -m immediate`: every connection is cut in the middle of what it does."""
        self.postgres.process.send_signal(signal.SIGQUIT)
        self.postgres.process.wait(20)
        self.postgres.start()

    def redis(self) -> Redis:
        return Redis.from_url(self.broker.url, socket_timeout=5)

    def held_by_broker(self) -> int:
        """Messages that wait there, or that a worker has not confirmed."""
        redis = self.redis()
        return sum(map(redis.llen, QUEUES)) + redis.hlen("unacked")

    def broker_away(self) -> None:
        """SHUTDOWN NOSAVE: it ends without writing anything."""
        with suppress(RedisError):
            self.redis().shutdown(nosave=True)
        self.broker.process.wait(10)

    def broker_back(self) -> None:
        """At the same address."""
        self.broker.launch()
        if not wait_until(self.broker_answers, 20):
            raise RuntimeError(f"the broker did not come back:\n{last_lines(self.broker.log)}")

    def broker_answers(self) -> bool:
        try:
            return bool(self.redis().ping())
        except (RedisError, OSError):
            return False

    # --- as a browser

    def web_answers(self) -> bool:
        try:
            return self.ask("GET", "/healthz/live", timeout=2)[0] == 200
        except OSError:
            return False

    def ask(
        self, method: str, path: str, *, cookies: str = "", body: bytes = b"", kind: str = "", timeout: float = 15
    ) -> tuple[int, str, bytes]:
        """(status, address of a redirect, body) of one request on a connection of its own. OSError when it breaks."""
        headers = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7", "Cookie": cookies}
        if method == "POST":
            headers |= {"X-CSRFToken": CSRF, "Origin": f"https://{HOST}", "Referer": REFERER, "Content-Type": kind}
        connection = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=timeout)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location", ""), answer.read()
        except http.client.HTTPException as error:  # the server ended in the middle of its answer
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
