"""A client that costs little: threads with one connection each, ready-made requests, bytes counted, nothing parsed.

It runs on the same computer as the server and takes time from it; so figures are compared with the floor that the
same client measured in the same run.
"""

import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

TIMEOUT = 60
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Answers:
    """What came back: how many in how many seconds, with which status, each after how long, and the server's time."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)
    server_seconds: float = 0.0

    @property
    def count(self) -> int:
        return len(self.latencies)

    @property
    def per_second(self) -> float:
        return self.count / self.seconds if self.seconds else 0.0

    @property
    def p95_ms(self) -> float:
        return percentile(self.latencies, 95) * 1000

    @property
    def server_ms(self) -> float:
        """Processor time of the server for one request."""
        return self.server_seconds * 1000 / self.count if self.count else 0.0

    def only(self, *statuses: int) -> "Answers":
        """Itself; RuntimeError when anything else came back."""
        if set(self.statuses) - set(statuses):
            raise RuntimeError(f"the server answered {dict(self.statuses)}")
        return self


def percentile(values: list[float], percent: float) -> float:
    """The value below which so many per cent lie; 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else 0.0


def request_bytes(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """One request of HTTP/1.1 on a connection that stays."""
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    if method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


class Connection:
    """A connection that is opened again when the server has closed it."""

    def __init__(self, port: int) -> None:
        self.port, self.socket = port, None

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """(status, body). A connection that was closed between two requests is tried once more."""
        if self.socket is not None:
            with suppress(ConnectionError):
                return self._exchange(request)
            self.close()
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._exchange(request)

    def _exchange(self, request: bytes) -> tuple[int, bytes]:
        self.socket.sendall(request)
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._receive()
        head = data[:end].lower()
        place = head.find(b"\r\ncontent-length:")
        if place < 0:
            raise RuntimeError("an answer without its length")
        length = int(head[place + 17 :].split(b"\r\n", 1)[0])
        body = data[end + 4 :]
        while len(body) < length:
            body += self._receive()
        if b"\r\nconnection: close" in head:
            self.close()
        return int(head[9:12]), body

    def _receive(self) -> bytes:
        data = self.socket.recv(262_144)
        if not data:
            raise ConnectionResetError("closed by the server")
        return data

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def repeat(
    port: int, request: bytes | Callable[[], bytes], *, seconds: float, connections: int, pid: int = 0
) -> Answers:
    """The same request, or each next one of a maker, on every connection until the time is over."""
    until = time.monotonic() + seconds
    make = request if callable(request) else lambda: request

    def work(connection: Connection, answers: Answers) -> None:
        while time.monotonic() < until:
            _ask(connection, make(), answers)

    return _run(port, work, connections, pid)


def send_all(port: int, requests: Iterable[bytes], *, connections: int, pid: int = 0) -> Answers:
    """Each request once, shared out to the connections as they become free."""
    waiting, lock = iter(requests), threading.Lock()

    def take() -> bytes | None:
        with lock:
            return next(waiting, None)

    def work(connection: Connection, answers: Answers) -> None:
        while (request := take()) is not None:
            _ask(connection, request, answers)

    return _run(port, work, connections, pid)


def _ask(connection: Connection, request: bytes, answers: Answers) -> None:
    began = time.perf_counter()
    status, _body = connection.ask(request)
    answers.latencies.append(time.perf_counter() - began)
    answers.statuses[status] += 1


def _run(port: int, work: Callable[[Connection, Answers], None], connections: int, pid: int) -> Answers:
    """Runs `work` on so many connections at once; an error of any of them is raised."""
    found, errors = [Answers() for _number in range(connections)], []

    def guarded(mine: Answers) -> None:
        connection = Connection(port)
        try:
            work(connection, mine)
        except Exception as error:  # told to the caller after all have ended
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=guarded, args=[mine], daemon=True) for mine in found]
    before, began = server_seconds(pid), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = Answers(time.perf_counter() - began, server_seconds=server_seconds(pid) - before)
    if errors:
        raise errors[0]
    for mine in found:
        whole.latencies += mine.latencies
        whole.statuses += mine.statuses
    return whole


def server_seconds(pid: int) -> float:
    """Processor time of the children of a web server, so far; 0 without one."""
    return sum(_spent(child) for child in _children(pid)) if pid else 0.0


def pss_mib(pid: int) -> float:
    """Memory of a program and its children in MiB, pages that several share counted in parts."""
    return sum(_pss_kib(one) for one in [str(pid), *_children(pid)]) / 1024


def _pss_kib(pid: str) -> int:
    with suppress(OSError), open(f"/proc/{pid}/smaps_rollup") as file:
        return next((int(line.split()[1]) for line in file if line.startswith("Pss:")), 0)
    return 0


def _children(pid: int) -> Iterator[str]:
    with suppress(OSError), open(f"/proc/{pid}/task/{pid}/children") as file:
        yield from file.read().split()


def _spent(pid: str) -> float:
    with suppress(OSError), open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
    return 0.0
