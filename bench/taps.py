"""Taps of several senior assessors at once, through HTTP: how many a second, after how long, and is one lost?"""

import itertools
import json
import threading
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.urls import reverse

from assessments.models import RatingEvent, Record
from assessments.records import rubric_of
from bench.browsing import headers_of, post
from bench.figures import figure
from bench.load import Connection, percentile
from bench.servers import Servers, Web
from core import clock
from tests.factories.records import make_record

ASSESSORS = 8
SECONDS = 12
ROUNDS = 5


class Device:
    """One assessor's tablet: taps one criterion after the other, and remembers what the server has acknowledged."""

    def __init__(self, record: Record) -> None:
        record = Record.objects.with_play().get(pk=record.pk)
        self.path = reverse("assessments:record_tap", args=[record.code])
        self.headers = headers_of(record.recorder)
        self.client, self.seq, self.versions = str(uuid4()), itertools.count(1), {}
        self.taps = self._taps([one.id for one in rubric_of(record.role_play).criteria()])
        self.acknowledged: list[str] = []
        self.latencies: list[float] = []

    def _taps(self, items: list[str]) -> Iterator[tuple[str, str]]:
        for value in itertools.cycle("YT"):
            yield from ((item, value) for item in items)

    def tap_until(self, port: int, until: float) -> None:
        connection = Connection(port)
        while time.monotonic() < until:
            item, value = next(self.taps)
            key = str(uuid4())
            body = {
                "key": key, "client_id": self.client, "seq": next(self.seq), "item": item, "aspect": "", "value": value,
                "note": "Belum terlihat." if value == "T" else "", "base_version": self.versions.get(item, 1),
                "tapped_at": clock.now().isoformat(),
            }  # fmt: skip
            request = post(self.path, self.headers, json.dumps(body).encode(), "application/json")
            began = time.perf_counter()
            status, answer = connection.ask(request)
            self.latencies.append(time.perf_counter() - began)
            if status != 200:
                raise RuntimeError(f"a tap was answered with {status}: {answer[:200]!r}")
            self.acknowledged.append(key)
            self.versions[item] = self.versions.get(item, 1) + 1
        connection.close()


def figures(servers: Servers, *, quick: bool = False) -> list[dict[str, Any]]:
    devices = [Device(make_record(evidence="")) for _number in range(2 if quick else ASSESSORS)]
    portal = servers.web()
    rounds = [tap_at_once(devices, portal, 0.3 if quick else SECONDS) for _number in range(1 if quick else ROUNDS)]
    keys = [key for device in devices for key in device.acknowledged]
    stored = RatingEvent.objects.filter(key__in=keys).count()
    note = f"{len(devices)} assessors, one web server of 2 processes and 4 threads each"
    return [
        figure("taps.per_s", [rate for rate, _p95 in rounds], "1/s", note, digits=1),
        figure("taps.p95_ms", [p95 for _rate, p95 in rounds], "ms", f"{len(devices)} at once", digits=1),
        figure("taps.lost", [len(keys) - stored], "", f"acknowledged and not stored, of {len(keys)}", digits=0),
    ]


def tap_at_once(devices: list[Device], portal: Web, seconds: float) -> tuple[float, float]:
    """(taps a second, p95 in ms) of one round."""
    for device in devices:
        device.latencies.clear()
    errors: list[Exception] = []

    def work(device: Device) -> None:
        try:
            device.tap_until(portal.port, began + seconds)
        except Exception as error:  # raised again below
            errors.append(error)

    began = time.monotonic()
    threads = [threading.Thread(target=work, args=[device], daemon=True) for device in devices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    latencies = [one for device in devices for one in device.latencies]
    return len(latencies) / (time.monotonic() - began), percentile(latencies, 95) * 1000
