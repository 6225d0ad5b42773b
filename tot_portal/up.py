"""`manage.py up`: the whole portal in one command, and one address.

Servers (unless DATABASE_URL and REDIS_URL name others), the database's preparation, then mail sink (demo), web,
worker and beat until Ctrl-C. It runs before Django is set up, because it makes what the settings ask for.
"""

import errno
import os
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from types import FrameType

from tot_portal import healthcheck, processes
from tot_portal.data_folder import (
    Refused,
    cluster_folder,
    demo_secrets,
    forget_environment,
    keep_environment,
    kept_environment,
    open_var,
    remove_tree,
    reset,
    take_lock,
)
from tot_portal.embedded import EmbeddedPostgres, EmbeddedServerError, EmbeddedValkey, free_port
from tot_portal.supervisor import GaveUp, Part, Supervisor

BASE_DIR = Path(__file__).resolve().parent.parent
LOG_BYTES = 5_000_000
WEB_SECONDS = 60
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
NEEDED = ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "EMAIL_FROM")
ROLES = "peserta, admin LSP, asesor senior, pimpinan, auditor"


class Stopped(BaseException):
    """Ctrl-C or a request to end, raised wherever the main thread is."""


def main(arguments: Sequence[str]) -> int:
    """Run until stopped; 0 after a wanted stop, 1 with a sentence otherwise."""
    portal = None
    try:
        for number in ENDS:
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
                signal.signal(number, _stop)
        if list(arguments) == ["--reset"]:
            reset(say)
            return 0
        if list(arguments[:1]) == ["--beside"]:
            return run_beside(arguments[1:])
        portal = Portal()
        portal.run()
    except Stopped:
        pass
    except (Refused, EmbeddedServerError, GaveUp) as error:
        say(str(error))
        return 1
    finally:
        for number in ENDS:
            signal.signal(number, signal.SIG_IGN)
        if portal is not None:
            portal.stop()
    return 0


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  (a program of the terminal)


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


