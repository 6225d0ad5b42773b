"""The name on the certificate: confirmed by its bearer, corrected by the desk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from certificates import services
from certificates.forms import ConfirmNameForm, CorrectNameForm
from certificates.selectors.checklist import name_of
from certificates.services.names import is_printed
from core.errors import DomainError
from participants.models import Registration


def confirm_name(request: HttpRequest, code: str) -> HttpResponse:
    """The participant's own; filled in with the name as it is known."""
    mine = Registration.objects.owned_by(request.user).select_related("person__user", "batch")
    registration = get_object_or_404(mine, code=code)
    form = ConfirmNameForm(request.POST or None, initial={"name": name_of(registration)})
    if request.method == "POST" and form.is_valid():
        try:
            services.confirm_certificate_name(registration, form.cleaned_data["name"], by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Nama pada sertifikat sudah Anda konfirmasi."))
            return redirect("certificates:my_certificate", code=code)
    context = {
        "registration": registration,
        "form": form,
        "is_locked": bool(registration.name_confirmed_at) and is_printed(registration),
    }
    return render(request, "certificates/confirm_name.html", context, status=_status(form))


def correct_name(request: HttpRequest, code: str) -> HttpResponse:
    """The desk's proposal, with a reason; the participant has to confirm it again."""
    sent = Registration.objects.visible_to(request.user).sent().select_related("person__user", "batch")
    registration = get_object_or_404(sent, code=code)
    form = CorrectNameForm(request.POST or None, initial={"name": name_of(registration)})
    if request.method == "POST" and form.is_valid():
        name, reason = form.cleaned_data["name"], form.cleaned_data["reason"]
        try:
            services.correct_certificate_name(registration, name, reason, by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Nama tersimpan. Peserta diminta mengonfirmasinya lewat email."))
            return redirect("certificates:certificate_board", code=registration.batch.code)
    context = {"registration": registration, "form": form, "is_printed": is_printed(registration)}
    return render(request, "certificates/correct_name.html", context, status=_status(form))


def _status(form: ConfirmNameForm | CorrectNameForm) -> int:
    return 422 if form.is_bound and form.errors else 200
