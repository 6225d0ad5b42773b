"""The review desk: the queue, one file beside its rules, decisions, and the people of a batch."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Lsp
from batches.models import Batch
from core import clock
from core.errors import DomainError
from core.files import serve_file
from core.views import explain_domain_errors
from notifications.selectors import emails_of
from participants import policies, selectors, services
from participants.models import Document, Registration, RegistrationQuerySet
from participants.review_forms import (
    OPEN,
    AnswerForm,
    JudgeDocumentForm,
    QueueFilterForm,
    ReasonForm,
    ReturnForm,
    RevealForm,
)
from participants.review_pages import review_of
from participants.selectors import review as desk
from participants.selectors.decision_mails import held_of_batch, held_of_latest, held_of_registration
from participants.selectors.next_step import returned_documents
from participants.states import SENT, RegistrationStatus

S = RegistrationStatus
PER_PAGE = 25
PILLS = (OPEN, S.RETURNED, S.ELIGIBLE, S.WAITLISTED, S.CONFIRMED)


# --- the queue


def review_queue(request: HttpRequest) -> HttpResponse:
    """Everything that was sent, who waits longest first."""
    batches = Batch.objects.order_by("-starts_on", "name")
    form = QueueFilterForm(request.GET, batches=batches)
    chosen = form.chosen()
    page = Paginator(selectors.review_queue(chosen), PER_PAGE).get_page(request.GET.get("h"))
    context = {
        "form": form,
        "page": page,
        "rows": [{"registration": one, "days": waiting_days(one)} for one in page],
        "active": chosen,
        "pills": _pills(chosen.get("status", "")),
    }
    return render(request, "participants/review/review_queue.html", context)


def waiting_days(registration: Registration) -> int | None:
    """Days since it was sent, while somebody still has to act."""
    ended = registration.status in {S.COMPLETED, S.REJECTED, S.WITHDRAWN, S.CANCELLED, S.CONFIRMED}
    if ended or registration.submitted_at is None:
        return None
    return (clock.now() - registration.submitted_at).days


def _pills(current: str) -> list[dict[str, Any]]:
    counts, url = desk.queue_counts(), reverse("participants:review_queue")
    labels = {OPEN: _("Menunggu pemeriksaan")}
    everything = {"label": _("Semua"), "url": url, "current": not current, "count": sum(counts[s] for s in SENT)}
    return [everything] + [
        {
            "label": labels.get(status) or S(status).label,
            "url": f"{url}?status={status}",
            "current": current == status,
            "count": counts[status],
        }
        for status in PILLS
    ]


# --- one file


def review_registration(request: HttpRequest, code: str) -> HttpResponse:
    """Documents on the left, rules on the right. Opening it changes nothing."""
    registration = desk.load_for_review(_sent(request), code)
    if registration is None:
        raise Http404
    may_review = policies.can_review(request.user)
    actions = policies.allowed_actions(request.user, registration)
    context = {
        "registration": registration,
        "review": review_of(registration, with_identity=may_review),
        "now": selectors.what_now(registration, viewer="staff"),
        "actions": actions,
        "may_judge": "judge" in actions or "claim" in actions,
        "history": selectors.history(registration, viewer="staff"),
        "unsent": emails_of(registration.person.user) if registration.has_unsent else [],
        "twins": selectors.identity_twins(registration) if registration.has_twin else [],
        "may_review": may_review,
        "judge_form": JudgeDocumentForm(auto_id=False),
        "mail_is_held": may_review and held_of_registration(registration),
    }
    return render(request, "participants/review/review_registration.html", context)


@explain_domain_errors
def claim_for_review(request: HttpRequest, code: str) -> HttpResponse:
    services.claim_for_review(_load(request, code), by=request.user)
    return _back_to(code)


@explain_domain_errors
def release_claim(request: HttpRequest, code: str) -> HttpResponse:
    services.release_claim(_load(request, code), by=request.user)
    return redirect("participants:review_queue")


@explain_domain_errors
def accept_all_documents(request: HttpRequest, code: str) -> HttpResponse:
    """One click for a person whose papers are all fine; starts the review when nobody has."""
    registration = _load(request, code)
    if registration.status == S.SUBMITTED:
        registration = services.claim_for_review(registration, by=request.user)
    count = services.accept_all_documents(registration, by=request.user)
    messages.success(request, _("%(count)s dokumen ditandai sesuai.") % {"count": count})
    return redirect(reverse("participants:review_registration", args=[code]) + "#putusan")


@explain_domain_errors
def judge_document(request: HttpRequest, code: str) -> HttpResponse:
    """A verdict for one document; starts the review when nobody has."""
    document = _load_document(request, code)
    form = JudgeDocumentForm(request.POST)
    if not form.is_valid():
        raise DomainError(next(iter(form.errors.values()))[0])
    if document.registration.status == S.SUBMITTED:
        services.claim_for_review(document.registration, by=request.user)
    services.judge_document(document, form.cleaned_data["verdict"], form.reason, by=request.user)
    page = reverse("participants:review_registration", args=[document.registration.code])
    return redirect(f"{page}#dokumen-{document.code}")


@explain_domain_errors
def answer_manual_check(request: HttpRequest, code: str, rule: str) -> HttpResponse:
    form = AnswerForm(request.POST)
    registration = _load(request, code)
    known = {manual.id for manual in selectors.rule_set_of(registration).walk("manual_check")}
    if not form.is_valid() or rule not in known:
        raise Http404
    services.answer_manual_check(registration, rule, form.value, by=request.user)
    return redirect(reverse("participants:review_registration", args=[code]) + "#syarat")


@explain_domain_errors
def find_eligible(request: HttpRequest, code: str) -> HttpResponse:
    """Decides, then opens the next file."""
    registration = services.find_eligible(_load(request, code), by=request.user)
    text = _("%(name)s memenuhi syarat.") % {"name": registration.person.full_name}
    messages.success(request, f"{text} {_told(registration)}")
    return _next_file(request)


def return_registration(request: HttpRequest, code: str) -> HttpResponse:
    registration = _load(request, code)
    marked = returned_documents(registration)
    return _decide(
        request, registration, ReturnForm, services.return_registration, then=_next_file,
        title=_("Minta perbaikan dari %(name)s?") % {"name": registration.person.full_name},
        text=_("Peserta menerima email berisi yang perlu diperbaiki dan batas waktunya."),
        consequences=[f"{label}: {reason}" for label, reason in marked], label=_("Minta perbaikan"), danger=False,
    )  # fmt: skip


def reject_registration(request: HttpRequest, code: str) -> HttpResponse:
    registration = _load(request, code)
    return _decide(
        request, registration, ReasonForm, services.reject_registration, then=_next_file,
        title=_("Nyatakan %(name)s tidak memenuhi syarat?") % {"name": registration.person.full_name},
        text=_("Peserta menerima email berisi alasan dan cara menyampaikan keberatan."),
        consequences=[_("Suratnya ditahan sampai dilepas bersama.")] if Lsp.current().hold_decisions else [],
        label=_("Nyatakan tidak memenuhi syarat"),
    )  # fmt: skip


def reopen_after_objection(request: HttpRequest, code: str) -> HttpResponse:
    registration = _load(request, code)
    return _decide(
        request, registration, ReasonForm, services.reopen_after_objection,
        title=_("Terima keberatan %(name)s?") % {"name": registration.person.full_name},
        text=_("Pendaftaran kembali ke antrean pemeriksaan, dan peserta menerima email."),
        consequences=[], label=_("Terima keberatan"), danger=False,
    )  # fmt: skip


def cancel_registration(request: HttpRequest, code: str) -> HttpResponse:
    registration = _load(request, code)
    seated = [_("Kursinya langsung diberikan kepada urutan pertama daftar tunggu.")]
    return _decide(
        request, registration, ReasonForm, services.cancel_registration,
        title=_("Batalkan pendaftaran %(name)s?") % {"name": registration.person.full_name},
        text=_("Peserta menerima email berisi alasannya. Tindakan ini tidak dapat dibatalkan."),
        consequences=seated if registration.status == S.CONFIRMED else [], label=_("Batalkan pendaftaran"),
    )  # fmt: skip


@explain_domain_errors
def confirm_registration(request: HttpRequest, code: str) -> HttpResponse:
    registration = services.confirm_registration(_load(request, code), by=request.user)
    name = registration.person.full_name
    if registration.status == S.CONFIRMED:
        text = _("Kursi %(name)s terkonfirmasi.") % {"name": name}
        messages.success(request, f"{text} {_told(registration)}")
    else:
        position = selectors.waiting_position(registration)
        text = _("Kursi penuh. %(name)s di urutan %(position)s daftar tunggu.")
        text = text % {"name": name, "position": position}
        messages.warning(request, f"{text} {_told(registration)}")
    return _back_to(code)


def reveal_identity(request: HttpRequest, code: str) -> HttpResponse:
    """Shows the number once, in the answer to the form; kept in no address and no cache."""
    registration = _load(request, code)
    form = RevealForm(request.POST or None)
    number = ""
    if request.method == "POST" and form.is_valid():
        number = services.reveal_identity(registration.person, form.cleaned_data["reason"], by=request.user)
    context = {"registration": registration, "form": form, "number": number}
    status = 422 if request.method == "POST" and not number else 200
    return render(request, "participants/review/reveal_identity.html", context, status=status)


def review_document(request: HttpRequest, code: str) -> HttpResponse:
    """The file itself, for its owner and for who reviews; each view is on record."""
    document = get_object_or_404(Document.objects.select_related("registration__person", "file"), code=code)
    if document.file is None or not policies.can_view_document(request.user, document):
        raise Http404
    return serve_file(request, document.file, by=request.user)


# --- the people of a batch


def roster(request: HttpRequest, code: str) -> HttpResponse:
    """Who has a seat, who waits, who is on the way; a page, and a panel for the page of the batch."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user).select_related("scheme"), code=code)
    context = {
        "batch": batch,
        "roster": selectors.batch_roster(batch),
        "may_review": policies.can_review(request.user),
        "seats_move": services.seats_move(batch),
        "held": held_of_batch(batch) if policies.can_review(request.user) else None,
    }
    template = "participants/review/_roster.html" if request.htmx else "participants/review/roster.html"
    return render(request, template, context)


