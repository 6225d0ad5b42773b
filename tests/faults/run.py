"""`make faults KILLS=n SEED=s`: real acts, real faults, and in the end the count of what was lost or done twice.

Everything runs on servers of the run's own. The last line is one JSON object; 1 is returned when anything was lost,
doubled or left out, when kills or other faults did not hit work, or when a control design came through.
"""

import argparse
import secrets
import signal
import sys

from tests.faults.stage import Stage, say


def main(arguments: list[str] | None = None) -> int:
    """Plays one run and prints its verdict."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.run", description=__doc__)
    parser.add_argument("--kills", type=int, default=25, help="how often the worker is killed (25)")
    parser.add_argument("--others", type=int, help="how often each other fault is put on (a tenth of the kills)")
    parser.add_argument("--only", default="", help="other faults, separated by commas (all)")
    parser.add_argument("--seed", type=int, help="decides acts and faults (random)")
    parser.add_argument("--keep", action="store_true", help="leave the folder with logs, history and data")
    given = parser.parse_args(arguments)
    others = max(1, given.kills // 10) if given.others is None else given.others
    seed = secrets.randbelow(1_000_000) if given.seed is None else given.seed
    say(f"seed {seed}: {given.kills} kills of the worker, {others} of each other fault")
    stage = Stage()
    try:
        set_up(stage)
        from tests.faults.play import play  # (Django is set up by now)

        return play(stage, kills=given.kills, others=others, only=given.only, seed=seed)
    finally:
        stage.close(keep=given.keep)


def set_up(stage: Stage) -> None:
    """Servers, tables and reference data, while the programs are imported beside it."""
    stage.open()
    stage.open_nursery()
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0, stdout=sys.stderr)
    stage.wait_for_nursery()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("Stopped.")
