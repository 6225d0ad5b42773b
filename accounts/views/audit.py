"""The audit log, for admins, directors and auditors."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.forms import AuditFilterForm
from accounts.models import User
from accounts.selectors import audit_entries
from core.audit_words import act_title, field_title, kind_title, value_title
from core.models import AuditEntry

PER_PAGE = 50


def audit_log(request: HttpRequest) -> HttpResponse:
    """Who did what to what, newest first."""
    acts = AuditEntry.objects.order_by("act").values_list("act", flat=True).distinct()
    form = AuditFilterForm(request.GET or None, acts=sorted(((act, act_title(act)) for act in acts), key=_by_title))
    chosen = form.cleaned_data if form.is_valid() else {}
    page = Paginator(audit_entries(chosen), PER_PAGE).get_page(request.GET.get("h"))
    names = User.objects.in_bulk({pk for entry in page for pk in (entry.actor_id, entry.subject_id) if pk})
    rows = [
        {
            "entry": entry,
            "act": act_title(entry.act),
            "actor": names.get(entry.actor_id),
            "subject": names.get(entry.subject_id) if entry.subject_id != entry.actor_id else None,
            "kind": kind_title(entry.object_kind),
            "changes": [
                (field_title(field), *(value_title(entry.object_kind, field, value) for value in pair))
                for field, pair in entry.changes.items()
            ],
        }
        for entry in page
    ]
    context = {"form": form, "page": page, "rows": rows, "active": any(chosen.values())}
    return render(request, "accounts/audit_log.html", context)


def _by_title(choice: tuple[str, Any]) -> str:
    return choice[1].lower()