@explain_domain_errors
def confirm_all_eligible(request: HttpRequest, code: str) -> HttpResponse:
    batch = get_object_or_404(Batch.objects.visible_to(request.user), code=code)
    return_to = reverse("participants:roster", args=[code])
    job = services.confirm_all_eligible(batch, by=request.user, return_to=return_to)
    return redirect("core:job_detail", code=job.code)


def cancel_batch(request: HttpRequest, code: str) -> HttpResponse:
    batch = get_object_or_404(Batch.objects.visible_to(request.user), code=code)
    form = ReasonForm(request.POST or None)
    back = reverse("batches:manage_batch", args=[batch.code])
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_batch(batch, form.cleaned_data["reason"], by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Tersimpan. Peserta dikabari lewat email."))
            return redirect(back)
    people = Registration.objects.live().filter(batch=batch).count()
    effect = _("%(count)s pendaftaran dibatalkan, dan orangnya menerima email berisi alasannya.") % {"count": people}
    return _confirm_page(
        request, form, back, title=_("Batalkan angkatan %(name)s?") % {"name": batch.name},
        text=_("Tindakan ini tidak dapat dibatalkan."), consequences=[effect], label=_("Batalkan angkatan"),
    )  # fmt: skip


# --- shared


def _sent(request: HttpRequest) -> RegistrationQuerySet:
    return Registration.objects.visible_to(request.user).sent()


def _load(request: HttpRequest, code: str) -> Registration:
    rows = _sent(request).select_related("person__user", "batch__rule_set", "scheme", "claimed_by")
    return get_object_or_404(rows, code=code)


def _load_document(request: HttpRequest, code: str) -> Document:
    rows = Document.objects.filter(superseded_at=None, registration__in=_sent(request))
    return get_object_or_404(rows.select_related("registration__person", "registration__batch", "type"), code=code)


def _back_to(code: str) -> HttpResponse:
    return redirect("participants:review_registration", code=code)


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
    return _back_to(following.code)


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
            return then(request) if then else _back_to(registration.code)
    back = reverse("participants:review_registration", args=[registration.code])
    return _confirm_page(request, form, back, danger=danger, **words)


def _confirm_page(
    request: HttpRequest, form: Form, back_url: str, *, danger: bool = True, **words: Any
) -> HttpResponse:
    context = {"form": form, "back_url": back_url, "danger": danger, **words}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "participants/review/decide.html", context, status=status)
