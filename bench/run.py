"""`make bench`: measures what the portal claims, on servers and data of its own, against a floor of the same run.

ONLY=pages|race|certificates|verification|taps|background chooses a part. Figures are printed as a table and added to
bench/results.jsonl, one JSON object each. BENCH_QUICK=1 shows in seconds that a part works; its figures mean nothing.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.servers import own_servers, say
from tot_portal.processes import die_with_parent

PARTS = ("pages", "verification", "race", "taps", "certificates", "background")
LATER = ("search", "exports", "rotation")
RESULTS = Path(__file__).resolve().parent / "results.jsonl"


def main() -> int:
    """Runs the parts; 1 when one of them could not be measured, or is not known."""
    if sys.argv[1:2] == ["--part"]:
        json.dump(run_part(sys.argv[2]), sys.stdout)
        return 0
    wanted = os.environ.get("ONLY", "").strip()
    if wanted and wanted not in PARTS:
        say(f"{wanted}: comes later." if wanted in LATER else f"{wanted} is no part. Parts: {', '.join(PARTS)}.")
        return 1
    found, failed = [], []
    for part in [wanted] if wanted else PARTS:
        say(f"=== {part}")
        began = time.monotonic()
        try:
            figures = measure(part)
        except RuntimeError as error:  # one part that fails must not hide the others
            say(f"{part} was not measured, {error}.")
            failed.append(part)
            continue
        keep(figures)
        found += figures
        say(f"{part}: {time.monotonic() - began:.0f} s")
    sys.stdout.write(table(found))
    if not wanted:
        say(f"Later: {', '.join(LATER)}.")
    return 1 if failed else 0


def measure(part: str) -> list[dict[str, Any]]:
    """Each part in a process of its own: settings are read once, and each has servers of its own."""
    command = [sys.executable, "-m", "bench.run", "--part", part]
    stop_with_us = die_with_parent(signal.SIGTERM)
    done = subprocess.run(command, stdout=subprocess.PIPE, preexec_fn=stop_with_us, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError("see above")
    return json.loads(done.stdout)


def run_part(part: str) -> list[dict[str, Any]]:
    """Servers, Django, then the part's own figures."""
    quick = os.environ.get("BENCH_QUICK") == "1"
    with own_servers() as servers:
        import django  # noqa: PLC0415  (its settings name the servers)

        django.setup()
        module = importlib.import_module(f"bench.{part}")
        return module.figures() if part == "certificates" else module.figures(servers, quick=quick)


def keep(figures: list[dict[str, Any]]) -> None:
    with RESULTS.open("a") as file:
        file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in figures)


def table(figures: list[dict[str, Any]]) -> str:
    """For reading: name, value, unit, runs, spread, note."""
    lines = [f"{'name':36} {'value':>10} {'unit':6} {'runs':>5} {'spread':>9}  note"]
    lines += [
        f"{one['name']:36} {one['value']:>10} {one['unit']:6} {one['runs']:>5} {one['spread']:>9}  {one['note']}"
        for one in figures
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("Stopped.")