class Portal:
    """One portal on one port with its data in one folder."""

    def __init__(self) -> None:
        self.demo = os.environ.get("TOT_DEMO") == "1"
        self.port = port_number(os.environ.get("PORT") or "8000")
        self.site_url = os.environ.get("SITE_URL") or f"http://localhost:{self.port}"
        self.var = open_var()
        self.lock = take_lock(self.var, self.site_url)
        self.supervisor = Supervisor(say)
        self.env = os.environ | {"VAR_DIR": str(self.var), "SITE_URL": self.site_url, "PYTHONUNBUFFERED": "1"}
        name = sha256(str(self.var).encode()).hexdigest()[:12]
        self.sockets = Path(f"/tmp/tot-{name}")  # noqa: S108  (short for a socket; made private and checked)

    def run(self) -> None:
        """Start everything in order, print the address, and keep watch."""
        began = time.monotonic()
        addresses = listening_addresses(self.port)
        if self.demo:
            self.env |= demo_secrets(self.var, fresh=not self._has_data())
        elif missing := [name for name in NEEDED if not self.env.get(name)]:
            raise Refused(f"Not set: {', '.join(missing)} (docs/settings.md). For a trial with a demo: make run")
        self._start_servers()
        if self.demo:
            self._start_mail_sink()
        self._prepare()
        if self.demo:
            keep_environment(self.var, self.env)
        self._start_programs(addresses)
        self._wait_for_web()
        self._greet(time.monotonic() - began)
        self.supervisor.watch()

    def stop(self) -> None:
        """End every process of ours, and leave nothing behind but the data."""
        if self.supervisor.parts:
            say("Stopping.")
        self.supervisor.stop()
        if self.sockets.is_dir():
            remove_tree(self.sockets)
        forget_environment(self.var)
        self.lock.truncate(0)
        self.lock.close()

    def _has_data(self) -> bool:
        return any((self.var / name).exists() for name in ("postgres", "postgres-is-elsewhere"))

    def _start_servers(self) -> None:
        if not self.env.get("DATABASE_URL"):
            data = cluster_folder(self.var, say)
            if not (data / "PG_VERSION").exists():
                say("PostgreSQL: creating the database (only at the first start)")
            postgres = EmbeddedPostgres(data, self.sockets, log=self._log("postgresql"), say=say)
            postgres.start()
            part = Part("PostgreSQL", postgres.launch, postgres.log, "server", signal.SIGINT)
            self.supervisor.adopt(part, postgres.process)
            self.env["DATABASE_URL"] = postgres.url
        if not self.env.get("REDIS_URL"):
            valkey = EmbeddedValkey(self.var / "valkey", log=self._log("valkey"))
            valkey.start()
            self.supervisor.adopt(Part("Valkey", valkey.launch, valkey.log, "server"), valkey.process)
            self.env["REDIS_URL"] = valkey.url

    def _prepare(self) -> None:
        """Migrate and load what is missing; its lines are shown as they come."""
        process = subprocess.Popen(  # noqa: S603  (our own command)
            processes.with_this_python(processes.PREPARE),
            cwd=BASE_DIR, env={"LOG_LEVEL": "WARNING"} | self.env,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", start_new_session=True, preexec_fn=processes.die_with_parent(signal.SIGKILL),
        )  # fmt: skip
        try:
            for line in process.stdout:
                say(line.rstrip())
            process.wait()
        finally:
            processes.kill_group(process)
        if process.returncode != 0:
            raise Refused("Preparing the database failed; the lines above say why.")

    def _start_mail_sink(self) -> None:
        """Before the data: the demo's past has its mails delivered."""
        self.env |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(free_port()), "EMAIL_TLS": "0"}
        self.env |= {"EMAIL_USER": "", "EMAIL_PASSWORD": ""}
        self._start("mail sink", ["python", "manage.py", "mail_sink"], needed=False)  # mails wait for it

    def _start_programs(self, addresses: list[str]) -> None:
        self._start("web", processes.web(addresses))
        # A worker whose broker is gone waits for it forever instead of ending, so nothing gentler will do for it.
        self._start("worker", processes.WORKER, death_signal=signal.SIGKILL)
        self._start("beat", processes.beat(self.var / "beat-schedule"))

    def _start(self, name: str, command: list[str], *, death_signal: int = signal.SIGTERM, needed: bool = True) -> None:
        log = self._log(name.replace(" ", "-"))
        command = processes.with_this_python(command)

        def launch() -> subprocess.Popen[bytes]:
            return processes.spawn(command, log=log, env=self.env, cwd=BASE_DIR, death_signal=death_signal)

        self.supervisor.start(Part(name, launch, log, needed=needed))

    def _log(self, name: str) -> Path:
        log = self.var / "log" / f"{name}.log"
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        return log

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + WEB_SECONDS
        while not healthcheck.healthy(healthcheck.LIVE, self.port, self.site_url):
            self.supervisor.check()
            if time.monotonic() > deadline:
                raise Refused(f"The web server does not answer; see {self.var / 'log' / 'web.log'}")
            time.sleep(0.1)

    def _greet(self, seconds: float) -> None:
        say(f"\n  The portal runs: {self.site_url}   (started in {seconds:.0f} s)")
        if self.demo:
            say(f"  Enter as one of: {ROLES} (one click, in the bar on each page)")
        say(f"  Data: {self.var}   Logs: {self.var / 'log'}")
        say("  Stop: Ctrl-C\n")


def run_beside(command: Sequence[str]) -> int:
    """`make manage`: a command of manage.py with the environment of the demo that runs; its exit code."""
    done = subprocess.run(  # noqa: S603  (our own command)
        processes.with_this_python(["python", "manage.py", *command]),
        cwd=BASE_DIR, env={"LOG_LEVEL": "WARNING"} | os.environ | kept_environment(), check=False,
    )  # fmt: skip
    return done.returncode


def port_number(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Refused(f"PORT must be a number between 1 and 65535, not {text!r}.")
    return int(text)


def listening_addresses(port: int) -> list[str]:
    """127.0.0.1 and, where this computer has it, ::1, because `localhost` may mean either; refuse a taken port."""
    addresses = []
    for family, host, name in ((socket.AF_INET, "127.0.0.1", "127.0.0.1"), (socket.AF_INET6, "::1", "[::1]")):
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Refused(f"Port {port} is taken by another program. Choose another: make run PORT=8001") from error
            if error.errno == errno.EACCES:
                raise Refused(
                    f"You may not listen on port {port}. Choose one above 1023: make run PORT=8001"
                ) from error
            if family == socket.AF_INET:
                raise Refused(f"Cannot listen on {name}:{port}: {error.strerror}.") from error
            continue
        addresses.append(f"{name}:{port}")
    return addresses
