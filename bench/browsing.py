"""Requests of a browser behind a proxy, and one page measured against the floor."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from bench import seed
from bench.figures import figure
from bench.load import Answers, repeat, request_bytes
from bench.servers import HOST, OF_A_PROXY, Web

CONNECTIONS = 8  # as many as the web server has threads
CALM = 2  # connections while the time of one answer is measured: one for each core


@dataclass
class Page:
    """One page as one person sees it. `addresses`: pretended callers, where one address may not ask so often."""

    name: str
    path: str
    user: User | None = None
    addresses: int = 1
    shares: list[float] = field(default_factory=list)
    cpu_shares: list[float] = field(default_factory=list)
    p95s: list[float] = field(default_factory=list)

    def requests(self) -> "Requests":
        return Requests(self)


class Requests:
    """Makes the next request of a page; ready-made ones in turn."""

    def __init__(self, page: Page) -> None:
        headers = headers_of(page.user)
        callers = [f"203.0.{number // 250}.{number % 250 + 1}" for number in range(page.addresses)]
        self.made = [request_bytes("GET", page.path, headers | {"X-Forwarded-For": caller}) for caller in callers]
        self.count = 0

    def __call__(self) -> bytes:
        self.count += 1
        return self.made[self.count % len(self.made)]


def headers_of(user: User | None) -> dict[str, str]:
    cookies = seed.cookies_of(user) if user else ""
    return OF_A_PROXY | ({"Cookie": cookies} if cookies else {})


def post(
    path: str, headers: dict[str, str], body: bytes = b"", kind: str = "application/x-www-form-urlencoded"
) -> bytes:
    """A form or a tap that carries its key."""
    key = {"X-CSRFToken": seed.CSRF, "Referer": f"https://{HOST}/", "Origin": f"https://{HOST}", "Content-Type": kind}
    return request_bytes("POST", path, headers | key, body)


def measure(pages: list[Page], portal: Web, floor: Web, *, rounds: int, seconds: float) -> None:
    """In each round each page after the floor, so that both see the same computer."""
    makers = {page.name: page.requests() for page in pages}
    hello = request_bytes("GET", "/", OF_A_PROXY)
    for page in pages:  # templates compile, connections open
        _ask(portal, makers[page.name], 0.3, CONNECTIONS)
    for _round in range(rounds):
        for page in pages:
            base = repeat(floor.port, hello, seconds=seconds / 3, connections=CONNECTIONS, pid=floor.pid).only(200)
            busy = _ask(portal, makers[page.name], seconds, CONNECTIONS)
            calm = _ask(portal, makers[page.name], seconds / 3, CALM)
            page.shares.append(100 * busy.per_second / base.per_second)
            page.cpu_shares.append(100 * base.server_ms / busy.server_ms if busy.server_ms else 0)
            page.p95s.append(calm.p95_ms)


def _ask(portal: Web, make: Requests, seconds: float, connections: int) -> Answers:
    return repeat(portal.port, make, seconds=seconds, connections=connections, pid=portal.pid).only(200)


def figures_of(page: Page) -> list[dict[str, Any]]:
    """Share of the floor, the time of an answer, and the number of queries."""
    by_cpu = sorted(page.cpu_shares)[len(page.cpu_shares) // 2]
    share_note = f"{CONNECTIONS} connections; by the server's processor time {by_cpu:.1f} %"
    return [
        figure(f"page.{page.name}.share", page.shares, "%", share_note),
        figure(f"page.{page.name}.p95_ms", page.p95s, "ms", f"{CALM} connections", digits=1),
        figure(f"page.{page.name}.queries", [queries_of(page)], "", "", digits=0),
    ]


def queries_of(page: Page) -> int:
    """Of the second visit, inside this process under the same settings."""
    client = Client(headers={"X-Forwarded-For": "203.0.200.1", "X-Forwarded-Proto": "https", "Host": HOST})
    if page.user:
        client.cookies.load(seed.cookies_of(page.user))
    client.get(page.path)
    with CaptureQueriesContext(connection) as queries:
        status = client.get(page.path).status_code
    if status != 200:
        raise RuntimeError(f"{page.name} answered {status}")
    return len(queries)
