"""The admin's view of the outbox: what was sent, what waits, what failed and why."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.views import explain_domain_errors
from notifications import reasons, selectors, services
from notifications.forms.outbox import EmailFilterForm
from notifications.models import Email
from notifications.reading import read_safely
from notifications.registry import Message, group_page, kind_title
from notifications.states import MAY_CANCEL, MAY_RETRY, EmailStatus

PER_PAGE = 50
CSP_MAIL = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"


def email_list(request: HttpRequest) -> HttpResponse:
    """All mails, newest first."""
    form = EmailFilterForm(request.GET)
    chosen = form.chosen()
    found, emails = selectors.narrowed(chosen)
    counts = selectors.email_counts(found)
    page = Paginator(selectors.with_doubt(emails), PER_PAGE).get_page(request.GET.get("h"))
    context = {
        "form": form,
        "page": page,
        "rows": selectors.lines(page),
        "active": chosen,
        "pills": _pills(chosen, counts),
        "failed": counts[EmailStatus.FAILED],
        "retrying": counts[EmailStatus.RETRYING],
        "filter": urlencode({name: value for name, value in chosen.items() if name != "status"}),
    }
    return render(request, "notifications/email_list.html", context)


def _pills(chosen: dict[str, str], counts: dict[str, int]) -> list[dict[str, object]]:
    """The states that have mails, as quick filters beside what else was chosen."""
    current = chosen.get("status", "")

    def pill(label: str, status: str, count: int) -> dict[str, object]:
        query = urlencode({name: value for name, value in (chosen | {"status": status}).items() if value})
        url = reverse("notifications:email_list") + (f"?{query}" if query else "")
        return {"label": label, "url": url, "current": current == status, "count": count}

    everything = pill(_("Semua"), "", sum(counts.values()))
    return [everything] + [pill(status.label, status, counts[status]) for status in EmailStatus if counts[status]]


def email_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One mail with its text and its history; the text of account mails stays hidden, it opens accounts."""
    email = get_object_or_404(Email.objects.select_related("recipient"), code=code)
    line, history = selectors.lines([email])[0], _history(email)
    context = {
        "email": email,
        "title": line.title,
        "reason": line.reason,
        "answer": reasons.server_answer(email.failure_reason) if line.reason else "",
        "may_retry": email.status in MAY_RETRY,
        "may_cancel": email.status in MAY_CANCEL,
        "message": _shown(email),
        "group_url": group_page(email.hold_group),
        "history": history,
        "is_doubtful": any(step["is_doubt"] for step in history),
    }
    return render(request, "notifications/email_detail.html", context)


def _history(email: Email) -> list[dict[str, Any]]:
    """Each step: the state, when, why, and who asked for it."""
    return [
        {
            "status": EmailStatus(event.status),
            "at": event.at,
            "by": event.by,
            "reason": reasons.sentence(event.reason),
            "answer": reasons.server_answer(event.reason),
            "is_doubt": reasons.code_of(event.reason) in reasons.DOUBTS,
        }
        for event in email.events.select_related("by")
    ]


def email_html(request: HttpRequest, code: str) -> HttpResponse:
    """The mail's HTML for the sandboxed frame, empty where none may be seen; it styles itself, nothing of it runs."""
    message = _shown(get_object_or_404(Email, code=code))
    headers = {"Content-Security-Policy": CSP_MAIL, "X-Frame-Options": "SAMEORIGIN"}
    return HttpResponse(message.html if message else "", headers=headers)


def _shown(email: Email) -> Message | None:
    """None also for account mails: their links open accounts, and stay hidden even from admins."""
    return None if email.clear_after_sending else read_safely(email)[0]


@explain_domain_errors
def retry_email(request: HttpRequest, code: str) -> HttpResponse:
    """Queues a mail again that failed or waits for its next attempt."""
    services.retry_email(get_object_or_404(Email, code=code), by=request.user)
    selectors.forget_mail_trouble()
    messages.success(request, _("Surat masuk antrean lagi dan segera dikirim."))
    return redirect("notifications:email_detail", code=code)


@explain_domain_errors
def cancel_email(request: HttpRequest, code: str) -> HttpResponse:
    """Asks once more, then takes the mail back."""
    email = get_object_or_404(selectors.with_doubt(Email.objects.all()), code=code)
    if request.method != "POST" and email.status in MAY_CANCEL:
        context = {"email": email, "title": kind_title(email.kind)}
        return render(request, "notifications/cancel_email.html", context)
    if request.method != "POST":
        messages.info(request, _("Surat ini tidak dapat dibatalkan lagi."))
        return redirect("notifications:email_detail", code=code)
    services.cancel_email(email, by=request.user)
    selectors.forget_mail_trouble()
    doubt = _("Surat dibatalkan. Mungkin server email sudah sempat menerimanya.")
    messages.success(request, doubt if email.is_doubtful else _("Surat dibatalkan. Penerima tidak mendapatnya."))
    return redirect("notifications:email_detail", code=code)


@explain_domain_errors
def send_test_email(request: HttpRequest) -> HttpResponse:
    """A mail to the admin's own address: does mail go out?"""
    email = services.send_test_email(by=request.user)
    messages.success(request, _("Surat uji ditulis untuk %(address)s.") % {"address": email.to_address})
    return redirect("notifications:email_detail", code=email.code)
