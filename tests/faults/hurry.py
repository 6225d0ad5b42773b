"""The portal's patience, shortened for a run of a minute: what waits for minutes in production waits for seconds here.

Production knows nothing of this. A constant that was renamed stops the harness at once.
"""

from datetime import timedelta
from importlib import import_module
from typing import Any

from notifications.reasons import Pace

SECONDS = timedelta(seconds=1)
SHORTER: dict[str, Any] = {
    "notifications.services.delivery.LOST_AFTER": 7 * SECONDS,  # longer than the slowest SMTP dialogue that succeeds
    "notifications.services.pacing.WAITS": dict.fromkeys(
        [Pace.SOON, Pace.LATER, Pace.ONCE], (1 / 60, 2 / 60)
    ),  # minutes
    "certificates.services.rendering.OVERDUE": 3 * SECONDS,
    "core.jobs.LOST_AFTER": 4 * SECONDS,
    "core.jobs.OVERDUE": 3 * SECONDS,
    "core.hints.PAUSE": 2,  # so that a broker that is away is asked, and hangs, more than once
    "core.cache.PAUSE": 2,
    "core.listings.AT_ONCE": -1,  # every list is a job
}


def hurry() -> None:
    """Changes the constants in this process."""
    for path, value in SHORTER.items():
        module, _, name = path.rpartition(".")
        home = import_module(module)
        getattr(home, name)  # AttributeError: renamed
        setattr(home, name, value)
