"""The register of certificates: finding one, its facts and log, revoking and replacing it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.freshness import fresh_sign_in
from batches.models import Batch
from certificates import policies, services
from certificates.forms import ReasonForm, RegisterFilterForm
from certificates.models import Certificate
from certificates.rendering import CertificateFacts
from certificates.selectors.register import register_rows
from core.errors import DomainError
from core.views import explain_domain_errors

PER_PAGE = 50


def certificate_list(request: HttpRequest) -> HttpResponse:
    """All certificates, the latest number first."""
    form = filter_form(request.GET)
    chosen = form.chosen()
    found = register_rows(request.user, chosen).select_related("registration__batch")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("h"))
    context = {"form": form, "active": chosen, "page": page, "may_export": policies.can_export(request.user)}
    return render(request, "certificates/certificate_list.html", context)


def certificate_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Facts as printed, the file, links to what it replaces and what replaced it, and the log."""
    certificate = _load(request, code)
    context = {
        "certificate": certificate,
        "facts": CertificateFacts.from_json(certificate.facts),
        "replaced_by": getattr(certificate, "replaced_by", None),
        "actions": policies.allowed_actions(request.user, certificate),
        "events": certificate.events.select_related("by"),
    }
    return render(request, "certificates/certificate_detail.html", context)


@fresh_sign_in
def revoke_certificate(request: HttpRequest, code: str) -> HttpResponse:
    certificate = _load(request, code)
    return _decide(
        request, certificate, services.revoke_certificate, done=_("Sertifikat dicabut. Pemegangnya dikabari."),
        title=_("Cabut sertifikat %(number)s?") % {"number": certificate.number},
        text=_("Sertifikat atas nama %(name)s langsung tidak berlaku.") % {"name": certificate.printed_name},
        consequences=[
            _("Halaman verifikasi langsung menampilkan “dicabut” beserta tanggal dan alasan yang Anda tulis."),
            _("Pemegangnya menerima email. Nomornya tidak dipakai lagi."),
            _("Pencabutan tidak dapat dibatalkan."),
        ],
        label=_("Cabut sertifikat"), danger=True,
    )  # fmt: skip


@fresh_sign_in
def reissue_certificate(request: HttpRequest, code: str) -> HttpResponse:
    certificate = _load(request, code)
    return _decide(
        request, certificate, services.reissue_certificate,
        done=_("Sertifikat pengganti terbit. Berkasnya sedang dibuat."),
        title=_("Terbitkan ulang sertifikat %(number)s?") % {"number": certificate.number},
        text=_("Sertifikat baru memakai data sekarang, termasuk nama yang dikonfirmasi peserta."),
        consequences=[
            _("Nama yang dicetak: %(name)s.") % {"name": certificate.registration.certificate_name},
            _("Sertifikat baru mendapat nomor baru; yang lama berstatus diganti dan menunjuk ke yang baru."),
            _("Pemegangnya menerima berkas baru lewat email."),
        ],
        label=_("Terbitkan ulang"), danger=False,
    )  # fmt: skip


@explain_domain_errors
def restart_rendering(request: HttpRequest, code: str) -> HttpResponse:
    """Makes the file again, after it could not be made several times."""
    certificate = services.restart_rendering(_load(request, code), by=request.user)
    messages.success(request, _("Berkas sertifikat sedang dibuat lagi."))
    return redirect("certificates:issue_progress", code=certificate.registration.batch.code)


def _load(request: HttpRequest, code: str) -> Certificate:
    rows = Certificate.objects.visible_to(request.user)
    related = ("registration__person__user", "registration__batch", "replaces", "replaced_by", "issued_by", "file")
    return get_object_or_404(rows.select_related(*related), code=code)


def filter_form(data: QueryDict) -> RegisterFilterForm:
    """The register's filter, of an address or of the button that takes the same rows as a file."""
    years = Certificate.objects.order_by("-year").values_list("year", flat=True).distinct()
    with_papers = Batch.objects.filter(registrations__certificates__isnull=False).distinct()
    batches = with_papers.order_by("-starts_on", "-pk").values_list("code", "name")
    return RegisterFilterForm(data, years=list(years), batches=list(batches))


def _decide(
    request: HttpRequest, certificate: Certificate, service: Callable[..., Certificate], *, done: str, **words: object
) -> HttpResponse:
    """A page that asks once more and takes the reason; a refusal stands on it with what was typed."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            result = service(certificate, form.cleaned_data["reason"], by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            return redirect("certificates:certificate_detail", code=result.code)
    back = reverse("certificates:certificate_detail", args=[certificate.code])
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "certificates/decide.html", {"form": form, "back_url": back, **words}, status=status)
