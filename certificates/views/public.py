"""Verification for everybody: is this paper real, and does it still hold?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from certificates.forms import SearchForm
from certificates.models import Certificate
from certificates.rendering import CertificateFacts
from certificates.selectors.verification import by_number_and_name, by_token
from core import clock
from core.limits import limited

PER_MINUTE = 30
limit = limited("verification", per_minute=PER_MINUTE)


@limit
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """What the QR code opens: every printed fact and how things stand now. Unknown and malformed look alike."""
    certificate = by_token(token)
    if certificate is None:
        return _unknown(request, SearchForm())
    return _private(render(request, "certificates/verify.html", _facts(certificate)))


@limit
def verify_search(request: HttpRequest) -> HttpResponse:
    """For people without the QR code. An unknown number and a name that does not fit look alike."""
    form = SearchForm(request.POST or None)
    if request.method != "POST":
        return _private(render(request, "certificates/verify_search.html", {"form": form}))
    if not form.is_valid():
        return _private(render(request, "certificates/verify_search.html", {"form": form}, status=422))
    certificate = by_number_and_name(form.cleaned_data["number"], form.cleaned_data["name"])
    if certificate is None:
        return _unknown(request, form)
    return redirect("certificates:verify", token=certificate.token)


def _facts(certificate: Certificate) -> dict[str, object]:
    return {
        "certificate": certificate,
        "facts": CertificateFacts.from_json(certificate.facts),
        "replaced_by": getattr(certificate, "replaced_by", None),
        "checked_at": clock.now(),
    }


def _unknown(request: HttpRequest, form: SearchForm) -> HttpResponse:
    return _private(render(request, "certificates/verify_unknown.html", {"form": form}, status=404))


def _private(response: HttpResponse) -> HttpResponse:
    """Names of people stay out of search engines and caches; a revocation shows at once."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    return response
