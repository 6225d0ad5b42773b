"""The run sheet on the wall and on phones, and its two buttons."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments import services
from assessments.models import Round
from assessments.policies.rotation import can_run_rounds
from assessments.selectors import run_sheet as sheets
from assessments.states import Mode
from assessments.views.rotation import class_batch
from batches.models import Batch
from core.views import explain_domain_errors

WORDS = {Mode.FORMATIVE: "latihan", Mode.SUMMATIVE: "uji", Mode.RETAKE: "uji-ulang"}


def run_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The round that is on, who plays with whom and where, and the time left; htmx asks again and again."""
    batch = class_batch(request, code)
    word = request.GET.get("jenis", "")
    mode = next((one.value for one, name in WORDS.items() if name == word), "")
    number = request.GET.get("putaran", "")
    sheet = sheets.run_sheet(batch, mode=mode, number=int(number) if number.isdecimal() and len(number) < 4 else None)
    url = reverse("assessments:run_sheet", args=[code])
    context = {
        "batch": batch,
        "sheet": sheet,
        "shown": sheet.shown,
        "may_run": can_run_rounds(request.user, batch),
        "pills": [
            {"label": one.label, "url": f"{url}?jenis={WORDS[one]}", "current": one == sheet.mode}
            for one in sheet.modes
        ],
        "address": request.get_full_path(),
        "word": WORDS[sheet.mode],
    }  # fmt: skip
    template = "assessments/rotation/_run_state.html" if request.htmx else "assessments/rotation/run_sheet.html"
    return render(request, template, context)


def _turn(service: Callable[..., Round], done: Promise) -> Callable[..., HttpResponse]:
    """A view that starts or ends one round and goes back to the sheet."""

    @explain_domain_errors
    def view(request: HttpRequest, code: str, number: int) -> HttpResponse:
        rounds = Round.objects.filter(rotation__batch__in=Batch.objects.planned_with(request.user))
        one = get_object_or_404(rounds.select_related("rotation__batch"), rotation__code=code, number=number)
        batch = one.rotation.batch
        if not can_run_rounds(request.user, batch):
            raise PermissionDenied
        service(one, by=request.user)
        messages.success(request, done % {"number": number})
        word = WORDS[Mode(one.rotation.mode)]
        return redirect(f"{reverse('assessments:run_sheet', args=[batch.code])}?jenis={word}")

    return view


start_round = _turn(services.start_round, _("Putaran %(number)s dimulai."))
end_round = _turn(services.end_round, _("Putaran %(number)s diakhiri."))
