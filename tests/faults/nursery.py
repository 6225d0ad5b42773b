"""A process that has imported the portal once. Each line that it is told ("worker", "web", …) becomes a program within
a tenth of a second, so that a kill costs a second and not five.

What it starts are the commands of production (tot_portal.processes), each in a session of its own; only the
application that Celery runs is the one of the stage.
"""

import os
import signal
import sys
from importlib import import_module
from pathlib import Path

from tot_portal.processes import WORKER, beat, die_with_parent, web

STAGE = "tests.faults.worker"


def main() -> None:
    """Reads "name log", answers with the number of the process that has become it."""
    warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever was killed leaves nothing behind
    answer("ready")
    while line := sys.stdin.readline():
        name, log = line.split()
        prepare_child = die_with_parent(signal.SIGKILL)
        pid = os.fork()
        if pid == 0:
            prepare_child()
            become(name, Path(log))
        answer(str(pid))


def warm_up() -> None:
    """What every program would do for itself first."""
    import_module(STAGE)
    from django.db import connections
    from django.urls import get_resolver

    from certificates import rendering

    import_module("tot_portal.wsgi")
    get_resolver().url_patterns  # noqa: B018  (imports every view)
    rendering.warm_up()
    connections.close_all()


def become(name: str, log: Path) -> None:
    """This process is that program from now on."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    code = 1
    try:
        code = run(command_of(name))
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        os._exit(code or 0)


def command_of(name: str) -> list[str]:
    commands = {
        "worker": WORKER,
        "beat": beat(Path(os.environ["VAR_DIR"], "beat-1")),
        "beat-2": beat(Path(os.environ["VAR_DIR"], "beat-2")),
        "web": web([f"127.0.0.1:{os.environ['WEB_PORT']}"]),
    }
    return [STAGE if part == "tot_portal" else "WARNING" if part == "INFO" else part for part in commands[name]]


def run(command: list[str]) -> int:
    sys.argv = command
    if command[0] == "gunicorn":
        from django.utils import timezone

        stage = import_module(STAGE)
        timezone.now = stage.true_now  # only the worker's computer has a bad clock
        stage.count_hints()
        from gunicorn.app.wsgiapp import run as serve

        return serve()
    from celery.__main__ import main as celery

    return celery()


def answer(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
