"""The commands that the portal consists of, and the one way in which a program of ours starts another.

`manage.py up` and docker-compose.yml run the same commands; a test compares them.
"""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1

PREPARE = ["python", "manage.py", "prepare"]
WORKER = ["celery", "-A", "tot_portal", "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
BEAT = ["celery", "-A", "tot_portal", "beat", "--loglevel", "INFO", "--pidfile="]
WEB = [
    *("gunicorn", "tot_portal.wsgi:application", "--preload"),
    *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
    *("--timeout", "60", "--graceful-timeout", "5", "--no-control-socket"),
]


def web(addresses: Sequence[str]) -> list[str]:
    """The web server, listening on each "host:port"."""
    return [*WEB, *(part for address in addresses for part in ("--bind", address))]


def beat(schedule: Path | str) -> list[str]:
    """The clock of background work; `schedule` is the file in which it remembers what ran when."""
    return [*BEAT, "--schedule", str(schedule)]


def with_this_python(command: Sequence[str]) -> list[str]:
    """The command run by this very interpreter: a script's first line breaks when the folder has moved."""
    program, *arguments = command
    return [sys.executable, *([] if program == "python" else ["-m", program]), *arguments]


def die_with_parent(death_signal: int, parent: int | None = None) -> Callable[[], None]:
    """For Popen's preexec_fn: the kernel sends `death_signal` to the child when its parent ends in any way.

    Popen runs it after it has changed the user, which would clear the setting. The kernel means the parent
    *thread*, so children are started from the main thread.
    """
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    parent = parent or os.getpid()

    def prepare_child() -> None:
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, death_signal)
            if os.getppid() != parent:  # it ended before we asked
                os._exit(1)

    return prepare_child


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
    user: pwd.struct_passwd | None = None,
    death_signal: int = signal.SIGTERM,
    stdin: bytes | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, its output appended to `log`; it ends when we end."""
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603  (fixed programs, never a shell)
            list(command),
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=env,
            start_new_session=True,
            preexec_fn=die_with_parent(death_signal),
            **identity,
        )
    if stdin is not None:
        process.stdin.write(stdin)
        process.stdin.close()
    return process


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a child's session, and collect the child."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
