"""The whole gate, on servers of its own: `make test`, and with --long the tests too slow for every change.

Every step runs even when one before it failed; the last lines say what failed and what was left out.
"""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE))

from tests.embedded_servers import find_browser, private_servers  # noqa: E402  (the path comes first)
from tot_portal.processes import die_with_parent  # noqa: E402

PYTHON = sys.executable
PRODUCTION = {  # like a real installation, for `check --deploy`; the keys are nobody's
    "SITE_URL": "https://tot.example.org",
    "SECRET_KEY": "gate-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLM",
    "FIELD_KEYS": "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY",
    "INDEX_KEY": "ZmVkY2JhWllYV1ZVVFNSUVBPTk1MS0pJSEdGRURDQkE",
    "EMAIL_FROM": "Portal TOT <no-reply@tot.example.org>",
    "DJANGO_SETTINGS_MODULE": "tot_portal.settings",
}
SERVERS_OF_THE_TESTER = ("TEST_DATABASE_URL", "TEST_REDIS_URL")
LINT = [
    ("format", ["-m", "ruff", "format", "--check", "."]),
    ("lint", ["-m", "ruff", "check", "."]),
    ("templates", ["-m", "djlint", "templates", "--lint", "--quiet"]),
    ("import contracts", ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]),
]
DJANGO = [
    ("migrations", ["makemigrations", "--check", "--dry-run"]),
    ("deploy check", ["check", "--deploy", "--fail-level", "WARNING"]),
]


def main() -> int:
    """Run the steps; 0 when all passed."""
    os.chdir(BASE)
    arguments = sys.argv[1:]
    long = "--long" in arguments
    paths = [argument for argument in arguments if argument != "--long"]
    results: list[tuple[str, int, float]] = []
    with private_servers() as servers:
        inherited = {name: os.environ[name] for name in SERVERS_OF_THE_TESTER if name in os.environ}
        env = clean_environment() | servers | inherited
        if not long and not paths:
            servers_too = {"DATABASE_URL": env["TEST_DATABASE_URL"], "REDIS_URL": env["TEST_REDIS_URL"]}
            production = env | PRODUCTION | servers_too
            for name, command in LINT:
                results.append(step(name, [PYTHON, *command], env))
            for name, command in DJANGO:
                results.append(step(name, [PYTHON, "manage.py", *command], production))
        results.append(step("tests", pytest_command(long, paths), env))
        skipped = browser_tests(env, paths) if find_browser() is None else []
    return summary(results, skipped)


def clean_environment() -> dict[str, str]:
    """Without the portal's own variables: the tests would test somebody's installation."""
    settings = (BASE / "tot_portal" / "settings.py").read_text()
    own = {*re.findall(r'env\.[a-z]+\("([A-Z_]+)"', settings), "PORT", "DJANGO_SETTINGS_MODULE"}
    return {name: value for name, value in os.environ.items() if name not in own}


def pytest_command(long: bool, paths: list[str]) -> list[str]:
    processes = ["-p", "xdist", "-p", "tests.scheduling", "-n", "2"] if not long else []
    return [PYTHON, "-m", "pytest", "-m", "long" if long else "not long", *processes, *paths]


def step(name: str, command: list[str], env: dict[str, str]) -> tuple[str, int, float]:
    """Run one step, its output as it comes."""
    print(f"\n=== {name}", flush=True)
    began = time.monotonic()
    code = subprocess.call(command, env=env, preexec_fn=die_with_parent(signal.SIGTERM))
    return name, code, time.monotonic() - began


def browser_tests(env: dict[str, str], paths: list[str]) -> list[str]:
    """The tests that need the missing browser, as "file: how many"."""
    command = [PYTHON, "-m", "pytest", "--collect-only", "-qq", "-m", "browser and not long", *paths]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    return re.findall(r"^(tests/.+\.py: \d+)$", done.stdout, re.MULTILINE)


def summary(results: list[tuple[str, int, float]], skipped: list[str]) -> int:
    """What passed and what did not; then what nobody looked at."""
    print()
    for name, code, seconds in results:
        print(f"  {'passed' if code == 0 else 'FAILED':8} {name} ({seconds:.0f} s)")
    failed = [name for name, code, _ in results if code != 0]
    total = sum(seconds for _, _, seconds in results)
    print(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'All passed'} in {total:.0f} s")
    if skipped:
        print(f"SKIPPED, Chromium is not installed: {', '.join(skipped)}")
        print("To run them: sudo apt-get install -y --no-install-recommends chromium && make test")
    return 1 if failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("Stopped.")
