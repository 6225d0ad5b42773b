"""How the portal is: the operations page for people, health checks for machines, metrics for a monitor."""

from functools import cache
from typing import Any

import django
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.backup.manifest import commit_of_code
from notifications.states import EmailStatus
from tot_portal.access import ACCESS, allows
from tot_portal.checks import SWEEPS, Check, State, ago, check_all, overdue_sweeps
from tot_portal.facts import Facts, ask_broker, pending_migrations, read_facts, read_sizes
from tot_portal.metrics import exposition

QUEUE_TITLES = {
    "mail": _("Surat"), "certificates": _("Sertifikat"), "jobs": _("Proses"), "bulk": _("Proses besar"),
    "sweeps": _("Penyapu"),
}  # fmt: skip
REFRESHES = 40  # of 30 s each: less than the idle time after which a session of staff ends
TEXT = "text/plain; version=0.0.4; charset=utf-8"


def operations(request: HttpRequest) -> HttpResponse:
    """The state of everything that runs; the same address answers the part that renews itself."""
    facts = read_facts()
    checks = check_all(facts)
    refreshed = int(count) if (count := request.GET.get("ke", "")).isdecimal() and len(count) < 4 else 0
    context = {
        "facts": facts, "sizes": read_sizes(), "sweeps": sweep_lines(facts), "queues": queue_lines(facts),
        "mails": [(EmailStatus(status), count) for status, count in facts.mails.items()],
        "lines": [(check, url_of(check, request.user)) for check in checks],
        "bad": [check for check in checks if check.state == State.BAD],
        "warned": [check for check in checks if check.state == State.WARN],
        "versions": {
            "portal": _commit(), "django": django.get_version(), "postgresql": connection.pg_version // 10_000,
        },
        "next_refresh": refreshed + 1 if refreshed < REFRESHES else None,
    }  # fmt: skip
    template = "tot_portal/_operations.html" if request.htmx else "tot_portal/operations.html"
    return render(request, template, context)


@cache
def _commit() -> str:
    """The beginning of the commit that runs; '' in an image without the checkout."""
    return commit_of_code()[:10]


def url_of(check: Check, user: User) -> str:
    """The page that clears a check; '' when there is none, or this person may not open it."""
    if not check.route or check.route not in ACCESS or not allows(ACCESS[check.route], user):
        return ""
    return reverse(check.route, args=check.arguments) + check.query


def queue_lines(facts: Facts) -> list[tuple[Any, int]]:
    """Each queue in words with its length; nothing while the broker is away."""
    waiting = facts.broker.waiting if facts.broker else {}
    return [(QUEUE_TITLES.get(queue, queue), length) for queue, length in waiting.items()]


def sweep_lines(facts: Facts) -> list[dict[str, Any]]:
    """Each sweep: when it ran last, what it found then and in all, and whether it is overdue."""
    overdue = overdue_sweeps(facts)
    return [_sweep_line(facts, name, overdue=name in overdue) for name in SWEEPS]


def _sweep_line(facts: Facts, name: str, *, overdue: bool) -> dict[str, Any]:
    one = facts.marks.get(name)
    detail = one.detail if one else {}
    return {
        "title": SWEEPS[name].title, "at": one and one.at, "ago": ago(facts.now - one.at) if one else "",
        "found_at": parse_datetime(detail.get("found_at", "")), "total": detail.get("total"),
        "state": State.BAD if overdue else State.OK if one else None,
    }  # fmt: skip


def health_live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def health_ready(request: HttpRequest) -> HttpResponse:
    """503 only when the portal cannot serve. Names and states, nothing else: everybody may ask."""
    checks = readiness()
    states = set(checks.values())
    state = next(state for state in ("down", "degraded", "ok") if state in states)
    return JsonResponse({"state": state, "checks": checks}, status=503 if state == "down" else 200)


def readiness() -> dict[str, str]:
    """Each check's name with ok, degraded or down. What is only to be watched is ok."""
    try:
        pending = pending_migrations()
        found = [] if pending else check_all(read_facts())
    except Error:
        return {"database": "down", "broker": "ok" if ask_broker() else "degraded"}
    states = {check.name: "degraded" if check.state == State.BAD else "ok" for check in found}
    return {"database": "ok", "migrations": "down" if pending else "ok"} | states


def metrics(request: HttpRequest) -> HttpResponse:
    """For a monitor that shows METRICS_TOKEN; without one configured there is nothing here."""
    if not settings.METRICS_TOKEN:
        raise Http404
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    if not constant_time_compare(token, settings.METRICS_TOKEN):
        raise PermissionDenied
    return HttpResponse(exposition(), content_type=TEXT, headers={"Cache-Control": "no-store"})
