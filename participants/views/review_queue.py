"""The queue of the review desk: who waits, and for how long."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from batches.models import Batch
from core import clock
from participants.forms.review import OPEN, QueueFilterForm
from participants.models import Registration
from participants.selectors import review as desk
from participants.states import SENT
from participants.states import RegistrationStatus as S

PER_PAGE = 25
PILLS = (OPEN, S.RETURNED, S.ELIGIBLE, S.WAITLISTED, S.CONFIRMED)


def review_queue(request: HttpRequest) -> HttpResponse:
    """Everything that was sent, who waits longest first."""
    batches = Batch.objects.order_by("-starts_on", "name")
    form = QueueFilterForm(request.GET, batches=batches)
    chosen = form.chosen()
    page = Paginator(desk.review_queue(chosen), PER_PAGE).get_page(request.GET.get("h"))
    context = {
        "form": form,
        "page": page,
        "rows": [{"registration": one, "days": waiting_days(one)} for one in page],
        "active": chosen,
        "pills": _pills(chosen.get("status", "")),
    }
    return render(request, "participants/review/review_queue.html", context)


def waiting_days(registration: Registration) -> int | None:
    """Days since it was sent, while somebody still has to act."""
    ended = registration.status in {S.COMPLETED, S.REJECTED, S.WITHDRAWN, S.CANCELLED, S.CONFIRMED}
    if ended or registration.submitted_at is None:
        return None
    return (clock.now() - registration.submitted_at).days


def _pills(current: str) -> list[dict[str, Any]]:
    counts, url = desk.queue_counts(), reverse("participants:review_queue")
    labels = {OPEN: _("Menunggu pemeriksaan")}
    everything = {"label": _("Semua"), "url": url, "current": not current, "count": sum(counts[s] for s in SENT)}
    return [everything] + [
        {
            "label": labels.get(status) or S(status).label,
            "url": f"{url}?status={status}",
            "current": current == status,
            "count": counts[status],
        }
        for status in PILLS
    ]
