"""Small pieces of HTTP that every app's views share, and the page of a background job."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import slugify

from core import jobs
from core.errors import DomainError
from core.files import XLSX, private_response, serve_file
from core.models import Job

View = Callable[..., HttpResponse]


def safe_next(request: HttpRequest, default: str) -> str:
    """The page named by `next`, if it is one of ours; else `default`."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if allowed else default


def explain_domain_errors(view: View) -> View:
    """A rule that refuses becomes a message on the page the person came from; never a 500."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            messages.error(request, str(error))
            referer = request.headers.get("Referer", "")
            allowed = url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure())
            return redirect(safe_next(request, referer if allowed else "dashboard"))

    return wrapped


def job_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Progress of one job; the same address answers the fragment that replaces itself while the job runs."""
    job = get_object_or_404(Job.objects.visible_to(request.user), code=code)
    template = "core/_job_progress.html" if request.htmx else "core/job_detail.html"
    context = {
        "job": job,
        "title": jobs.job_title(job),
        "rows": job.rows.all(),
        "may_have_result": jobs.may_have_result(request.user, job),
    }
    return render(request, template, context)


def job_result(request: HttpRequest, code: str) -> HttpResponse:
    """The file that a finished job made, for its owner while he or she may have it; each download is on record."""
    jobs_with_file = Job.objects.visible_to(request.user).exclude(result=None).select_related("result")
    job = get_object_or_404(jobs_with_file, code=code)
    if not jobs.may_have_result(request.user, job):
        raise PermissionDenied
    return serve_file(request, job.result, by=request.user)


def answer_with_list(made: bytes | Job, name: str) -> HttpResponse:
    """A short list as a download named after `name`, a long one as the page of its job (core.listings.deliver)."""
    if isinstance(made, Job):
        return redirect("core:job_detail", code=made.code)
    return private_response(made, content_type=XLSX, name=f"{slugify(name) or 'daftar'}.xlsx")


def retry_job(request: HttpRequest, code: str) -> HttpResponse:
    """Queues the failed rows again."""
    job = get_object_or_404(Job.objects.visible_to(request.user), code=code)
    jobs.retry_job(job)
    return redirect("core:job_detail", code=job.code)
