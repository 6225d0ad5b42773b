"""The desk of a batch: who is ready, issuing, and how far the files are."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.freshness import fresh_sign_in
from accounts.selectors import lsp_of
from batches.models import Batch
from certificates import policies, services
from certificates.errors import NobodyChosen, NotInBatch
from certificates.selectors.checklist import PAPER, PersonChecklist, batch_checklists
from certificates.selectors.paper import with_class
from certificates.selectors.progress import all_have_one, progress_of
from core.errors import DomainError


def certificate_board(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody with what is met and what is missing; those who are ready are ticked."""
    batch = _desk_batch(request, code)
    people = batch_checklists(batch, lsp_of(request))
    issued = [one.certificate for one in people if one.certificate]
    context = {
        "batch": batch,
        "people": people,
        "ready": [one for one in people if one.is_ready],
        "issued": issued,
        "unrendered": sum(not certificate.is_rendered for certificate in issued),
        "may_issue": policies.can_issue(request.user),
        "may_correct": policies.can_correct_name(request.user),
    }
    return render(request, "certificates/certificate_board.html", context)


@fresh_sign_in
def issue_certificates(request: HttpRequest, code: str) -> HttpResponse:
    """Names the people once more, then issues exactly that list. A refusal stands on the page and changes nothing."""
    batch = _desk_batch(request, code)
    wanted = (request.POST if request.method == "POST" else request.GET).getlist("peserta")
    people = [one for one in batch_checklists(batch, lsp_of(request)) if one.registration.code in wanted]
    refusal = ""
    if request.method == "POST":
        try:
            if len(people) != len(set(wanted)):
                raise NotInBatch
            made = services.issue_certificates(batch, [one.registration for one in people], by=request.user)
        except DomainError as error:
            if all_have_one(batch, wanted):  # a second click: the first has issued
                return redirect("certificates:issue_progress", code=batch.code)
            refusal = str(error)
        else:
            return _issued(request, batch, len(made))
    elif people:
        refusal = next((line.detail for one in people for line in one.missing if line.code == PAPER), "")
    else:
        refusal = str(NobodyChosen())
    status = 422 if refusal and request.method == "POST" else 200
    return render(request, "certificates/issue_certificates.html", _asked(batch, people, refusal), status=status)


def issue_progress(request: HttpRequest, code: str) -> HttpResponse:
    """Which files are made; the same address answers the fragment that replaces itself while work is left."""
    batch = _desk_batch(request, code)
    context = {
        "batch": batch,
        "progress": progress_of(batch),
        "may_restart": policies.can_restart_rendering(request.user),
    }
    template = "certificates/_progress.html" if request.htmx else "certificates/issue_progress.html"
    return render(request, template, context)


def _issued(request: HttpRequest, batch: Batch, count: int) -> HttpResponse:
    text = ngettext(
        "%(count)s sertifikat terbit. Berkasnya sedang dibuat, lalu dikirim lewat email.",
        "%(count)s sertifikat terbit. Berkasnya sedang dibuat, lalu dikirim lewat email.",
        count,
    )
    messages.success(request, text % {"count": count})
    return redirect("certificates:issue_progress", code=batch.code)


def _asked(batch: Batch, people: list[PersonChecklist], refusal: str) -> dict[str, object]:
    count = {"count": len(people)}
    title = ngettext("Terbitkan %(count)s sertifikat?", "Terbitkan %(count)s sertifikat?", len(people)) % count
    label = ngettext("Terbitkan %(count)s sertifikat", "Terbitkan %(count)s sertifikat", len(people)) % count
    return {
        "batch": batch,
        "people": people,
        "refusal": refusal,
        "title": title if people else _("Terbitkan sertifikat"),
        "label": label,
        "text": _("Tiap orang mendapat nomor urut berikutnya menurut abjad. Nomor dan isinya tidak dapat diubah lagi."),
    }


def _desk_batch(request: HttpRequest, code: str) -> Batch:
    return get_object_or_404(with_class(Batch.objects.planned_with(request.user)), code=code)
