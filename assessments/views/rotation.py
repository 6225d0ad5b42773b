"""The desk of role plays: rotations of a class, their figures, and taking them into use."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments import services
from assessments.errors.plays import RubricMissing
from assessments.forms.rotation import RotationForm
from assessments.models import Rotation
from assessments.policies.rotation import can_plan_plays
from assessments.rubric import RubricView, read
from assessments.selectors import rotation_board as boards
from assessments.selectors.exam_list import exam_list
from assessments.services.rotation_plans import rubric_of
from assessments.states import Mode
from batches.models import Batch
from core.errors import DomainError
from core.views import explain_domain_errors

WORDS = {Mode.FORMATIVE: "latihan", Mode.SUMMATIVE: "uji"}
IN_USE = "dipakai"


def rotation_board(request: HttpRequest, code: str) -> HttpResponse:
    """Rounds and groups of practice or exam, how fair they are, who is left out, and what to do next."""
    batch = class_batch(request, code)
    mode = mode_of(request)
    context = {
        "batch": batch,
        "mode": mode,
        "pills": [
            {"label": one.label, "url": board_url(batch, one), "current": one == mode} for one in WORDS
        ],
        "board": boards.rotation_board(batch, mode, prefer_published=request.GET.get("tampil") == IN_USE),
        "may_plan": can_plan_plays(request.user),
        "make_url": f"{reverse('assessments:make_rotation', args=[code])}?jenis={WORDS[mode]}",
        "board_url": board_url(batch, mode),
    }  # fmt: skip
    return render(request, "assessments/rotation/board.html", context)


def make_rotation(request: HttpRequest, code: str) -> HttpResponse:
    """Asks for minutes, group size and methods, and makes a draft."""
    batch, mode = class_batch(request, code), mode_of(request)
    form = RotationForm(request.POST or None, mode=mode, rubric=rubric_view(batch))
    if request.method == "POST" and form.is_valid():
        try:
            services.make_rotation(batch, mode=mode, **form.cleaned_data, by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Draf rotasi dibuat. Periksa, lalu pakai."))
            return redirect(board_url(batch, mode))
    context = {
        "batch": batch, "form": form, "mode": mode, "back_url": board_url(batch, mode),
        "left_out": exam_list(batch).left_out if mode.is_exam else [],
    }  # fmt: skip
    return render(request, "assessments/rotation/make.html", context, status=422 if form.errors else 200)


@explain_domain_errors
def publish_rotation(request: HttpRequest, code: str) -> HttpResponse:
    """Takes a draft into use."""
    batches = Batch.objects.planned_with(request.user)
    rotation = get_object_or_404(Rotation.objects.filter(batch__in=batches).select_related("batch"), code=code)
    rotation = services.publish_rotation(rotation, by=request.user)
    messages.success(request, _("Rotasi dipakai. Peserta dan penguji sekarang melihat permainannya."))
    return redirect(board_url(rotation.batch, Mode(rotation.mode)))


def class_batch(request: HttpRequest, code: str) -> Batch:
    """A batch that this person plans, watches or serves; 404 for others."""
    batches = Batch.objects.planned_with(request.user).select_related("scheme", "venue")
    return get_object_or_404(batches, code=code)


def mode_of(request: HttpRequest) -> Mode:
    """Practice unless the address asks for the exam."""
    return Mode.SUMMATIVE if request.GET.get("jenis") == WORDS[Mode.SUMMATIVE] else Mode.FORMATIVE


def board_url(batch: Batch, mode: Mode) -> str:
    """The board of a mode; single exam plays stand on the exam's."""
    url = reverse("assessments:rotation_board", args=[batch.code])
    return f"{url}?jenis={WORDS[Mode.SUMMATIVE]}" if mode.is_exam else url


def rubric_view(batch: Batch) -> RubricView | None:
    """The rubric in force; None when the scheme has none, which the service then says."""
    try:
        return read(rubric_of(batch).content)
    except RubricMissing:
        return None
