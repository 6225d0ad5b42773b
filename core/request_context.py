"""What the running request is called and where it comes from, for the audit log and the log lines.

Only these two facts travel this way. Who acts is always passed as `by=`.
"""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestContext:
    """`request_id` is '' outside a request; `ip` is None there."""

    request_id: str = ""
    ip: str | None = None


OUTSIDE = RequestContext()
current: ContextVar[RequestContext] = ContextVar("request_context", default=OUTSIDE)
