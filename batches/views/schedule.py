"""The timetable of one batch: looked at by staff, edited by admins."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from batches import calendar, policies, services
from batches.clashes import left_out
from batches.errors import ScheduleIsFixed
from batches.forms import CancelSessionForm, SessionForm
from batches.models import Batch, Session
from batches.states import PUBLIC
from core import clock
from core.errors import ChangedMeanwhile, DomainError
from core.views import explain_domain_errors


def schedule(request: HttpRequest, code: str) -> HttpResponse:
    """Days with sessions, rooms and instructors; what has changed; who could not be booked."""
    batch = schedule_batch(request, code)
    sessions = calendar.sessions_of(batch)
    may_edit = policies.can_edit_schedule(request.user, batch)
    context = {
        "batch": batch,
        "days": calendar.days_of(batch, sessions),
        "next_session": calendar.next_session(sessions),
        "may_edit": may_edit,
        "left_out": left_out(batch) if may_edit else [],
        "is_public": batch.status in PUBLIC,
    }
    return render(request, "batches/schedule.html", context)


@explain_domain_errors
def make_sessions(request: HttpRequest, code: str) -> HttpResponse:
    """The sessions of the agenda, for a batch that has none."""
    batch = schedule_batch(request, code)
    sessions = services.make_sessions(batch, by=request.user)
    messages.success(request, _("Jadwal dibuat: %(n)s sesi.") % {"n": len(sessions)})
    return redirect("batches:schedule", code=batch.code)


def editable(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the batch to the view, unless its timetable no longer changes: then says so on the page of it."""

    @wraps(view)
    def wrapped(request: HttpRequest, code: str, **arguments: str) -> HttpResponse:
        batch = schedule_batch(request, code)
        if not policies.can_edit_schedule(request.user, batch):
            messages.error(request, str(ScheduleIsFixed()))
            return redirect("batches:schedule", code=batch.code)
        return view(request, batch, **arguments)

    return wrapped


@editable
def add_session(request: HttpRequest, batch: Batch) -> HttpResponse:
    """One more session."""
    form = SessionForm(request.POST or None, batch=batch, on=max(batch.starts_on, clock.today(batch.time_zone)))
    if request.method == "POST" and form.is_valid():
        try:
            session = services.add_session(batch, form.plan(), by=request.user)
        except DomainError as error:
            form.tell(error)
        else:
            return _done(request, session, _("Sesi ditambahkan. Yang bersangkutan dikabari lewat email."))
    context = {"batch": batch, "form": form}
    return render(request, "batches/edit_session.html", context, status=422 if form.errors else 200)


@editable
def update_session(request: HttpRequest, batch: Batch, session: str) -> HttpResponse:
    """Changes a session; what somebody else saved meanwhile is shown, never overwritten."""
    stored = batch_session(batch, session)
    form, differences = SessionForm(request.POST or None, batch=batch, session=stored), []
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            stored = services.update_session(stored, form.plan(), version=version, by=request.user)
        except ChangedMeanwhile as error:
            form = form.renewed(batch_session(batch, session))
            differences = form.differences()
            form.add_error(None, str(error))
        except DomainError as error:
            form.tell(error)
        else:
            return _done(
                request, stored, _("Sesi tersimpan. Yang bersangkutan dikabari lewat email bila ada perubahan.")
            )
    context = {"batch": batch, "session": stored, "form": form, "differences": differences}
    return render(request, "batches/edit_session.html", context, status=422 if form.errors else 200)


@editable
def cancel_session(request: HttpRequest, batch: Batch, session: str) -> HttpResponse:
    """Asks why, then cancels."""
    stored = batch_session(batch, session)
    form = CancelSessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            stored = services.cancel_session(stored, form.cleaned_data["reason"], by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return _done(request, stored, _("Sesi dibatalkan. Yang bersangkutan dikabari lewat email."))
    context = {"batch": batch, "session": stored, "form": form}
    return render(request, "batches/cancel_session.html", context, status=422 if form.errors else 200)


def schedule_batch(request: HttpRequest, code: str) -> Batch:
    """A batch whose timetable this person may open; 404 for others."""
    batches = calendar.schedule_batches(request.user).select_related("scheme", "venue", "agenda")
    return get_object_or_404(batches, code=code)


def batch_session(batch: Batch, code: str) -> Session:
    """A session of the batch with who and what it takes."""
    session = get_object_or_404(calendar.with_takers(batch.sessions.all()), code=code)
    session.batch = batch
    return session


def _done(request: HttpRequest, session: Session, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect(reverse("batches:schedule", args=[session.batch.code]) + f"#sesi-{session.code}")
