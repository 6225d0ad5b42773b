"""One file beside its rules: read, taken into work, its papers judged."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.files import serve_file
from core.views import explain_domain_errors
from notifications.selectors import emails_of
from participants import policies, selectors, services
from participants.forms.review import AnswerForm, JudgeDocumentForm, RevealForm
from participants.models import Document, Registration
from participants.selectors import review as desk
from participants.selectors.decision_mails import held_of_registration
from participants.selectors.review_sheet import review_of
from participants.states import RegistrationStatus as S
from participants.views.review_loading import load_sent, sent, to_review


def review_registration(request: HttpRequest, code: str) -> HttpResponse:
    """Documents on the left, rules on the right. Opening it changes nothing."""
    registration = desk.load_for_review(sent(request), code)
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
    services.claim_for_review(load_sent(request, code), by=request.user)
    return to_review(code)


@explain_domain_errors
def release_claim(request: HttpRequest, code: str) -> HttpResponse:
    services.release_claim(load_sent(request, code), by=request.user)
    return redirect("participants:review_queue")


@explain_domain_errors
def accept_all_documents(request: HttpRequest, code: str) -> HttpResponse:
    """One click for a person whose papers are all fine; starts the review when nobody has."""
    registration = load_sent(request, code)
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
    registration = load_sent(request, code)
    known = {manual.id for manual in selectors.rule_set_of(registration).walk("manual_check")}
    if not form.is_valid() or rule not in known:
        raise Http404
    services.answer_manual_check(registration, rule, form.value, by=request.user)
    return redirect(reverse("participants:review_registration", args=[code]) + "#syarat")


def reveal_identity(request: HttpRequest, code: str) -> HttpResponse:
    """Shows the number once, in the answer to the form; kept in no address and no cache."""
    registration = load_sent(request, code)
    form = RevealForm(request.POST or None)
    number = ""
    if request.method == "POST" and form.is_valid():
        number = services.reveal_identity(registration.person, form.cleaned_data["reason"], by=request.user)
    context = {"registration": registration, "form": form, "number": number}
    status = 422 if request.method == "POST" and not number else 200
    return render(request, "participants/review/reveal_identity.html", context, status=status)


def review_document(request: HttpRequest, code: str) -> HttpResponse:
    """The file itself, for its owner and for who reviews; each view is on record."""
    rows = Document.objects.filter(registration__in=Registration.objects.visible_to(request.user))
    document = get_object_or_404(rows.select_related("registration__person", "file"), code=code)
    if document.file is None or not policies.can_view_document(request.user, document):
        raise Http404
    return serve_file(request, document.file, by=request.user)


def _load_document(request: HttpRequest, code: str) -> Document:
    rows = Document.objects.filter(superseded_at=None, registration__in=sent(request))
    return get_object_or_404(rows.select_related("registration__person", "registration__batch", "type"), code=code)
