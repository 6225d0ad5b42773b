"""32 clients confirm people into too few seats, through HTTP, each as an admin of its own; then the control does.

Rounds repeat until the time is over: in each, every eligible person of a new batch is confirmed once.
"""

import itertools
import time
from datetime import datetime
from typing import Any

from django.db.models import F, Max
from django.urls import reverse

from batches.models import Batch
from bench import seed
from bench.browsing import headers_of, post
from bench.control import take_guards_away
from bench.figures import figure
from bench.load import Answers, request_bytes, send_all
from bench.servers import OF_A_PROXY, Servers, Web
from core import clock
from participants.models import Registration
from participants.states import RegistrationStatus as S

CLIENTS = 32
SECONDS = 120
SEATS = (100, 24)  # in turn


def figures(servers: Servers, *, quick: bool = False) -> list[dict[str, Any]]:
    portal = servers.web()
    keys = [headers_of(admin) for admin in seed.admins(4 if quick else CLIENTS)]
    until, sizes = time.monotonic() + (0 if quick else SECONDS), itertools.cycle((3,) if quick else SEATS)
    rates, p95s, attempts, oversold = [], [], 0, 0
    while not rates or time.monotonic() < until:
        seats = next(sizes)
        batch, people = seed.contested_batch(seats, seats * 2)
        began = clock.now()
        answers = send_all(portal.port, clicks(people, keys), connections=CLIENTS, pid=portal.pid).only(302)
        confirmed = confirmed_in(batch)
        attempts += answers.count
        oversold += max(0, confirmed - seats)
        if seats == max(SEATS) or quick:  # the quota that others are measured by
            rates.append(confirmed / (last_seat_at(batch) - began).total_seconds())
            p95s.append(answers.p95_ms)
    note = f"{CLIENTS} clients, {max(SEATS)} seats, until the last is given; each click is a page with session and mail"
    return [
        figure("race.http.confirmed_per_s", rates, "1/s", note),
        figure("race.http.p95_ms", p95s, "ms", f"{CLIENTS} clients", digits=0),
        figure("race.oversold", [oversold], "", f"of {attempts} clicks", digits=0),
        control(servers, quick=quick),
    ]


def clicks(people: list[Registration], keys: list[dict[str, str]]) -> list[bytes]:
    """One press of the button for each person, by the admins in turn."""
    admins = itertools.cycle(keys)
    return [post(reverse("participants:confirm_registration", args=[one.code]), next(admins)) for one in people]


def confirmed_in(batch: Batch) -> int:
    return Registration.objects.filter(batch=batch, status=S.CONFIRMED).count()


def last_seat_at(batch: Batch) -> datetime:
    """When the last seat was given; what comes after it only joins the waiting list."""
    return Registration.objects.filter(batch=batch).aggregate(at=Max("confirmed_at"))["at"]


def control(servers: Servers, *, quick: bool) -> dict[str, Any]:
    """The same without the lock; it must sell too many. The last thing in this database."""
    take_guards_away()
    portal = servers.web(path="/kontrol/", DJANGO_SETTINGS_MODULE="bench.control_settings")
    batches = [seed.contested_batch(24, 200) for _round in range(1 if quick else 5)]
    sold = [oversold_by(portal, batch, people) for batch, people in batches]
    return figure("race.control_oversold", sold, "", "each of 24 seats and 200 people, look and write without the lock")


def oversold_by(portal: Web, batch: Batch, people: list[Registration]) -> int:
    requests = [request_bytes("POST", f"/kontrol/{one.code}/", OF_A_PROXY) for one in people]
    answers: Answers = send_all(portal.port, requests, connections=CLIENTS)
    answers.only(200)
    return confirmed_in(batch) - Batch.objects.values_list(F("capacity"), flat=True).get(pk=batch.pk)
