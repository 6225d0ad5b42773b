"""The LSP's identity: its settings page and its public logo."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import services
from accounts.forms import SIGNATORIES, LspForm, SignatoryFormSet, filled_rows
from accounts.models import Lsp
from core.errors import DomainError
from core.files import read_file

HOUR = 3600


def lsp_settings(request: HttpRequest) -> HttpResponse:
    """Identity, contact, thresholds and signatories in one form."""
    lsp = Lsp.current()
    form = LspForm(request.POST or None, request.FILES or None, instance=lsp)
    rows = SignatoryFormSet(request.POST or None, initial=lsp.signatories[:SIGNATORIES], prefix="signatories")
    if request.method == "POST" and all([form.is_valid(), rows.is_valid()]):
        values = {name: form.cleaned_data[name] for name in form.cleaned_data if name != "new_logo"}
        try:
            services.update_lsp(
                values | {"signatories": filled_rows(rows)}, logo=form.cleaned_data["new_logo"], by=request.user
            )
        except DomainError as error:
            form.add_error("new_logo", str(error))
        else:
            messages.success(request, _("Pengaturan LSP tersimpan."))
            return redirect("lsp_settings")
    return render(request, "accounts/lsp_settings.html", {"form": form, "rows": rows, "current": Lsp.current()})


def lsp_logo(request: HttpRequest) -> HttpResponse:
    """The logo for everybody; a picture that the portal itself has drawn anew."""
    logo = Lsp.current().logo
    if logo is None:
        raise Http404
    response = HttpResponse(read_file(logo), content_type=logo.content_type)
    response["Cache-Control"] = f"public, max-age={HOUR}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
