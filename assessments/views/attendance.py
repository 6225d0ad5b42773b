"""The desk of attendance: a class at a glance, the roll call of one session, make-ups, a sheet to sign."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Lsp, User
from assessments import services
from assessments.errors.attendance import EmptyRollCall
from assessments.forms.attendance import MakeUpForm, RollCallForm
from assessments.policies.attendance import can_approve_make_up, can_mark_attendance
from assessments.selectors import roll_call as pages
from assessments.services.attendance import demand_open
from assessments.states import AttendanceStatus
from assessments.views.rotation import class_batch
from batches.models import Session
from batches.wording import localized
from core.errors import ChangedMeanwhile, DomainError
from core.templatetags.ui import day, in_zone
from participants.models import Registration
from participants.states import SEATED


def attendance_board(request: HttpRequest, code: str) -> HttpResponse:
    """What is still to be marked, who needs a make-up, and every person in every session."""
    batch = class_batch(request, code)
    context = {
        "batch": batch,
        "board": pages.attendance_board(batch),
        "may_mark": can_mark_attendance(request.user, batch),
        "may_approve": can_approve_make_up(request.user),
    }
    return render(request, "assessments/attendance/board.html", context)


def attendance_session(request: HttpRequest, code: str, session: str) -> HttpResponse:
    """The roll call of one session; a list to read for those who look, or while it cannot be marked."""
    one = class_session(request, code, session)
    rows, seen = pages.roll_call(one)
    return _roll_call_page(request, one, RollCallForm(rows=rows, seen=seen))


def mark_attendance(request: HttpRequest, code: str, session: str) -> HttpResponse:
    """Saves the whole roll call; "rest" also marks everybody without a choice as present."""
    one = class_session(request, code, session)
    if not can_mark_attendance(request.user, one.batch):
        raise PermissionDenied
    rows, seen = pages.roll_call(one)
    form = RollCallForm(request.POST, rows=rows, seen=seen)
    if form.is_valid():
        try:
            _save(one, form, by=request.user, rest="rest" in request.POST)
        except ChangedMeanwhile as error:
            form = form.renewed()
            form.add_error(None, str(error))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Kehadiran “%(title)s” tersimpan.") % {"title": localized(one.title)})
            return redirect("assessments:attendance_board", code=code)
    return _roll_call_page(request, one, form)


def _save(session: Session, form: RollCallForm, *, by: User, rest: bool) -> None:
    marks = form.marks()
    if not marks and not rest:
        raise EmptyRollCall
    if marks:
        services.mark_attendance(session, marks, by=by, seen=form.cleaned_data["seen"])
    if rest:
        services.mark_all_present(session, by=by)


def approve_make_up(request: HttpRequest, code: str, session: str, registration: str) -> HttpResponse:
    """Asks why a missed session counts after all."""
    one = class_session(request, code, session)
    seated = Registration.objects.filter(batch=one.batch, status__in=SEATED).select_related("person")
    person = get_object_or_404(seated, code=registration)
    form = MakeUpForm(request.POST or None)
    back = reverse("assessments:attendance_board", args=[code])
    if request.method == "POST" and form.is_valid():
        try:
            services.approve_make_up(person, one, form.cleaned_data["reason"], by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Susulan %(name)s disetujui.") % {"name": person.person.full_name})
            return redirect(back)
    context = {"form": form, "back_url": back} | _make_up_words(one, person)
    return render(request, "assessments/attendance/approve_make_up.html", context, status=422 if form.errors else 200)


def _make_up_words(session: Session, person: Registration) -> dict[str, Any]:
    words = {"name": person.person.full_name, "title": localized(session.title)}
    on = day(in_zone(session.starts_at, session.batch.time_zone))
    return {
        "title": _("Setujui susulan %(name)s?") % words,
        "text": _("Sesi “%(title)s” lalu dihitung hadir, untuk syarat uji dan sertifikat.") % words,
        "consequences": [
            _("%(day)s, %(jp)s JP") % {"day": on, "jp": session.jp}, _("Nama Anda dan alasannya tercatat."),
        ],
    }  # fmt: skip


def sign_in_sheet(request: HttpRequest, code: str, session: str) -> HttpResponse:
    """Names and a line to sign, for paper."""
    one = class_session(request, code, session)
    rooms, instructors = pages.rooms_and_instructors(one)
    context = {
        "batch": one.batch,
        "session": one,
        "people": pages.seated_people(one.batch),
        "rooms": rooms,
        "instructors": instructors,
        "issuer": Lsp.current(),
    }
    return render(request, "assessments/attendance/sign_in_sheet.html", context)


def class_session(request: HttpRequest, code: str, session: str) -> Session:
    """A session whose attendance counts, of such a batch; 404 for others."""
    batch = class_batch(request, code)
    one = get_object_or_404(Session.objects.countable().filter(batch=batch), code=session)
    one.batch = batch
    return one


def _roll_call_page(request: HttpRequest, session: Session, form: RollCallForm) -> HttpResponse:
    closed = _closed_because(session)
    context: dict[str, Any] = {
        "batch": session.batch,
        "session": session,
        "form": form,
        "rows": form.rows,
        "closed": closed,
        "may_mark": can_mark_attendance(request.user, session.batch) and not closed,
        "may_approve": can_approve_make_up(request.user) and not closed,
        "needs_reason": _may_correct(session, form.rows),
        "last": max((row.mark for row in form.rows if row.mark), key=lambda mark: mark.pk, default=None),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "assessments/attendance/session.html", context, status=status)


def _may_correct(session: Session, rows: list[pages.RollCallRow]) -> bool:
    """Is there a mark whose change asks for a reason?"""
    is_over = not pages.is_today(session, session.batch)
    return any(row.mark and (is_over or row.mark.status == AttendanceStatus.MADE_UP) for row in rows)


def _closed_because(session: Session) -> str:
    """Why the session cannot be marked now, or ""."""
    try:
        demand_open(session)
    except DomainError as error:
        return str(error)
    return ""
