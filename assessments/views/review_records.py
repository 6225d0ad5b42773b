"""After recording: the last look, the signature, differences between devices, and what was signed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments import services
from assessments.errors.records import GapNotExplained
from assessments.forms.records import PlayDecisionForm, SignForm
from assessments.models import Record, RolePlay
from assessments.policies.records import can_correct, can_fill
from assessments.records import Sheet, open_sheet, sheet_digest
from assessments.selectors import reviews, sheets
from assessments.services.records import SENIOR, TRAINEE
from assessments.states import Mode, RecordStatus, Result
from assessments.views.records import REFUSED, own_records
from core.errors import ChangedMeanwhile, DomainError
from core.views import explain_domain_errors


def review_record(request: HttpRequest, code: str) -> HttpResponse:
    """What is missing, the result with its reasons, and the signature; a POST signs what was shown."""
    record = get_object_or_404(own_records(request), code=code)
    if record.status != RecordStatus.DRAFT:
        return redirect("assessments:record_detail", code=code)
    sheet = open_sheet(record)
    form = _sign_form(request, sheet)
    changed: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _sign(request, record, form)
        except ChangedMeanwhile as error:
            form.add_error(None, str(error))
            changed = sheets.events_since(record, form.cleaned_data["shown"])
            form = _renewed(form, sheet)
        except GapNotExplained as error:
            form.add_error(f"gap_{error.context['unit']}" if error.context["unit"] in form.units else None, str(error))
        except DomainError as error:
            form.add_error(None, str(error))
    return _render_review(request, sheet, form, changed)


def _sign(request: HttpRequest, record: Record, form: SignForm) -> HttpResponse:
    data = form.cleaned_data
    record = services.sign_record(
        record, digest=data["digest"], summary=data["summary"], units=form.explained(), by=request.user
    )
    messages.success(request, _("Rekaman ditandatangani dan terkunci."))
    return redirect("assessments:record_detail", code=record.code)


def _sign_form(request: HttpRequest, sheet: Sheet) -> SignForm:
    initial = {"digest": sheet_digest(sheet), "shown": sheets.event_count(sheet.record)}
    initial |= reviews.explained_before(sheet.record)
    units = [one.unit for one in sheet.outcome.units if one.result == Result.NOT_YET]
    data = request.POST if request.method == "POST" else None
    return SignForm(data, rubric=sheet.rubric, units=units, signer=str(request.user), initial=initial)


def _renewed(form: SignForm, sheet: Sheet) -> SignForm:
    """The same typed words under the digest of the sheet as it is now."""
    form.data = form.data.copy()
    form.data["digest"], form.data["shown"] = sheet_digest(sheet), str(sheets.event_count(sheet.record))
    return form


def _render_review(request: HttpRequest, sheet: Sheet, form: SignForm, changed: list[Any]) -> HttpResponse:
    record, play = sheet.record, sheet.record.role_play
    context = {
        "record": record, "play": play, "batch": play.round.rotation.batch, "sheet": sheet, "form": form,
        "review": reviews.review_of(sheet), "changed": [reviews.change_of(one, sheet.rubric) for one in changed],
        "cast": sheets.cast_of(play), "mode": Mode(play.round.rotation.mode),
        "decisions": reviews.decisions_of(play, viewer=SENIOR),
        "cards": [(unit, form.of_unit(unit.code)) for unit in reviews.units_of(sheet)],
    }  # fmt: skip
    return render(request, "assessments/records/review_record.html", context, status=REFUSED if form.errors else 200)


def resolve_conflict(request: HttpRequest, code: str) -> HttpResponse:
    """All differences between devices, each with both values; a POST settles one."""
    record = get_object_or_404(own_records(request), code=code)
    if request.method == "POST":
        return _resolve(request, record)
    sheet = open_sheet(record)
    context = {
        "record": record,
        "batch": record.role_play.round.rotation.batch,
        "conflicts": reviews.conflicts_of(sheet),
    }
    return render(request, "assessments/records/resolve_conflict.html", context)


@explain_domain_errors
def _resolve(request: HttpRequest, record: Record) -> HttpResponse:
    item, _dot, aspect = request.POST.get("place", "").partition(".")
    choice, shown = _key(request.POST.get("choice", "")), request.POST.get("shown", "")
    services.resolve_conflict(record, item, aspect, choice, shown=shown, by=request.user)
    if Record.objects.filter(pk=record.pk, ratings__rival__isnull=False).exists():
        return redirect("assessments:resolve_conflict", code=record.code)
    messages.success(request, _("Semua perbedaan sudah diselesaikan."))
    return redirect("assessments:record_sheet", code=record.code)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def record_detail(request: HttpRequest, code: str) -> HttpResponse:
    """What was signed, read-only, with the versions before and after it."""
    record = get_object_or_404(Record.objects.visible_to(request.user).with_play(), code=code)
    if can_fill(request.user, record):
        return redirect("assessments:record_sheet", code=code)
    sheet = open_sheet(record)
    play = record.role_play
    context = {
        "record": record, "play": play, "batch": play.round.rotation.batch, "sheet": sheet,
        "blocks": sheets.blocks_of(sheet), "cast": sheets.cast_of(play), "mode": Mode(play.round.rotation.mode),
        "units": reviews.signed_units(sheet), "reasons": reviews.reasons_of(sheet),
        "tone": Result(record.result).tone if record.result else "info",
        "is_intact": sheet_digest(sheet) == record.digest, "versions": sheets.versions_of(record),
        "may_correct": can_correct(request.user, record), "decisions": reviews.decisions_of(play, viewer=SENIOR),
        "methods": [one.label for one in sheet.rubric.methods if one.code in sheet.facts.methods],
    }  # fmt: skip
    return render(request, "assessments/records/record_detail.html", context)


def senior_decision(request: HttpRequest, code: str) -> HttpResponse:
    """The recorder's own K or BK of the asesi, beside the trainee's once both are in."""
    record = get_object_or_404(own_records(request), code=code)
    return _decide(request, record.role_play, SENIOR, back=("assessments:review_record", code))


def my_decision(request: HttpRequest, code: str) -> HttpResponse:
    """The trainee who plays asesor decides about the asesi, then sees what the senior assessor decided."""
    plays = RolePlay.objects.played_as_asesor(request.user).select_related("round__rotation__batch")
    return _decide(request, get_object_or_404(plays, code=code), TRAINEE, back=("assessments:my_decision", code))


def _decide(request: HttpRequest, play: RolePlay, role: str, *, back: tuple[str, str]) -> HttpResponse:
    decisions = reviews.decisions_of(play, viewer=role)
    own = decisions.own
    initial = {"result": own.result, "reason": own.reason} if own else None
    form = PlayDecisionForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_play_decision(play, role, **form.cleaned_data, by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Keputusan Anda tersimpan."))
            return redirect(back[0], code=back[1])
    context = {
        "play": play, "batch": play.round.rotation.batch, "cast": sheets.cast_of(play), "form": form,
        "decisions": decisions, "mode": Mode(play.round.rotation.mode),
        "back_url": reverse(back[0], args=[back[1]]) if role == SENIOR else "",
    }  # fmt: skip
    return render(request, "assessments/records/decide_asesi.html", context, status=REFUSED if form.errors else 200)
