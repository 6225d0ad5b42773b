"""How often a stranger may ask: a moving window per address, counted in Redis, in memory while Redis is away.

Each process then counts for itself, which lets a few more through, never none.
"""

import logging
import time
from collections.abc import Callable
from functools import cache, wraps
from ipaddress import IPv4Address, IPv6Network, ip_address
from time import monotonic

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from core.middleware import client_ip

View = Callable[..., HttpResponse]
logger = logging.getLogger(__name__)
PAUSE = 10  # seconds until Redis is asked again
HOME = 64  # bits of an IPv6 address that are the same for everybody behind one line
_memory = MovingWindowRateLimiter(MemoryStorage())
_away_until = 0.0


@cache
def _redis(url: str) -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(
        RedisStorage(url, key_prefix="tot-limits", socket_connect_timeout=2, socket_timeout=2)
    )


def wait_for(what: str, who: str, *, per_minute: int) -> int:
    """Counts one try of `who` at `what`: 0, or the seconds until the next one is let through."""
    item = RateLimitItemPerMinute(per_minute)
    global _away_until
    if monotonic() >= _away_until:
        try:
            return _try(_redis(settings.REDIS_URL), item, what, who)
        except (RedisError, OSError) as error:
            _away_until = monotonic() + PAUSE
            logger.warning("Redis is away, limits are counted in memory: %s", type(error).__name__)
    return _try(_memory, item, what, who)


def limited(what: str, *, per_minute: int) -> Callable[[View], View]:
    """A view that one address may call so often a minute; then 429 with the time to wait."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            seconds = wait_for(what, _caller(client_ip(request)), per_minute=per_minute)
            return too_many(request, seconds) if seconds else view(request, *args, **kwargs)

        return wrapped

    return decorate


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """The 429 page: when to try again."""
    count = ngettext("%(count)s detik", "%(count)s detik", seconds) % {"count": seconds}
    message = _("Coba lagi dalam %(time)s.") % {"time": count}
    response = render(request, "429.html", {"message": message}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def forget() -> None:
    """Forgets every count; for tests."""
    global _away_until
    _away_until = 0.0
    _memory.storage.reset()
    _redis(settings.REDIS_URL).storage.reset()


def _caller(address: str | None) -> str:
    """The address; of IPv6 its network, of which one home has a whole /64 to change addresses in."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return address or "unknown"
    if isinstance(found, IPv4Address) or found.ipv4_mapped:
        return str(found)
    return str(IPv6Network((found, HOME), strict=False))


def _try(limiter: MovingWindowRateLimiter, item: RateLimitItemPerMinute, what: str, who: str) -> int:
    if limiter.hit(item, what, who):
        return 0
    resets_at = limiter.get_window_stats(item, what, who).reset_time
    return max(1, round(resets_at - time.time()))
