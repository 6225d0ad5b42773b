"""`manage.py up`: the whole portal in one command, and one address.

Servers (unless DATABASE_URL and REDIS_URL name others), the database's preparation, then mail sink (demo), web,
worker and beat until Ctrl-C. It runs before Django is set up, because it makes what the settings ask for.
"""

import errno
import fcntl
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import IO

from tot_portal import healthcheck, processes
from tot_portal.embedded import EmbeddedPostgres, EmbeddedServerError, EmbeddedValkey, free_port, reachable, server_user
from tot_portal.supervisor import GaveUp, Part, Supervisor

BASE_DIR = Path(__file__).resolve().parent.parent
ELSEWHERE = Path("/var/lib/tot-portal")  # for root whose folders PostgreSQL's own user cannot enter
LOG_BYTES = 5_000_000
WEB_SECONDS = 60
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
NEEDED = ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "EMAIL_FROM")
ROLES = "peserta, admin LSP, asesor senior, pimpinan, auditor"


class Refused(RuntimeError):
    """The portal does not start; the message is one line that says why and what to do."""


class Stopped(BaseException):
    """Ctrl-C or a request to end, raised wherever the main thread is."""


def main(arguments: Sequence[str]) -> int:
    """Run until stopped; 0 after a wanted stop, 1 with a sentence otherwise."""
    portal = None
    try:
        for number in ENDS:
            if signal.getsignal(number) != signal.SIG_IGN:  # nohup
                signal.signal(number, _stop)
        if list(arguments) == ["--reset"]:
            return reset()
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
        self._prepare()
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
        self.lock.truncate(0)
        self.lock.close()

    def _has_data(self) -> bool:
        return any((self.var / name).exists() for name in ("postgres", "postgres-is-elsewhere"))

    def _start_servers(self) -> None:
        if not self.env.get("DATABASE_URL"):
            data = cluster_folder(self.var)
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

    def _start_programs(self, addresses: list[str]) -> None:
        if self.demo:
            port = free_port()
            self.env |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(port), "EMAIL_TLS": "0"}
            self.env |= {"EMAIL_USER": "", "EMAIL_PASSWORD": ""}
            self._start("mail sink", ["python", "manage.py", "mail_sink"])
        self._start("web", processes.web(addresses))
        # A worker whose broker is gone waits for it forever instead of ending, so nothing gentler will do for it.
        self._start("worker", processes.WORKER, death_signal=signal.SIGKILL)
        self._start("beat", processes.beat(self.var / "beat-schedule"))

    def _start(self, name: str, command: list[str], death_signal: int = signal.SIGTERM) -> None:
        log = self._log(name.replace(" ", "-"))
        command = processes.with_this_python(command)

        def launch() -> subprocess.Popen[bytes]:
            return processes.spawn(command, log=log, env=self.env, cwd=BASE_DIR, death_signal=death_signal)

        self.supervisor.start(Part(name, launch, log))

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


def var_dir() -> Path:
    return Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").absolute()


def open_var() -> Path:
    """The data folder, ours alone; other users may at most pass through it (PostgreSQL's own user, for root)."""
    var = var_dir()
    made = not var.exists()
    var.mkdir(parents=True, exist_ok=True)
    owner = var.stat().st_uid
    if owner != os.geteuid():
        name = _user_name(owner)
        raise Refused(f"{var} belongs to {name}: start as {name}, or have {name} remove it with: make reset")
    if made:
        var.chmod(0o711 if os.geteuid() == 0 else 0o700)
    for name in ("log", "files"):
        (var / name).mkdir(mode=0o700, exist_ok=True)
    return var


def _user_name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def take_lock(var: Path, site_url: str) -> IO[str]:
    """Hold the folder for this process; the kernel lets go when it ends, however it ends."""
    lock = (var / "up.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        raise Refused(f"The portal runs already: {lock.read().strip()}. Stop it there with Ctrl-C first.") from error
    lock.truncate(0)
    lock.write(f"{site_url} (process {os.getpid()}, data in {var})")
    lock.flush()
    return lock


def cluster_folder(var: Path) -> Path:
    """Where PostgreSQL's files lie: in var, or, for root in a closed folder, where PostgreSQL's user can go."""
    here, note = var / "postgres", var / "postgres-is-elsewhere"
    if note.exists():
        return Path(note.read_text().strip())
    user = server_user(say)
    if here.exists() or reachable(var, user):
        return here
    folder = ELSEWHERE / secrets.token_hex(4)
    folder.mkdir(mode=0o711, parents=True)
    for path in (ELSEWHERE, folder):
        path.chmod(0o711)
    say(f"{user.pw_name} cannot enter {var}: the database's files go to {folder} (make reset removes them)")
    note.write_text(f"{folder / 'postgres'}\n")
    return folder / "postgres"


def demo_secrets(var: Path, *, fresh: bool) -> dict[str, str]:
    """The trial's keys, made once and readable by the owner only; what the environment sets wins."""
    path = var / "secrets.env"
    if not path.exists():
        if not fresh:
            raise Refused(f"{path} is gone, and without its keys the data cannot be read. Put it back, or: make reset")
        key = _random_key
        lines = [f"SECRET_KEY={secrets.token_urlsafe(60)}", f"FIELD_KEYS={key()}", f"INDEX_KEY={key()}", ""]
        new = path.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text("\n".join(lines))
        new.replace(path)
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
    return {name: os.environ.get(name) or value for name, value in pairs}


def _random_key() -> str:
    return urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def reset() -> int:
    """Remove the trial's data: everything in var, and the database's files if they lie elsewhere."""
    if os.environ.get("TOT_DEMO") != "1":
        raise Refused("--reset removes the data of the demo only (TOT_DEMO=1, as in make reset).")
    if not (var_dir() / "up.lock").exists():
        say(f"Nothing to remove in {var_dir()}.")
        return 0
    var = open_var()
    with take_lock(var, "reset"):
        note = var / "postgres-is-elsewhere"
        if note.exists():
            folder = Path(note.read_text().strip()).parent
            remove_tree(folder)
            say(f"Removed {folder}")
        for path in var.iterdir():
            remove_tree(path)
    say(f"Removed all data in {var}")
    return 0


def remove_tree(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
