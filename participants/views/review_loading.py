"""What the pages of the review desk share: loading a file, and the page that asks once more."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from participants.models import Registration, RegistrationQuerySet


def sent(request: HttpRequest) -> RegistrationQuerySet:
    """What the reader may see of all that was sent; drafts are their owners' alone."""
    return Registration.objects.visible_to(request.user).sent()


def load_sent(request: HttpRequest, code: str) -> Registration:
    """One of them, with what the services look at; 404 otherwise."""
    rows = sent(request).select_related("person__user", "batch__rule_set", "scheme", "claimed_by")
    return get_object_or_404(rows, code=code)


def to_review(code: str) -> HttpResponse:
    return redirect("participants:review_registration", code=code)


def confirm_page(request: HttpRequest, form: Form, back_url: str, *, danger: bool = True, **words: Any) -> HttpResponse:
    """The page of a decision: what will happen, and the form with the reason; 422 with what was typed."""
    context = {"form": form, "back_url": back_url, "danger": danger, **words}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "participants/review/decide.html", context, status=status)
