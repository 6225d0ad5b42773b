"""A person's notices: the same mails, read in the portal."""

from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import F
from django.db.models.lookups import IsNull
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware

from core import clock
from core.views import safe_next
from notifications import registry, services
from notifications.models import Email
from notifications.notices import notices_of
from notifications.registry import kind_title
from notifications.states import EmailStatus

PER_PAGE = 20
SIGNATURE = "\n--\n"  # of mails; on a page of the portal everybody knows who speaks


def notice_list(request: HttpRequest) -> HttpResponse:
    """What the portal told this person: unread first, then the newest."""
    notices = notices_of(request.user).defer("body_text", "body_html")
    notices = notices.order_by(IsNull(F("read_at"), True).desc(), "-created_at", "-id")
    page = Paginator(notices, PER_PAGE).get_page(request.GET.get("h"))
    rows = [{"notice": notice, "title": kind_title(notice.kind)} for notice in page]
    return render(request, "notifications/notice_list.html", {"page": page, "rows": rows, "now": clock.now()})


def notice_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One notice with its text: as it was sent, or as it would be sent now; nothing when its cause is gone."""
    notice = get_object_or_404(notices_of(request.user), code=code)
    subject, text = _told(notice)
    context = {
        "notice": notice,
        "title": kind_title(notice.kind),
        "subject": subject,
        "text": text.partition(SIGNATURE)[0],
        "is_undelivered": notice.status == EmailStatus.FAILED,
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


def _told(notice: Email) -> tuple[str, str]:
    if notice.body_text:
        return notice.subject, notice.body_text
    message = registry.render(notice.kind, notice.params, notice.language)
    return (message.subject, message.text) if message else (notice.subject, "")


def _moment(text: str) -> datetime | None:
    """The typed moment; None for anything else."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and is_aware(moment) else None
