"""Single plays: who records, where, with whom, cancelling, and exam plays outside the plan."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.models import User
from assessments import services
from assessments.forms.rotation import CancelPlayForm, ExamPlayForm, PlayForm
from assessments.models import RolePlay
from assessments.selectors.independence import Independence, independence_of, sentence
from assessments.selectors.plays import assessed_registration, seat, seated_people, with_seats
from assessments.states import Mode, PlayRole
from assessments.views.rotation import board_url, class_batch, rubric_view
from batches.models import Assignment, Batch, Room
from core.errors import DomainError
from participants.models import Registration

F = Assignment.Function


def arrange_play(request: HttpRequest, code: str) -> HttpResponse:
    """Assessor, room and asesi of one play, with what blocks each of the staff."""
    play = desk_play(request, code)
    batch, person, asesi = play.round.rotation.batch, assessed_registration(play), seat(play, PlayRole.ASESI)
    independence = independence_of(batch)
    staff = _staff(independence, play.assessor)
    is_exam = Mode(play.round.rotation.mode).is_exam
    blocked = _blocked(independence, staff, person) if is_exam else {}
    form = PlayForm(
        request.POST or None, play=play, people=staff, blocked=blocked, rooms=_rooms(batch),
        external_name=asesi.external_name if asesi else "",
    )  # fmt: skip
    back = board_url(batch, Mode(play.round.rotation.mode))
    if request.method == "POST" and form.is_valid():
        values = {"room": None} | form.cleaned_data
        try:
            services.arrange_play(play, **values, by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Permainan tersimpan."))
            return redirect(back)
    context = _play_context(play, form, back) | {
        "blocked": [(one, blocked[one.pk]) for one in staff if blocked.get(one.pk)],
        "waivers": [waiver for one in staff for waiver in independence.waivers_used(one, person)] if is_exam else [],
    }
    return render(request, "assessments/rotation/play.html", context, status=422 if form.errors else 200)


def cancel_play(request: HttpRequest, code: str) -> HttpResponse:
    """Asks why a play does not take place."""
    play = desk_play(request, code)
    form = CancelPlayForm(request.POST or None)
    back = board_url(play.round.rotation.batch, Mode(play.round.rotation.mode))
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_play(play, form.cleaned_data["reason"], by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Permainan dibatalkan."))
            return redirect(back)
    context = _play_context(play, form, back)
    return render(request, "assessments/rotation/cancel_play.html", context, status=422 if form.errors else 200)


def plan_exam_play(request: HttpRequest, code: str, registration: str) -> HttpResponse:
    """One exam play outside the plan: for a retake, a play that fell through, or somebody who was left out."""
    batch = class_batch(request, code)
    people = seated_people(batch)
    person = next((one for one in people if one.code == registration), None)
    if person is None:
        raise Http404
    independence = independence_of(batch)
    staff = independence.staff(F.EXAMINER, F.FACILITATOR)
    blocked = _blocked(independence, staff, person)
    form = ExamPlayForm(
        request.POST or None, rubric=rubric_view(batch), zone=batch.time_zone, people=staff, blocked=blocked,
        others=[one for one in people if one.pk != person.pk], rooms=_rooms(batch),
    )  # fmt: skip
    back = board_url(batch, Mode.RETAKE)
    if request.method == "POST" and form.is_valid():
        values = {"room": None} | form.cleaned_data
        try:
            services.plan_late_exam(person, **values, by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Permainan uji dijadwalkan. Peserta dan penguji dikabari lewat email."))
            return redirect(back)
    context = {
        "batch": batch, "person": person, "form": form, "back_url": back,
        "blocked": [(one, blocked[one.pk]) for one in staff if blocked.get(one.pk)],
    }  # fmt: skip
    return render(request, "assessments/rotation/plan_exam_play.html", context, status=422 if form.errors else 200)


def desk_play(request: HttpRequest, code: str) -> RolePlay:
    """A play that the desk sees, with its round, room and seats; 404 otherwise."""
    return get_object_or_404(with_seats(RolePlay.objects.visible_to(request.user)), code=code)


def _staff(independence: Independence, present: User | None) -> list[User]:
    """Live examiners, then facilitators; who is assigned now stays on offer."""
    staff = [*independence.staff(F.EXAMINER), *independence.staff(F.FACILITATOR)]
    return staff if present is None or present in staff else [*staff, present]


def _blocked(independence: Independence, staff: list[User], person: Registration) -> dict[int, str]:
    return {one.pk: sentence(independence.obstacles(one, person)) for one in staff}


def _rooms(batch: Batch) -> list[Room]:
    return list(Room.objects.filter(venue=batch.venue_id).order_by("name")) if batch.venue_id else []


def _play_context(play: RolePlay, form: Any, back: str) -> dict[str, Any]:
    return {
        "play": play, "round": play.round, "batch": play.round.rotation.batch, "form": form, "back_url": back,
        "asesor": seat(play, PlayRole.ASESOR), "asesi": seat(play, PlayRole.ASESI),
    }  # fmt: skip
