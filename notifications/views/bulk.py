"""Many mails at once: first what will be done with which, then what became of each."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.views import explain_domain_errors, safe_next
from notifications import selectors, services
from notifications.forms.outbox import ChosenEmailsForm, EmailFilterForm
from notifications.registry import kind_title
from notifications.services import Outcome
from notifications.states import MAY_CANCEL, MAY_RETRY

LIST = "notifications:email_list"
MOST_TOLD = 10  # refusals in words; more are counted


@explain_domain_errors
def move_emails(request: HttpRequest) -> HttpResponse:
    """The ticked mails: shown with what will happen, then sent again or cancelled."""
    back = safe_next(request, reverse(LIST))
    form = ChosenEmailsForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        return render(request, "notifications/nothing_ticked.html", {"back": back})
    act, chosen = form.cleaned_data["act"], form.cleaned_data["chosen"]
    if request.method != "POST":
        return render(request, "notifications/move_emails.html", _about(act, selectors.lines(chosen)) | {"back": back})
    move = services.retry_emails if act == form.RETRY else services.cancel_emails
    _tell(request, act, move(chosen, by=request.user))
    return redirect(back)


def _about(act: str, rows: Sequence[selectors.EmailLine]) -> dict[str, Any]:
    """The mails with which it can be done, and those that stay as they are."""
    allowed = MAY_RETRY if act == ChosenEmailsForm.RETRY else MAY_CANCEL
    return {
        "act": act,
        "moving": [row for row in rows if row.email.status in allowed],
        "staying": [row for row in rows if row.email.status not in allowed],
    }


def _tell(request: HttpRequest, act: str, outcomes: list[Outcome]) -> None:
    """One line about those that were moved, and one for each that was not."""
    selectors.forget_mail_trouble()
    refused = [one for one in outcomes if one.problem]
    if done := len(outcomes) - len(refused):
        messages.success(request, _done(act, done))
    for one in refused[:MOST_TOLD]:
        words = {"title": kind_title(one.email.kind), "to": one.email.to_address, "problem": one.problem}
        messages.warning(request, _("%(title)s, %(to)s: %(problem)s") % words)
    if len(refused) > MOST_TOLD:
        rest = len(refused) - MOST_TOLD
        messages.warning(request, _("%(number)s surat lain juga tidak berubah.") % {"number": rest})


def _done(act: str, number: int) -> str:
    if act == ChosenEmailsForm.RETRY:
        words = ngettext("%(number)s surat masuk antrean lagi.", "%(number)s surat masuk antrean lagi.", number)
    else:
        words = ngettext("%(number)s surat dibatalkan.", "%(number)s surat dibatalkan.", number)
    return words % {"number": number}


def retry_all(request: HttpRequest) -> HttpResponse:
    """All mails of the filter that failed or wait for their next attempt: shown as a number, then sent again."""
    form = EmailFilterForm(request.GET)
    chosen = form.chosen()
    _found, emails = selectors.narrowed(chosen)
    emails = emails.troubled()
    back = f"{reverse(LIST)}?{urlencode(chosen)}"
    if request.method != "POST":
        context = {"number": emails.count(), "most": services.MANY_AT_ONCE, "back": back}
        return render(request, "notifications/retry_all.html", context)
    number = services.retry_all(emails, by=request.user)
    selectors.forget_mail_trouble()
    messages.success(request, _done(ChosenEmailsForm.RETRY, number))
    return redirect(back)
