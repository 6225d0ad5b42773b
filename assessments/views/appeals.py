"""Appeals: the list, one appeal, and the acts of participant, desk, director and panel."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import services
from assessments.forms.results import AppealDecisionForm, PanelForm, ReasonForm
from assessments.models import Appeal
from assessments.policies import results as policies
from assessments.selectors.appeals import PANEL_SUGGESTED, appeals_for, panel_candidates
from assessments.selectors.attempts import rubric_of_attempt, view_of
from assessments.selectors.explained import in_words
from assessments.selectors.next_steps import appeal_now
from assessments.states import OPEN_APPEAL
from core.errors import DomainError
from core.forms import PortalForm
from core.views import explain_domain_errors

PER_PAGE = 25
OPEN, ENDED = "open", "ended"


def appeal_list(request: HttpRequest) -> HttpResponse:
    """What the desk handles, and what one hears as a member of a panel; the nearest answer first."""
    chosen = request.GET.get("state", OPEN)
    appeals = appeals_for(request.user)
    rows = appeals.filter(status__in=OPEN_APPEAL) if chosen != ENDED else appeals.exclude(status__in=OPEN_APPEAL)
    url = reverse("assessments:appeal_list")
    context = {
        "page": Paginator(rows.order_by("answer_due_on", "pk"), PER_PAGE).get_page(request.GET.get("h")),
        "is_ended": chosen == ENDED,
        "pills": [
            {"label": _("Terbuka"), "url": url, "current": chosen != ENDED, "count": ""},
            {"label": _("Berakhir"), "url": f"{url}?state={ENDED}", "current": chosen == ENDED, "count": ""},
        ],
    }
    return render(request, "assessments/appeals/appeal_list.html", context)


def appeal_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Grounds, the result that it is about, clock, panel, outcome, and what may be done."""
    appeal = _load(request, code)
    registration = appeal.decision.assessment.registration
    context = {
        "appeal": appeal,
        "registration": registration,
        "batch": registration.batch,
        "now": appeal_now(appeal),
        "is_own": registration.person.user_id == request.user.pk,
        "decision": in_words(appeal.decision, view_of(rubric_of_attempt(appeal.decision.assessment))),
        "panel": list(appeal.panel.select_related("user").order_by("since", "pk")),
        "actions": policies.appeal_actions(request.user, appeal),
        "attempt_url": _attempt_url(request, appeal),
    }
    return render(request, "assessments/appeals/appeal_detail.html", context)


def _attempt_url(request: HttpRequest, appeal: Appeal) -> str:
    """The desk's page about the person, for those who may open it."""
    if not policies.can_look_at_attempts(request.user):
        return ""
    return reverse("assessments:assessment_detail", args=[appeal.decision.assessment.code])


def _act(name: str, service: Callable[..., Appeal], done: Promise) -> Callable[..., HttpResponse]:
    """A view that does one act of the appeal's page."""

    @explain_domain_errors
    def view(request: HttpRequest, code: str) -> HttpResponse:
        appeal = _load(request, code)
        service(appeal, by=request.user)
        messages.success(request, done)
        return redirect("assessments:appeal_detail", code=code)

    view.__name__ = name
    return view


accept_appeal = _act(
    "accept_appeal", services.accept_appeal, gettext_lazy("Banding diterima. Peserta dikabari lewat email.")
)
close_appeal = _act(
    "close_appeal", services.close_appeal, gettext_lazy("Banding ditutup. Peserta dikabari lewat email.")
)


def withdraw_appeal(request: HttpRequest, code: str) -> HttpResponse:
    """The participant takes the appeal back, after being asked once more."""
    mine = appeals_for(request.user).filter(decision__assessment__registration__person__user=request.user)
    appeal = get_object_or_404(mine, code=code)
    words = {
        "title": _("Cabut banding ini?"), "label": _("Cabut banding"), "danger": True,
        "text": _("Hasil semula tetap berlaku, dan banding tidak dapat diajukan lagi."),
    }  # fmt: skip
    return _ask(
        request, appeal, PortalForm(request.POST if request.method == "POST" else None),
        lambda form: services.withdraw_appeal(appeal, by=request.user), _("Banding dicabut."), words,
    )  # fmt: skip


def reject_appeal(request: HttpRequest, code: str) -> HttpResponse:
    """The appeal is not in order; why."""
    appeal = _load(request, code)
    words = {
        "title": _("Tolak banding secara formil?"), "label": _("Tolak formil"), "danger": True,
        "text": _("Untuk banding yang tidak memenuhi syarat pengajuan. Peserta menerima email berisi alasannya."),
    }  # fmt: skip
    return _ask(
        request, appeal, ReasonForm(request.POST or None, hint=_("Dibaca oleh peserta.")),
        lambda form: services.reject_appeal_formally(appeal, form.cleaned_data["reason"], by=request.user),
        _("Banding ditolak formil. Peserta dikabari lewat email."), words,
    )  # fmt: skip


def appoint_panel(request: HttpRequest, code: str) -> HttpResponse:
    """Chooses who hears the appeal among those who were not involved."""
    appeal = _load(request, code)
    candidates = panel_candidates(appeal.decision.assessment.registration)
    suggested = [user.code for user in candidates[:PANEL_SUGGESTED]]
    words = {
        "title": _("Tunjuk panel banding"), "label": _("Tunjuk panel"), "danger": False,
        "text": _("Panel memeriksa rekaman dan alasan banding, lalu memutus. Anggotanya menerima email."),
    }  # fmt: skip
    return _ask(
        request, appeal, PanelForm(request.POST or None, candidates=candidates, initial={"people": suggested}),
        lambda form: services.appoint_panel(appeal, form.chosen(), by=request.user), _("Panel ditunjuk."), words,
    )  # fmt: skip


def decide_appeal(request: HttpRequest, code: str) -> HttpResponse:
    """A member of the panel writes its decision."""
    appeal = get_object_or_404(appeals_for(request.user).filter(panel__user=request.user), code=code)
    words = {
        "title": _("Putus banding"), "label": _("Simpan putusan"), "danger": False,
        "text": _("Putusan panel berlaku untuk semua anggotanya. Peserta menerima email berisi pertimbangannya."),
    }  # fmt: skip
    return _ask(
        request, appeal, AppealDecisionForm(request.POST or None),
        lambda form: services.decide_appeal(
            appeal, upheld=form.cleaned_data["outcome"] == "upheld", text=form.cleaned_data["text"], by=request.user
        ),
        _("Putusan tersimpan. Peserta dikabari lewat email."), words,
    )  # fmt: skip


def _ask(
    request: HttpRequest, appeal: Appeal, form: Form, act: Callable[[Any], Appeal], done: str, words: dict[str, Any]
) -> HttpResponse:
    """A page with one form; a refusal stands on it with what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            return redirect("assessments:appeal_detail", code=appeal.code)
    back = reverse("assessments:appeal_detail", args=[appeal.code])
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "back_url": back, "consequences": [], **words}
    return render(request, "assessments/results/confirm.html", context, status=status)


def _load(request: HttpRequest, code: str) -> Appeal:
    return get_object_or_404(appeals_for(request.user), code=code)
