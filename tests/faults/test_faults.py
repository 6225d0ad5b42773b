"""The fault harness in a minute: worker killed, and each other fault once. tests/faults/run.py says what it does."""

import json
import signal
import subprocess
import sys
from pathlib import Path

from tot_portal.processes import die_with_parent

BASE = Path(__file__).resolve().parent.parent.parent
KEYS = ["kills", "hit_share", "lost", "doubled", "gaps", "mails_twice", "control_lost", "control_doubled", "seed"]
KILLS = 8


def run(*arguments: str, seconds: int) -> dict[str, float]:
    """The verdict of a run in a process of its own; its words are shown when the test fails."""
    command = [sys.executable, "-m", "tests.faults.run", *arguments]
    ends_with_us = die_with_parent(signal.SIGTERM)
    done = subprocess.run(command, cwd=BASE, capture_output=True, text=True, timeout=seconds, preexec_fn=ends_with_us)
    sys.stdout.write(done.stdout[-6000:] + done.stderr[-3000:])
    verdict = json.loads(done.stdout.splitlines()[-1])
    assert list(verdict) == KEYS
    assert done.returncode == 0, verdict
    return verdict


def test_nothing_is_lost_or_doubled_and_control_designs_fail():
    verdict = run("--kills", str(KILLS), seconds=600)

    assert verdict["kills"] == KILLS
    assert verdict["hit_share"] >= 0.9
    assert (verdict["lost"], verdict["doubled"], verdict["gaps"]) == (0, 0, 0)
    assert verdict["control_lost"] > 0
