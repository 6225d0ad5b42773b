"""Starting, looking at, checking, sending and withdrawing one's own registration."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.selectors import is_verified
from batches.models import Batch
from core.errors import DomainError
from core.views import explain_domain_errors
from participants import services
from participants.eligibility import Facts, Reference
from participants.forms import WithdrawForm
from participants.models import Registration
from participants.policies import can_withdraw
from participants.selectors import PartState, gather_facts, history, load_reference, part_states, rule_set_of, what_now
from participants.selectors.parts import DONE, LOCKED, STARTED, TODO, missing_text, missing_uploads
from participants.states import Part, RegistrationStatus
from participants.views import loading
from participants.views.documents import papers_of

VERBS = {
    Part.TARGET: gettext_lazy("Tulis bidang yang akan Anda ases"),
    Part.IDENTITY: gettext_lazy("Isi data diri"),
    Part.EDUCATION: gettext_lazy("Isi pendidikan"),
    Part.EXPERIENCE: gettext_lazy("Isi pengalaman kerja"),
    Part.SELF_ASSESSMENT: gettext_lazy("Isi asesmen mandiri"),
    Part.DOCUMENTS: gettext_lazy("Unggah dokumen"),
    Part.DECLARATIONS: gettext_lazy("Baca dan setujui pernyataan"),
}
STATE_WORDS = {
    DONE: (gettext_lazy("Selesai"), "muted"),
    STARTED: (gettext_lazy("Sedang diisi"), "info"),
    TODO: (gettext_lazy("Belum dimulai"), "warn"),
    LOCKED: (gettext_lazy("Terkirim"), "muted"),
}


@explain_domain_errors
def start_registration(request: HttpRequest, code: str) -> HttpResponse:
    """To the task list of the one live registration for the batch's scheme; strangers make an account first."""
    batch = get_object_or_404(Batch.objects.public(), code=code)
    page = reverse("participants:batch_page", args=[batch.code])
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_signup')}?{urlencode({'next': page})}")
    if not is_verified(request.user):
        messages.info(request, _("Verifikasi alamat email Anda dahulu, lalu tekan Daftar lagi."))
        return redirect("account_email")
    registration = services.start_registration(batch, by=request.user)
    return redirect("participants:registration_detail", registration.code)


def registration_detail(request: HttpRequest, code: str) -> HttpResponse:
    """The task list before sending, what to mend when returned, state and history after."""
    registration = loading.own_registration(request, code)
    context = {"registration": registration, "batch": registration.batch, "now": what_now(registration)}
    if registration.status == RegistrationStatus.DRAFT:
        return render(request, "participants/registration_tasks.html", context | tasks_of(registration))
    if registration.status == RegistrationStatus.RETURNED:
        return render(request, "participants/registration_returned.html", context | mending_of(registration))
    context |= {
        "timeline": history(registration),
        "papers": papers_of(registration),
        "can_withdraw": can_leave(request.user, registration),
    }
    return render(request, "participants/registration_detail.html", context)


def check_answers(request: HttpRequest, code: str) -> HttpResponse:
    """The last look: everything that was answered, what is missing on top, and the button that sends."""
    registration = loading.own_registration(request, code)
    if not loading.is_editable(registration):
        return redirect("participants:receipt", registration.code)
    facts, reference = gather_facts(registration), load_reference()
    states = part_states(registration, facts, reference)
    missing = missing_uploads(rule_set_of(registration), facts)
    context = {
        "registration": registration,
        "batch": registration.batch,
        "todo": [task(registration, state) for state in states if not state.is_done],
        "missing": missing_text(missing, reference) if missing else "",
        "sections": [
            section(registration, state, facts, reference) for state in states if state.part != Part.DOCUMENTS
        ],
        "papers": papers_of(registration),
        "advice": loading.advice_of(registration, facts, reference),
        "steps": len(states) + 1,
    }
    return render(request, "participants/check_answers.html", context)


