"""Keeps several programs running as one: restarts what crashes, and ends everything when told to."""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tot_portal.embedded import last_lines
from tot_portal.processes import kill_group

QUICK_SECONDS = 15  # ending sooner than this after a start is a quick failure
QUICK_FAILURES = 5  # so many in a row end everything, if the part is needed
FIRST_DELAY, LAST_DELAY = 0.5, 8.0  # before the second start; doubled each time
STOP_SECONDS = {"program": 5.5, "server": 3.0}  # together under the promised 10 s
STEP = 0.1


class GaveUp(RuntimeError):
    """A part ends again and again; the message names it, its last words and its log."""


@dataclass
class Part:
    """One program. `launch` starts it; a server outlives the programs that use it; not all need each other."""

    name: str
    launch: Callable[[], subprocess.Popen[bytes]]
    log: Path
    kind: str = "program"
    stop_signal: int = signal.SIGTERM
    needed: bool = True  # else the others go on without it
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    due: float | None = None  # when to start again

    def start(self) -> None:
        self.process = self.launch()
        self.started = time.monotonic()
        self.due = None


class Supervisor:
    """Owns the parts. Everything happens in the main thread: the kernel ties children to the thread that made them."""

    def __init__(self, say: Callable[[str], None] = print) -> None:
        self.say = say
        self.parts: list[Part] = []

    def start(self, part: Part) -> None:
        """Start a part and look after it from now on."""
        self.parts.append(part)
        part.start()

    def adopt(self, part: Part, process: subprocess.Popen[bytes]) -> None:
        """Look after a part that runs already."""
        part.process, part.started = process, time.monotonic()
        self.parts.append(part)

    def watch(self) -> None:
        """Return never; restart what ends, and raise GaveUp when one part fails too often."""
        while True:
            self.check()
            time.sleep(STEP)

    def check(self) -> None:
        """One look at every part."""
        now = time.monotonic()
        for part in self.parts:
            if part.due is not None:
                if now >= part.due:
                    part.start()
            elif part.process is not None and part.process.poll() is not None:
                self._plan_restart(part, now)

    def stop(self) -> None:
        """End the programs, then their servers: one request each, a short wait, then SIGKILL to the whole session."""
        for kind in ("program", "server"):
            parts = [part for part in self.parts if part.kind == kind and part.process is not None]
            for part in parts:
                if part.process.poll() is None:
                    part.process.send_signal(part.stop_signal)
            _wait(parts, STOP_SECONDS[kind])
            for part in parts:
                kill_group(part.process)
        self.parts = []

    def _plan_restart(self, part: Part, now: float) -> None:
        code = part.process.returncode
        kill_group(part.process)  # its own children, if it left any
        part.failures = part.failures + 1 if now - part.started < QUICK_SECONDS else 1
        if part.failures >= QUICK_FAILURES and part.needed:
            raise GaveUp(
                f"{part.name} ended {part.failures} times in a row (last with {_ending(code)}); stopping everything.\n"
                f"The end of {part.log}:\n{last_lines(part.log)}"
            )
        delay = min(FIRST_DELAY * 2 ** (part.failures - 1), LAST_DELAY)
        part.due = now + delay
        if part.failures < QUICK_FAILURES:
            self.say(f"{part.name} ended with {_ending(code)}; starting it again in {delay:g} s (log: {part.log})")
        elif part.failures == QUICK_FAILURES:
            self.say(f"{part.name} ended again; going on without it, with a try every {delay:g} s (log: {part.log})")


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _wait(parts: Sequence[Part], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(part.process.poll() is None for part in parts):
        time.sleep(STEP / 4)
