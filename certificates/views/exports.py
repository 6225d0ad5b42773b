"""The register as an Excel file."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from certificates.services.exports import export_register as export
from certificates.views.register import filter_form
from core.views import answer_with_list, explain_domain_errors


@explain_domain_errors
def export_register(request: HttpRequest) -> HttpResponse:
    """The rows of the register's filter; a long list becomes a job."""
    chosen = filter_form(request.POST).chosen()
    made = export(chosen, by=request.user, return_to=reverse("certificates:certificate_list"))
    return answer_with_list(made, "-".join(["sertifikat", *chosen.values()]))
