"""One address per act on a batch."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from batches import selectors, services
from batches.forms import ApprovalForm, LetterForm
from batches.models import Batch
from batches.views.desk import desk_batch
from core import clock
from core.errors import DomainError
from core.views import explain_domain_errors


def _act(service: Callable[..., Batch], done: Promise) -> Callable[..., HttpResponse]:
    """A view that does one act and says so on the batch's page."""

    @explain_domain_errors
    def view(request: HttpRequest, code: str) -> HttpResponse:
        batch = service(desk_batch(request, code), by=request.user)
        messages.success(request, done)
        return redirect("batches:manage_batch", code=batch.code)

    return view


open_batch = _act(services.open_batch, _("Pendaftaran dibuka. Angkatan ini sekarang terlihat oleh umum."))
close_registration = _act(services.close_registration, _("Pendaftaran ditutup."))
reopen_registration = _act(services.reopen_registration, _("Pendaftaran dibuka lagi."))
start_batch = _act(services.start_batch, _("Pelatihan dimulai. Kursi tidak lagi berpindah."))
start_examination = _act(services.start_examination, _("Uji dimulai."))
archive_batch = _act(services.archive_batch, _("Angkatan diarsipkan."))
back_to_draft = _act(services.back_to_draft, _("Angkatan kembali menjadi draf."))


def submit_to_bnsp(request: HttpRequest, code: str) -> HttpResponse:
    """Number and day of the application letter."""
    batch = desk_batch(request, code)
    deadline = selectors.letter_deadline(batch)
    is_late = clock.today(batch.time_zone) > deadline
    extra = {"deadline": deadline, "is_late": is_late, "template": "batches/submit_to_bnsp.html"}
    return _record_paper(request, batch, LetterForm, services.submit_to_bnsp, _("Surat ke BNSP tercatat."), extra)


def record_bnsp_approval(request: HttpRequest, code: str) -> HttpResponse:
    """Number and day of BNSP's approval."""
    batch = desk_batch(request, code)
    extra = {"template": "batches/record_bnsp_approval.html"}
    done = _("Persetujuan BNSP tercatat. Pendaftaran dapat dibuka.")
    return _record_paper(request, batch, ApprovalForm, services.record_bnsp_approval, done, extra)


def _record_paper(
    request: HttpRequest, batch: Batch, form_class: type, service: Callable[..., Batch], done: Promise, extra: dict
) -> HttpResponse:
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service(batch, **form.cleaned_data, by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            return redirect("batches:manage_batch", code=batch.code)
    context = {"batch": batch, "form": form, **extra}
    return render(request, extra["template"], context, status=422 if form.errors else 200)
