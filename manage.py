#!/usr/bin/env python
"""Django's command line for the portal; `manage.py up` runs all of it (it makes what the settings ask for)."""

import os
import sys


def main() -> int | None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tot_portal.settings")
    if sys.argv[1:2] == ["up"]:
        from tot_portal.up import main as up  # noqa: PLC0415  (before Django, which the supervisor does without)

        return up(sys.argv[2:])

    from django.core.management import execute_from_command_line  # noqa: PLC0415  (not for `up`)

    execute_from_command_line(sys.argv)
    return None


if __name__ == "__main__":
    sys.exit(main())
