"""What was wanted and what was answered, one line each, on the disk before the act and after it."""

import json
import os
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

OK, REFUSED, UNKNOWN = "ok", "refused", "unknown"
RECENT = 50  # far more than people act at once


@dataclass
class Act:
    """One act of one person. `answer`: ok (acknowledged), refused (a rule said no), unknown (nobody heard)."""

    number: int
    name: str
    about: dict[str, Any]
    during: str  # the fault that was on when it began, and still when it was answered
    answer: str = ""
    status: int = 0  # of HTTP; 0: the connection broke
    seconds: float = 0.0
    said: dict[str, Any] = field(default_factory=dict)  # what the answer told


class History:
    """All acts of a run, in memory and in a file."""

    def __init__(self, path: Path) -> None:
        self.file, self.lock = path.open("a"), threading.Lock()
        self.acts: list[Act] = []
        self.weather = ""  # the fault that is on now

    def intend(self, name: str, **about: Any) -> Act:
        """Kept before the act is sent off."""
        with self.lock:
            act = Act(len(self.acts) + 1, name, about, self.weather)
            self.acts.append(act)
            self._write(act)
        return act

    def close(self, act: Act, answer: str, *, status: int = 0, began: float, **said: Any) -> None:
        """Kept before anything follows from the answer."""
        with self.lock:
            act.answer, act.status, act.seconds, act.said = answer, status, time.monotonic() - began, said
            act.during = act.during if act.during == self.weather else ""
            self._write(act)

    def acknowledged(self, *names: str) -> list[Act]:
        return [act for act in self.acts if act.answer == OK and act.name in names]

    def unknown(self, *names: str) -> list[Act]:
        return [act for act in self.acts if act.answer not in (OK, REFUSED) and act.name in names]

    def under_way(self) -> list[Act]:
        """Those that nobody has answered yet."""
        return [act for act in self.acts[-RECENT:] if not act.answer]

    def during(self, weather: str) -> list[Act]:
        return [act for act in self.acts if act.during == weather]

    def _write(self, act: Act) -> None:
        self.file.write(json.dumps(asdict(act), default=str) + "\n")
        self.file.flush()
        os.fsync(self.file.fileno())
