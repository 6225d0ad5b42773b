"""A person's notices: the same mails, read in the portal."""

from datetime import UTC, datetime

from django.core.paginator import Paginator
from django.db.models import F
from django.db.models.lookups import IsNull
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware

from core import clock
from core.views import safe_next
from notifications import services
from notifications.reading import read_safely
from notifications.reasons import code_of
from notifications.registry import kind_title
from notifications.selectors.notices import notices_of, with_visible_at
from notifications.states import EmailStatus

PER_PAGE = 20
SIGNATURE = "\n--\n"  # of mails; on a page of the portal everybody knows who speaks
OF_THE_ADDRESS = frozenset({"address_refused", "mailbox_full"})  # which the recipient can do something about


def notice_list(request: HttpRequest) -> HttpResponse:
    """What the portal told this person: unread first, then the newest."""
    now = clock.now()  # before the reading: what comes after it was not shown
    notices = with_visible_at(notices_of(request.user)).without_text()
    notices = notices.order_by(IsNull(F("read_at"), True).desc(), "-visible_at", "-id")
    page = Paginator(notices, PER_PAGE).get_page(request.GET.get("h"))
    rows = [{"notice": notice, "title": kind_title(notice.kind)} for notice in page]
    return render(request, "notifications/notice_list.html", {"page": page, "rows": rows, "now": now})


def notice_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One notice with its text: as it was sent, or as it would be sent now; nothing when its cause is gone."""
    notice = get_object_or_404(with_visible_at(notices_of(request.user)), code=code)
    message, is_unreadable = read_safely(notice)
    text = message.text if message else ""
    context = {
        "notice": notice,
        "title": kind_title(notice.kind),
        "subject": message.subject if message else notice.subject,
        "text": text.rpartition(SIGNATURE)[0] or text,  # the last one: own words may have such a line too
        "is_unreadable": is_unreadable,
        "is_undelivered": notice.status == EmailStatus.FAILED,
        "is_address_refused": code_of(notice.failure_reason) in OF_THE_ADDRESS,
    }
    return render(request, "notifications/notice_detail.html", context)


def open_notice(request: HttpRequest, code: str) -> HttpResponse:
    """Marks a notice as read and shows it."""
    notice = get_object_or_404(notices_of(request.user), code=code)
    services.mark_read(notice, by=request.user)
    return redirect("notifications:notice_detail", code=code)


def read_all_notices(request: HttpRequest) -> HttpResponse:
    """Marks all as read that were there when the list was shown."""
    until = _moment(request.POST.get("until", ""))
    services.mark_all_read(until=until or clock.now(), by=request.user)
    return redirect(safe_next(request, "notifications:notice_list"))


def _moment(text: str) -> datetime | None:
    """The typed moment; None for anything else, and for what no calendar holds."""
    try:
        moment = parse_datetime(text)
        return moment.astimezone(UTC) if moment and is_aware(moment) else None
    except (ValueError, OverflowError):
        return None