@explain_domain_errors
def submit_registration(request: HttpRequest, code: str) -> HttpResponse:
    """Sends; what is refused is told on the last look. A second press shows the same receipt."""
    registration = loading.own_registration(request, code)
    try:
        services.submit_registration(registration, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("participants:check_answers", registration.code)
    return redirect("participants:receipt", registration.code)


def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """Number, what happens next and by when."""
    registration = loading.own_registration(request, code)
    if registration.submitted_at is None:
        return loading.to_detail(request, registration)
    context = {"registration": registration, "batch": registration.batch, "now": what_now(registration)}
    return render(request, "participants/receipt.html", context | {"papers": papers_of(registration)})


@explain_domain_errors
def withdraw_registration(request: HttpRequest, code: str) -> HttpResponse:
    """Asks once, with the consequence; POST withdraws."""
    registration = loading.own_registration(request, code)
    if not can_leave(request.user, registration):
        return loading.to_detail(request, registration)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.withdraw_registration(registration, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Pendaftaran sudah ditarik."))
        return loading.to_detail(request, registration)
    context = {
        "registration": registration,
        "form": form,
        "consequences": consequences(registration),
        "title": _("Tarik pendaftaran %(number)s?") % {"number": registration.number},
    }
    return render(request, "participants/withdraw_registration.html", context)


def can_leave(user: User, registration: Registration) -> bool:
    """Withdrawing is offered until the training starts."""
    return can_withdraw(user, registration) and not registration.batch.has_started()


def consequences(registration: Registration) -> list[str]:
    """What withdrawing means in the present state."""
    lines = {
        RegistrationStatus.CONFIRMED: _("Kursi Anda langsung menjadi milik orang berikutnya di daftar tunggu."),
        RegistrationStatus.WAITLISTED: _("Urutan Anda di daftar tunggu hilang."),
        RegistrationStatus.DRAFT: _("Isian dan dokumen Anda dihapus setelah 30 hari."),
    }
    first = lines.get(registration.status, _("Pemeriksaan berkas Anda berhenti."))
    return [first, _("Tindakan ini tidak dapat dibatalkan. Anda boleh mendaftar lagi selama pendaftaran dibuka.")]


def task(registration: Registration, state: PartState) -> dict[str, Any]:
    """One line of the task list."""
    word, tone = STATE_WORDS[state.state]
    return {
        "label": VERBS[state.part],
        "name": state.label,
        "url": reverse("participants:edit_part", args=[registration.code, state.part]),
        "hint": state.hint,
        "status": word,
        "tone": tone,
    }


def tasks_of(registration: Registration) -> dict[str, Any]:
    """The task list with its count, the next step, and the rules as they stand."""
    facts, reference = gather_facts(registration), load_reference()
    states = part_states(registration, facts, reference)
    done = sum(state.is_done for state in states)
    next_state = next((state for state in states if not state.is_done), None)
    return {
        "tasks": [task(registration, state) for state in states],
        "done": done,
        "total": len(states),
        "next_task": task(registration, next_state) if next_state else None,
        "advice": loading.advice_of(registration, facts, reference),
        "is_open": registration.batch.accepts_registrations(),
    }


def mending_of(registration: Registration) -> dict[str, Any]:
    """Exactly what was returned, and whether all of it is replaced."""
    facts = gather_facts(registration)
    states = part_states(registration, facts)
    papers = papers_of(registration)
    missing = missing_uploads(rule_set_of(registration), facts)
    return {
        "to_fix": [paper for paper in papers if paper.is_returned],
        "missing": missing_text(missing) if missing else "",
        "is_ready": not missing and all(state.is_done for state in states),
        "todo": [task(registration, state) for state in states if not state.is_done and state.part != Part.DOCUMENTS],
        "tasks": [task(registration, state) for state in states],
        "timeline": history(registration),
        "can_withdraw": can_leave(registration.person.user, registration),
    }


def section(registration: Registration, state: PartState, facts: Facts, reference: Reference) -> dict[str, Any]:
    """One part on the last look."""
    url = reverse("participants:edit_part", args=[registration.code, state.part])
    loaded = {Part.EDUCATION: {"reference": reference}, Part.DECLARATIONS: {"accepted": facts.declarations}}
    answers = loading.build_form(registration, state.part, **loaded.get(state.part, {})).summary()
    rows = [
        {"label": answer.label, "value": answer.value, "url": "" if answer.value else url, "missing": not answer.value}
        for answer in answers
        if state.state != TODO and (answer.value or not answer.is_optional)
    ]
    return {"title": state.label, "url": url, "rows": rows, "is_done": state.is_done}
