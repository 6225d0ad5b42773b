"""The participant's timetable, and everybody's private calendar."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.feeds import user_of_feed
from accounts.services import replace_feed as replace
from batches import calendar, ics
from batches.models import SessionKind
from core import clock
from core.months import build_month, month_links, read_month
from core.views import safe_next
from participants.models import Registration
from participants.selectors.schedule import own_events
from participants.states import SEATED


def my_schedule(request: HttpRequest, code: str) -> HttpResponse:
    """First the list with the next session, then the month, then the ways into the own calendar."""
    mine = Registration.objects.owned_by(request.user).select_related("batch__venue", "batch__scheme")
    registration = get_object_or_404(mine, code=code)
    batch = registration.batch
    sessions = calendar.sessions_of(batch) if registration.status in SEATED else []
    coming = calendar.next_session(sessions)
    today = clock.today(batch.time_zone)
    first = read_month(request.GET.get("bulan", ""), max(today, batch.starts_on) if coming else batch.starts_on)
    shown = [session for session in sessions if session.kind != SessionKind.BREAK]
    entries = calendar.batch_entries(shown, lambda session: f"#sesi-{session.code}")
    context = {
        "registration": registration,
        "batch": batch,
        "has_seat": registration.status in SEATED,
        "days": calendar.days_of(batch, sessions),
        "next_session": coming,
        "month": build_month(first, entries, today),
        "links": month_links(first, request.GET),
        "feed_url": ics.feed_address(request.user),
    }
    return render(request, "participants/my_schedule.html", context)


def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The private calendar behind a secret address; a replaced or made-up address answers like no page."""
    user = user_of_feed(token)
    if user is None:
        raise Http404
    return ics.calendar_response(ics.make_calendar(_("Jadwal pelatihan saya"), own_events(user)), "jadwal-saya")


def replace_feed(request: HttpRequest) -> HttpResponse:
    """A new secret address; calendars that use the old one get nothing more."""
    replace(request.user, by=request.user)
    messages.success(request, _("Alamat kalender diganti. Langganan dengan alamat lama tidak diperbarui lagi."))
    return redirect(safe_next(request, "dashboard"))
