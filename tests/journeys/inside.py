"""Python inside the portal under test: its settings, its database, its broker, in a process of its own.

Journeys take what would last for weeks (a class, its attendance, its exams) from here and click the rest.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

BASE = Path(__file__).resolve().parents[2]
SECONDS = 60
PROGRAM = """
import json, sys, django
django.setup()
from tests.journeys import scenes
print(json.dumps(getattr(scenes, sys.argv[1])(*json.loads(sys.argv[2]))))
"""


def prepare(scene: str, *arguments: Any) -> dict[str, Any]:
    """Runs tests.journeys.scenes.<scene>(*arguments) inside the portal; what it returns comes back through JSON."""
    command = [sys.executable, "-c", PROGRAM, scene, json.dumps(arguments)]
    done = subprocess.run(command, cwd=BASE, env=_environment(), capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, f"{scene}: {done.stderr}"
    return json.loads(done.stdout.splitlines()[-1])


def _environment() -> dict[str, str]:
    """That of the running web process."""
    own = {"PYTHONPATH": str(BASE), "DJANGO_SETTINGS_MODULE": "tot_portal.settings"}
    return program("gunicorn").environ() | own


def program(name: str) -> psutil.Process:
    """The process of the portal under test whose command has this word. Skips when somebody else started the portal."""
    if given := os.environ.get("PORTAL"):
        pytest.skip(f"PORTAL={given} was started elsewhere, and nothing can be prepared inside it from here")
    for portal in psutil.Process().children():
        if _command(portal)[1:3] == ["manage.py", "up"]:
            return next(one for one in portal.children() if any(name in word for word in _command(one)))
    raise AssertionError("no portal of ours is running")


def _command(process: psutil.Process) -> list[str]:
    """Its words; none when it has just ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []
