"""Servers of the bench's own, in a temporary folder: PostgreSQL, Valkey and the web server as in production."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.load import request_bytes
from tot_portal import processes
from tot_portal.embedded import EmbeddedPostgres, EmbeddedValkey, free_port

BASE = Path(__file__).resolve().parent.parent
HOST = "tot.bench.example"
OF_A_PROXY = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7", "Accept-Encoding": "gzip"}
READY_SECONDS = 60


@dataclass
class Web:
    """One web server that answers: its port and its main process."""

    port: int
    pid: int


class Servers:
    """Everything that a run starts; `stop` ends it and removes its folder."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tot-bench-", dir="/tmp"))
        self.folder.chmod(0o711)  # as root, PostgreSQL's own user must pass
        self.postgres = EmbeddedPostgres(self.folder / "postgres", self.folder / "socket")
        self.valkey = EmbeddedValkey(self.folder / "valkey")
        self.programs: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """The two servers, the environment of a production portal, and its empty database."""
        self.postgres.start()
        self.valkey.start()
        key = lambda: urlsafe_b64encode(secrets.token_bytes(32)).decode()  # noqa: E731
        for name in [name for name in os.environ if name.startswith(("TOT_", "DEMO_", "EMAIL_", "ALLOWED_"))]:
            del os.environ[name]
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tot_portal.settings", "SITE_URL": f"https://{HOST}", "TRUSTED_PROXIES": "1",
            "SECRET_KEY": secrets.token_urlsafe(60), "FIELD_KEYS": key(), "INDEX_KEY": key(),
            "DATABASE_URL": self.postgres.url, "REDIS_URL": self.valkey.url, "VAR_DIR": str(self.folder / "var"),
            "EMAIL_FROM": f"Portal TOT <no-reply@{HOST}>", "LOG_LEVEL": "ERROR",
        }  # fmt: skip
        (self.folder / "var" / "files").mkdir(parents=True)
        (self.folder / "var" / "static").mkdir()
        command = processes.with_this_python(processes.PREPARE)
        subprocess.run(command, cwd=BASE, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  (our own command)

    def web(self, application: str = "tot_portal.wsgi:application", path: str = "/healthz/live", **env: str) -> Web:
        """The production web server with this application, once it answers."""
        port = free_port()
        command = processes.with_this_python(processes.web([f"127.0.0.1:{port}"]))
        command[command.index("tot_portal.wsgi:application")] = application
        process = processes.spawn(command, log=self.folder / "web.log", env=os.environ | env, cwd=BASE)
        self.programs.append(process)
        self._wait_until_it_answers(process, port, path)
        return Web(port, process.pid)

    def worker(self, **env: str) -> int:
        """The production worker with this addition to its environment; its main process. It works once it is up."""
        command = processes.with_this_python(processes.WORKER)
        process = processes.spawn(command, log=self.folder / "worker.log", env=os.environ | env, cwd=BASE)
        self.programs.append(process)
        return process.pid

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes], port: int, path: str) -> None:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until and process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=5) as probe:
                    probe.sendall(request_bytes("GET", path, OF_A_PROXY))
                    if probe.recv(12):
                        return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"the web server does not answer:\n{(self.folder / 'web.log').read_text()[-2000:]}")

    def stop(self) -> None:
        """Web servers first, then what they use."""
        for process in self.programs:
            if process.poll() is None:
                process.terminate()
        for process in self.programs:
            try:
                process.wait(8)
            except subprocess.TimeoutExpired:
                processes.kill_group(process)
        self.valkey.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def own_servers() -> Iterator[Servers]:
    """Started, and ended whatever happens."""
    servers = Servers()
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
