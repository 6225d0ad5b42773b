"""Small pieces of HTTP that every app's views share, and the pages of background jobs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core import jobs
from core.errors import DomainError
from core.files import XLSX, private_response, serve_file
from core.models import Job, JobQuerySet, JobRowStatus, JobStatus

View = Callable[..., HttpResponse]
JOBS_PER_PAGE, ROWS_PER_PAGE = 50, 100
PARKED = "parked"  # beside the states: what a job or its rows were given up for


def safe_next(request: HttpRequest, default: str) -> str:
    """The page named by `next`, if it is one of ours; else `default`."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if allowed and target.startswith(("/", "http://", "https://")) else default


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


def job_list(request: HttpRequest) -> HttpResponse:
    """One's own background jobs, newest first; those who oversee jobs see everybody's."""
    seen = Job.objects.visible_to(request.user)
    chosen = request.GET.get("status", "")
    found = seen.parked() if chosen == PARKED else seen.filter(status=chosen) if chosen in JobStatus.values else seen
    page = Paginator(found.select_related("owner"), JOBS_PER_PAGE).get_page(request.GET.get("h"))
    rows = [{"job": job, "title": jobs.job_title(job), "worked": job.done + job.failed} for job in page]
    context = {
        "rows": rows, "page": page, "pills": _job_pills(seen, chosen), "chosen": chosen,
        "with_owners": request.user.oversees_jobs,
    }  # fmt: skip
    return render(request, "core/job_list.html", context)


def _job_pills(seen: JobQuerySet, current: str) -> list[dict[str, Any]]:
    """The states that have jobs, and those that were given up, as quick filters."""
    url, counts = reverse("core:job_list"), dict(seen.order_by().values_list("status").annotate(n=Count("pk")))
    pills = [{"label": _("Semua"), "url": url, "current": not current, "count": sum(counts.values())}]
    parked = seen.parked().count()
    named = [(PARKED, _("Perlu dilihat"), parked), *((one, one.label, counts.get(one, 0)) for one in JobStatus)]
    return pills + [
        {"label": label, "url": f"{url}?status={value}", "current": current == value, "count": count}
        for value, label, count in named
        if count or current == value
    ]


def job_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Progress of one job; the same address answers the fragment that replaces itself while the job runs."""
    job = _job_of(request, code)
    only_failed = request.GET.get("baris") == "gagal"
    rows = job.rows.filter(status=JobRowStatus.FAILED) if only_failed else job.rows.all()
    template = "core/_job_progress.html" if request.htmx else "core/job_detail.html"
    context = {
        "job": job,
        "title": jobs.job_title(job),
        "page": Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("h")),
        "pills": _row_pills(job, only_failed),
        "may_have_result": jobs.may_have_result(request.user, job),
        "may_cancel": job.status in jobs.CANCELLABLE - jobs.UNFINISHED
        or (job.status in jobs.UNFINISHED and not job.cancel_requested_at),
        "may_retry": job.status == JobStatus.FAILED or (job.status == JobStatus.DONE and job.failed > 0),
        "of_somebody_else": job.owner_id != request.user.pk,
    }
    return render(request, template, context)


def _row_pills(job: Job, only_failed: bool) -> list[dict[str, Any]]:
    url = reverse("core:job_detail", args=[job.code])
    return [
        {"label": _("Semua baris"), "url": url, "current": not only_failed, "count": job.total},
        {"label": _("Belum berhasil"), "url": f"{url}?baris=gagal", "current": only_failed, "count": job.failed},
    ]


def job_result(request: HttpRequest, code: str) -> HttpResponse:
    """The file that a finished job made, for its owner while he or she may have it; each download is on record."""
    jobs_with_file = Job.objects.owned_by(request.user).exclude(result=None).select_related("result")
    job = get_object_or_404(jobs_with_file, code=code)
    if not jobs.may_have_result(request.user, job):
        raise PermissionDenied
    return serve_file(request, job.result, by=request.user)


@explain_domain_errors
def retry_job(request: HttpRequest, code: str) -> HttpResponse:
    """Queues the failed rows again."""
    jobs.retry_job(_job_of(request, code), by=request.user)
    return redirect("core:job_detail", code=code)


@explain_domain_errors
def cancel_job(request: HttpRequest, code: str) -> HttpResponse:
    """Asks first, then stops the job; what is done stays done."""
    job = _job_of(request, code)
    if request.method != "POST":
        return render(request, "core/cancel_job.html", {
            "job": job,
            "title": jobs.job_title(job),
            "consequences": [
                _("Baris yang sudah selesai tetap berlaku, dan yang sedang dikerjakan diselesaikan dulu."),
                _("Baris lain tidak dikerjakan. Untuk mengerjakannya nanti, mintalah proses yang baru."),
            ],
        })  # fmt: skip
    job = jobs.cancel_job(job, by=request.user)
    stopped = job.status == JobStatus.CANCELLED
    messages.success(request, _("Proses dibatalkan.") if stopped else _("Proses berhenti sebelum baris berikutnya."))
    return redirect("core:job_detail", code=code)


def _job_of(request: HttpRequest, code: str) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.user).select_related("owner"), code=code)


def answer_with_list(made: bytes | Job, name: str) -> HttpResponse:
    """A short list as a download named after `name`, a long one as the page of its job (core.listings.deliver)."""
    if isinstance(made, Job):
        return redirect("core:job_detail", code=made.code)
    return private_response(made, content_type=XLSX, name=f"{slugify(name) or 'daftar'}.xlsx")
