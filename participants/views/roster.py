"""The people of a batch: who has a seat, who waits, who is on the way."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from batches.models import Batch
from core.errors import DomainError
from core.views import explain_domain_errors
from participants import policies, selectors, services
from participants.forms.review import ReasonForm
from participants.models import Registration
from participants.selectors.decision_mails import held_of_batch
from participants.views.review_loading import confirm_page


def roster(request: HttpRequest, code: str) -> HttpResponse:
    """Who has a seat, who waits, who is on the way; a page, and a panel for the page of the batch."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user).select_related("scheme"), code=code)
    context = {
        "batch": batch,
        "roster": selectors.batch_roster(batch),
        "may_review": policies.can_review(request.user),
        "seats_move": services.seats_move(batch),
        "held": held_of_batch(batch) if policies.can_review(request.user) else None,
    }
    template = "participants/review/_roster.html" if request.htmx else "participants/review/roster.html"
    return render(request, template, context)


@explain_domain_errors
def confirm_all_eligible(request: HttpRequest, code: str) -> HttpResponse:
    batch = get_object_or_404(Batch.objects.visible_to(request.user), code=code)
    return_to = reverse("participants:roster", args=[code])
    job = services.confirm_all_eligible(batch, by=request.user, return_to=return_to)
    return redirect("core:job_detail", code=job.code)


def cancel_batch(request: HttpRequest, code: str) -> HttpResponse:
    batch = get_object_or_404(Batch.objects.visible_to(request.user), code=code)
    form = ReasonForm(request.POST or None)
    back = reverse("batches:manage_batch", args=[batch.code])
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_batch(batch, form.cleaned_data["reason"], by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Tersimpan. Peserta dikabari lewat email."))
            return redirect(back)
    people = Registration.objects.live().filter(batch=batch).count()
    effect = _("%(count)s pendaftaran dibatalkan, dan orangnya menerima email berisi alasannya.") % {"count": people}
    return confirm_page(
        request, form, back, title=_("Batalkan angkatan %(name)s?") % {"name": batch.name},
        text=_("Tindakan ini tidak dapat dibatalkan."), consequences=[effect], label=_("Batalkan angkatan"),
    )  # fmt: skip
