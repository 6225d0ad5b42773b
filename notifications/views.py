"""The admin's view of the outbox: what was sent, what waits, what failed and why."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.views import explain_domain_errors
from notifications import failures, services
from notifications.forms import EmailFilterForm
from notifications.models import Email
from notifications.registry import kind_title
from notifications.selectors import email_counts
from notifications.states import EmailStatus

PER_PAGE = 50


def email_list(request: HttpRequest) -> HttpResponse:
    """All mails, newest first."""
    form = EmailFilterForm(request.GET)
    chosen = form.chosen()
    emails = Email.objects.defer("body_text", "body_html")
    if "status" in chosen:
        emails = emails.filter(status=chosen["status"])
    if "q" in chosen:
        emails = emails.filter(to_address__icontains=chosen["q"])
    page = Paginator(emails, PER_PAGE).get_page(request.GET.get("h"))
    rows = [
        {"email": email, "title": kind_title(email.kind), "reason": failures.sentence(email.failure_reason)}
        for email in page
    ]
    context = {"form": form, "page": page, "rows": rows, "active": chosen, "pills": _pills(chosen.get("status", ""))}
    return render(request, "notifications/email_list.html", context)


def _pills(current: str) -> list[dict[str, object]]:
    """The states that have mails, as quick filters."""
    counts, url = email_counts(), reverse("notifications:email_list")
    everything = {"label": _("Semua"), "url": url, "current": not current, "count": sum(counts.values())}
    return [everything] + [
        {"label": status.label, "url": f"{url}?status={status}", "current": current == status, "count": counts[status]}
        for status in EmailStatus
        if counts[status]
    ]


def email_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One mail with its text and its history; the text of account mails stays hidden, it opens accounts."""
    email = get_object_or_404(Email, code=code)
    context = {
        "email": email,
        "title": kind_title(email.kind),
        "reason": failures.sentence(email.failure_reason),
        "answer": failures.server_answer(email.failure_reason),
        "attempts_left": services.MOST_ATTEMPTS - email.attempts,
        "may_retry": email.status == EmailStatus.FAILED,
    }
    return render(request, "notifications/email_detail.html", context)


@explain_domain_errors
def retry_email(request: HttpRequest, code: str) -> HttpResponse:
    """Queues a failed mail again."""
    services.retry_email(get_object_or_404(Email, code=code), by=request.user)
    messages.success(request, _("Surat masuk antrean lagi dan segera dikirim."))
    return redirect("notifications:email_detail", code=code)
