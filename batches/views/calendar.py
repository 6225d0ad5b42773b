"""The calendar of staff, and the timetable of a published batch as a calendar file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from batches import calendar, ics, policies
from batches.forms import CalendarFilterForm
from batches.models import Batch, SessionKind
from core import clock
from core.months import build_month, month_link, month_links, read_month


def month(request: HttpRequest) -> HttpResponse:
    """A month: every batch for those who plan and watch, narrowed as they like; assessors see what they instruct."""
    today = clock.today()
    first = read_month(request.GET.get("bulan", ""), today)
    everything = calendar.sees_everything(request.user)
    form = CalendarFilterForm(request.GET) if everything else None
    chosen = form.chosen() if form else {}
    sessions = calendar.narrowed(calendar.calendar_sessions(request.user), chosen)
    shown = calendar.in_month(sessions, first)
    entries = calendar.batch_entries if everything and not chosen else calendar.session_entries
    table = build_month(first, entries(shown, calendar.schedule_url), today)
    context = {
        "month": table,
        "links": month_links(first, request.GET),
        "form": form,
        "active": chosen,
        "may_plan": policies.can_plan_batches(request.user),
        "feed_url": ics.feed_address(request.user),
        **(_way_out(request, sessions, first) if table.is_empty else {}),
    }
    return render(request, "batches/calendar.html", context)


def _way_out(request: HttpRequest, sessions: Any, first: Any) -> dict[str, Any]:
    """Where an empty month leads: to one that has sessions."""
    day = calendar.next_after(sessions, first)
    return {"nearest": month_link(day, request.GET) if day else None}


def batch_ics(request: HttpRequest, code: str) -> HttpResponse:
    """The timetable of a published batch for anybody's calendar. No names of people."""
    batch = get_object_or_404(Batch.objects.public().select_related("venue"), code=code)
    path = reverse("participants:batch_page", args=[batch.code])
    sessions = [session for session in calendar.sessions_of(batch) if session.kind != SessionKind.BREAK]
    events = [ics.session_event(session, path) for session in sessions]
    return ics.calendar_response(ics.make_calendar(batch.name, events), f"jadwal-{batch.code}")
