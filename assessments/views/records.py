"""Recording a role play: the sheet, its taps, its methods, and what happens around it."""

import json
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments import services
from assessments.errors.records import KeyReused, NotRelevantHere, RecordIsLocked, TapRefused
from assessments.forms.records import MethodsForm, RecordReasonForm, SheetForm, TapForm
from assessments.models import Record, RolePlay
from assessments.records import Sheet, open_sheet
from assessments.selectors import sheets
from assessments.states import Mode, RecordStatus
from core.errors import DomainError, SystemBusy
from core.views import explain_domain_errors

REFUSED = 422
STATUS_OF = {RecordIsLocked: 409, SystemBusy: 503, **dict.fromkeys([KeyReused, TapRefused, NotRelevantHere], REFUSED)}


def own_records(request: HttpRequest) -> QuerySet[Record]:
    return Record.objects.recorded_by(request.user).with_play()


def start_record(request: HttpRequest, code: str) -> HttpResponse:
    """Asks for the declaration of impartiality; with it, opens the sheet. A practice starts without the question."""
    plays = RolePlay.objects.visible_to(request.user)
    play = get_object_or_404(plays.select_related("round__rotation__batch"), code=code)
    is_exam = Mode(play.round.rotation.mode).is_exam
    if request.method == "POST" and (request.POST.get("impartial") or not is_exam):
        try:
            record = services.start_record(play, by=request.user)
        except DomainError as error:
            return _render_start(request, play, refusal=str(error), status=REFUSED)
        return redirect("assessments:record_sheet", code=record.code)
    return _render_start(request, play)


