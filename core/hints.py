"""Starting tasks: the broker carries hints only, so nobody waits for it, and nothing fails with it."""

import logging
from time import monotonic
from typing import Any

from celery import Task
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
PAUSE = 10  # seconds until the broker is tried again; one that hangs costs its time-out once per pause
_away_until = 0.0


class Hint(Task):
    """A task whose start may be lost: what it would have done is a row that a sweeper finds."""

    def apply_async(self, *args: Any, **options: Any) -> Any:
        """Puts the task into its queue; None while the broker is away. Beat brings a producer, and waits by itself."""
        global _away_until
        if "producer" in options:
            return super().apply_async(*args, **options)
        if monotonic() < _away_until:
            return None
        try:
            return super().apply_async(*args, **options)
        except (OperationalError, RedisError, OSError) as error:
            _away_until = monotonic() + PAUSE
            logger.warning("The broker is away, sweepers will bring what is due: %s", type(error).__name__)
            return None


def forget() -> None:
    """Tries the broker again at once; for tests."""
    global _away_until
    _away_until = 0.0
