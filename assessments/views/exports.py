"""The report of results, and the lists that are taken from it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from assessments.forms.report import ReportFilterForm
from assessments.policies.exports import can_export
from assessments.selectors import result_list
from assessments.services.exports import export_all_results as export_all
from assessments.services.exports import export_results as export
from batches.models import Batch
from core.views import answer_with_list, explain_domain_errors

PER_PAGE = 25


def result_report(request: HttpRequest) -> HttpResponse:
    """Each batch with how many passed; filters in the address, and the same as a file."""
    form = _filters(request.GET)
    chosen = form.chosen()
    batches = result_list.with_result_counts(result_list.report_batches(chosen)).select_related("scheme")
    page = Paginator(batches, PER_PAGE).get_page(request.GET.get("h"))
    context = {"form": form, "active": chosen, "page": page, "may_export": can_export(request.user)}
    return render(request, "assessments/result_report.html", context)


@explain_domain_errors
def export_all_results(request: HttpRequest) -> HttpResponse:
    """The rows of the report's filters, person by person."""
    chosen = _filters(request.POST).chosen()
    made = export_all(chosen, by=request.user, return_to=reverse("assessments:result_report"))
    return answer_with_list(made, "-".join(["hasil", *chosen.values()]))


@explain_domain_errors
def export_results(request: HttpRequest, code: str) -> HttpResponse:
    """The results of one batch."""
    batch = get_object_or_404(Batch.objects.planned_with(request.user), code=code)
    made = export(batch, by=request.user, return_to=reverse("assessments:result_board", args=[code]))
    return answer_with_list(made, f"hasil-{batch.name}")


def _filters(data: QueryDict) -> ReportFilterForm:
    return ReportFilterForm(data, years=result_list.report_years())