def _render_start(request: HttpRequest, play: RolePlay, *, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {
        "play": play, "cast": sheets.cast_of(play), "refusal": refusal,
        "mode": Mode(play.round.rotation.mode), "batch": play.round.rotation.batch,
    }  # fmt: skip
    return render(request, "assessments/records/start_record.html", context, status=status)


def record_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The whole sheet on one page; a POST is the plain form, saved at once."""
    record = get_object_or_404(own_records(request), code=code)
    if record.status != RecordStatus.DRAFT:
        return redirect("assessments:record_detail", code=code)
    sheet = open_sheet(record)
    if request.method != "POST":
        return render_sheet(request, sheet)
    form = SheetForm(request.POST, sheet=sheet)
    if not form.is_valid():
        return render_sheet(request, sheet, refusal=" ".join(_sentences(form)), typed=request.POST, status=REFUSED)
    try:
        answers = services.save_sheet(record, form.entries, client_id=form.client_id, by=request.user)
    except DomainError as error:
        return render_sheet(request, sheet, refusal=str(error), typed=request.POST, status=REFUSED)
    return _after_saving(request, code, answers)


def _sentences(form: SheetForm) -> list[str]:
    own = form.non_field_errors()
    return list(own) or [_("Halaman ini tidak lengkap. Isian di bawah belum tersimpan; tekan Simpan lagi.")]


def _after_saving(request: HttpRequest, code: str, answers: list[dict[str, Any]]) -> HttpResponse:
    conflicts = sum(answer["outcome"] == "conflict" for answer in answers)
    if conflicts:
        text = _("%(count)s nilai berbeda dengan perangkat lain. Pilih nilai yang dipakai.")
        messages.warning(request, text % {"count": conflicts})
        return redirect("assessments:resolve_conflict", code=code)
    goal = request.POST.get("go", "")
    if goal == "review":
        return redirect("assessments:review_record", code=code)
    messages.success(request, _("%(count)s nilai tersimpan di server.") % {"count": len(answers)})
    anchor = f"#{goal}" if goal.isascii() and goal.isalnum() else ""
    return redirect(reverse("assessments:record_sheet", args=[code]) + anchor)


def render_sheet(
    request: HttpRequest, sheet: Sheet, *, refusal: str = "", typed: Any = None, status: int = 200
) -> HttpResponse:
    """The sheet; `typed` stands instead of what is stored after a refusal, with the showing it belongs to."""
    record, play = sheet.record, sheet.record.role_play
    blocks = sheets.blocks_of(sheet, typed)
    context = {
        "record": record, "play": play, "batch": play.round.rotation.batch, "sheet": sheet, "blocks": blocks,
        "recorded": sum(block.recorded for block in blocks), "total": sum(block.total for block in blocks),
        "cast": sheets.cast_of(play), "saved_at": sheets.last_saved(record), "refusal": refusal,
        "client": typed["client"] if typed and typed.get("client") else uuid4(),
        "seen": typed.get("seen", "") if typed else sheets.seen_of(sheet), "chips": sheets.last_notes(request.user),
        "methods": [one.label for one in sheet.rubric.methods if one.code in sheet.facts.methods],
        "methods_form": _methods_form(sheet), "mode": Mode(play.round.rotation.mode),
    }  # fmt: skip
    return render(request, "assessments/records/record_sheet.html", context, status=status)


def _methods_form(sheet: Sheet, data: Any = None) -> MethodsForm:
    play = sheet.record.role_play
    initial = {"methods": play.methods, "has_objection": play.has_objection}
    return MethodsForm(data, rubric=sheet.rubric, initial=initial)


def record_tap(request: HttpRequest, code: str) -> JsonResponse:
    """One tap of a device, as JSON: 200 with what stands, 409 when the sheet is locked, 422 when it cannot hold it."""
    record = get_object_or_404(Record.objects.recorded_by(request.user), code=code)
    form = TapForm(_json(request))
    try:
        if not form.is_valid():
            raise TapRefused
        return JsonResponse(services.record_tap(record, form.tap(), by=request.user))
    except tuple(STATUS_OF) as error:
        return JsonResponse({"code": error.code, "message": str(error)}, status=STATUS_OF[type(error)])


def _json(request: HttpRequest) -> dict[str, Any]:
    """The body as an object; empty when it is none. A form's body is read already and no longer at hand."""
    if request.content_type != "application/json":
        return {}
    try:
        found = json.loads(request.body)
        json.dumps(found, ensure_ascii=False).encode()  # half a character cannot be stored
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


@explain_domain_errors
def set_methods(request: HttpRequest, code: str) -> HttpResponse:
    record = get_object_or_404(own_records(request), code=code)
    form = _methods_form(open_sheet(record), request.POST)
    if not form.is_valid():
        raise DomainError(next(iter(form.errors.values()))[0])
    chosen = form.cleaned_data
    services.set_methods(record, chosen["methods"], chosen["has_objection"], by=request.user)
    messages.success(request, _("Metode tersimpan. Kriteria yang berlaku sudah disesuaikan."))
    return redirect("assessments:record_sheet", code=code)


def void_record(request: HttpRequest, code: str) -> HttpResponse:
    """Gives a draft up, with a reason."""
    record = get_object_or_404(own_records(request), code=code)
    words = {
        "title": _("Batalkan lembar ini?"),
        "text": _("Nilai yang sudah dicatat tetap tersimpan sebagai riwayat, tetapi tidak dipakai."),
        "label": _("Batalkan lembar"), "danger": True,
    }  # fmt: skip
    return _with_reason(request, record, services.void_record, "assessor_home", **words)


def correct_record(request: HttpRequest, code: str) -> HttpResponse:
    """Opens a new version of a signed record."""
    record = get_object_or_404(own_records(request), code=code)
    words = {
        "title": _("Koreksi rekaman ini?"),
        "text": _("Versi yang ditandatangani tetap berlaku sampai versi baru Anda tandatangani."),
        "label": _("Mulai koreksi"), "danger": False,
    }  # fmt: skip
    return _with_reason(request, record, services.correct_record, "", **words)


def _with_reason(request: HttpRequest, record: Record, service: Any, then: str, **words: Any) -> HttpResponse:
    form = RecordReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            result = service(record, form.cleaned_data["reason"], by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect(then) if then else redirect("assessments:record_sheet", code=result.code)
    back = reverse("assessments:record_detail", args=[record.code])
    context = {"form": form, "back_url": back, "consequences": [], **words}
    return render(request, "assessments/records/decide.html", context, status=REFUSED if form.errors else 200)
