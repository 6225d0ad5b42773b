"""What the desk decides about one registration; the next file opens after it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Lsp
from core.errors import DomainError
from core.views import explain_domain_errors
from participants import selectors, services
from participants.forms.review import ReasonForm, ReturnForm
from participants.models import Registration
from participants.selectors import review as desk
from participants.selectors.decision_mails import held_of_latest
from participants.selectors.next_step import returned_documents
from participants.states import RegistrationStatus as S
from participants.views.review_loading import confirm_page, load_sent, to_review


@explain_domain_errors
def find_eligible(request: HttpRequest, code: str) -> HttpResponse:
    """Decides, then opens the next file."""
    registration = services.find_eligible(load_sent(request, code), by=request.user)
    text = _("%(name)s memenuhi syarat.") % {"name": registration.person.full_name}
    messages.success(request, f"{text} {_told(registration)}")
    return _next_file(request)


def return_registration(request: HttpRequest, code: str) -> HttpResponse:
    registration = load_sent(request, code)
    marked = returned_documents(registration)
    return _decide(
        request, registration, ReturnForm, services.return_registration, then=_next_file,
        title=_("Minta perbaikan dari %(name)s?") % {"name": registration.person.full_name},
        text=_("Peserta menerima email berisi yang perlu diperbaiki dan batas waktunya."),
        consequences=[f"{label}: {reason}" for label, reason in marked], label=_("Minta perbaikan"), danger=False,
    )  # fmt: skip


def reject_registration(request: HttpRequest, code: str) -> HttpResponse:
    registration = load_sent(request, code)
    return _decide(
        request, registration, ReasonForm, services.reject_registration, then=_next_file,
        title=_("Nyatakan %(name)s tidak memenuhi syarat?") % {"name": registration.person.full_name},
        text=_("Peserta menerima email berisi alasan dan cara menyampaikan keberatan."),
        consequences=[_("Suratnya ditahan sampai dilepas bersama.")] if Lsp.current().hold_decisions else [],
        label=_("Nyatakan tidak memenuhi syarat"),
    )  # fmt: skip


def reopen_after_objection(request: HttpRequest, code: str) -> HttpResponse:
    registration = load_sent(request, code)
    return _decide(
        request, registration, ReasonForm, services.reopen_after_objection,
        title=_("Terima keberatan %(name)s?") % {"name": registration.person.full_name},
        text=_("Pendaftaran kembali ke antrean pemeriksaan, dan peserta menerima email."),
        consequences=[], label=_("Terima keberatan"), danger=False,
    )  # fmt: skip


def cancel_registration(request: HttpRequest, code: str) -> HttpResponse:
    registration = load_sent(request, code)
    seated = [_("Kursinya langsung diberikan kepada urutan pertama daftar tunggu.")]
    return _decide(
        request, registration, ReasonForm, services.cancel_registration,
        title=_("Batalkan pendaftaran %(name)s?") % {"name": registration.person.full_name},
        text=_("Peserta menerima email berisi alasannya. Tindakan ini tidak dapat dibatalkan."),
        consequences=seated if registration.status == S.CONFIRMED else [], label=_("Batalkan pendaftaran"),
    )  # fmt: skip


@explain_domain_errors
def confirm_registration(request: HttpRequest, code: str) -> HttpResponse:
    registration = services.confirm_registration(load_sent(request, code), by=request.user)
    name = registration.person.full_name
    if registration.status == S.CONFIRMED:
        text = _("Kursi %(name)s terkonfirmasi.") % {"name": name}
        messages.success(request, f"{text} {_told(registration)}")
    else:
        position = selectors.waiting_position(registration)
        text = _("Kursi penuh. %(name)s di urutan %(position)s daftar tunggu.")
        text = text % {"name": name, "position": position}
        messages.warning(request, f"{text} {_told(registration)}")
    return to_review(code)


def _decide(
    request: HttpRequest, registration: Registration, form_class: type[Form], service: Callable[..., Any], *,
    then: Callable[[HttpRequest], HttpResponse] | None = None, danger: bool = True, **words: Any,
) -> HttpResponse:  # fmt: skip
    """A page that asks once more and takes the reason; a refusal stands on the page with what was typed."""
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service(registration, form.cleaned_data["reason"], by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{_('Keputusan tersimpan.')} {_told(registration)}")
            return then(request) if then else to_review(registration.code)
    back = reverse("participants:review_registration", args=[registration.code])
    return confirm_page(request, form, back, danger=danger, **words)


def _told(registration: Registration) -> str:
    """How the person hears of what was just decided."""
    if held_of_latest(registration):
        return _("Surat keputusan ditahan, lepas bersama.")
    return _("Peserta dikabari lewat email.")


def _next_file(request: HttpRequest) -> HttpResponse:
    following = desk.next_in_queue(request.user)
    if following is None:
        messages.info(request, _("Semua pendaftaran sudah diperiksa."))
        return redirect("participants:review_queue")
    return to_review(following.code)
