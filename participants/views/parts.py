"""One page per part of the application: fill, save by itself, check, continue."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core.codes import new_code
from core.errors import ChangedMeanwhile, DomainError
from core.views import explain_domain_errors
from participants import services
from participants.eligibility import Facts, duration
from participants.errors import NotEditable
from participants.forms import Answer, identity_notes
from participants.models import ApplicationPart, Registration
from participants.selectors import gather_facts, part_states
from participants.states import Part, RegistrationStatus
from participants.views import loading

# The rules that each page shows beside its questions.
RULES_BESIDE = {
    Part.TARGET: {"experience_min_years", "certificate_held"},
    Part.EDUCATION: {"education_min"},
    Part.EXPERIENCE: {"experience_min_years"},
}
AUTOSAVED = frozenset({Part.TARGET, Part.IDENTITY, Part.EDUCATION, Part.EXPERIENCE, Part.SELF_ASSESSMENT})
PAGE_MEMORY = 6 * 3600  # seconds for which a page is known as the one that saved last


@explain_domain_errors
def edit_part(request: HttpRequest, code: str, part: Part) -> HttpResponse:
    """Shows one part, and saves it on POST: `action` is continue, later or add_row."""
    registration = loading.own_registration(request, code)
    if not loading.is_editable(registration):
        return loading.to_detail(request, registration, locked=True)
    if request.method != "POST":
        return render_part(request, registration, part, loading.build_form(registration, part))
    form = loading.build_form(registration, part, request.POST)
    action = request.POST.get("action", "continue")
    if action == "add_row" and part == Part.EXPERIENCE:
        more = loading.build_form(registration, part, stored=form.draft(), more=1)
        return render_part(request, registration, part, more, facts=typed_facts(registration, part, form), unsaved=True)
    if action != "later" and not form.is_valid():
        return render_part(request, registration, part, form, status=422)
    try:
        store(request, registration, part, form, complete=form.is_valid())
    except ChangedMeanwhile:
        if conflict := conflict_of(request, code, part, form):
            return render_part(request, conflict.pop("registration"), part, form, status=409, conflict=conflict)
    except DomainError as error:
        messages.error(request, str(error))
        return render_part(request, registration, part, form, status=422)
    return leave(request, code, part, form, later=action == "later")


def autosave_part(request: HttpRequest, code: str, part: Part) -> JsonResponse:
    """Keeps what is on the page without leaving it: 200 with the new version, 409 when another page saved first."""
    registration = loading.own_registration(request, code)
    if part not in AUTOSAVED or not loading.is_editable(registration):
        return JsonResponse({"message": str(NotEditable())}, status=409)
    form = loading.build_form(registration, part, request.POST)
    was_complete = any(row.part == part and row.is_complete for row in registration.parts.all())
    try:
        row = store(request, registration, part, form, complete=was_complete and form.is_valid())
    except DomainError as error:
        return JsonResponse({"message": str(error)}, status=409)
    cache.set(_writer_key(registration, part), [request.POST.get("page", ""), row.version], PAGE_MEMORY)
    return JsonResponse({"saved_at": format_date(localtime(row.saved_at), "H.i"), "fields": {"version": row.version}})


def check_eligibility(request: HttpRequest, code: str, part: Part) -> HttpResponse:
    """The rules against what is on the page, nothing saved: the fragment for htmx, else the whole page."""
    registration = loading.own_registration(request, code)
    if part not in RULES_BESIDE or not loading.is_editable(registration):
        return loading.to_detail(request, registration, locked=True)
    form = loading.build_form(registration, part, request.POST)
    facts = typed_facts(registration, part, form)
    if request.htmx:
        return render(request, "participants/_advice_beside.html", beside(registration, part, form, facts))
    again = loading.build_form(registration, part, stored=form.draft())
    return render_part(request, registration, part, again, facts=facts, unsaved=True)


def store(
    request: HttpRequest,
    registration: Registration,
    part: Part,
    form: Any,
    *,
    complete: bool,
    version: int | None = None,
) -> ApplicationPart:
    """Saves through the service of the part. A version that only this very page has raised is no conflict."""
    version = _version_of(request, registration, part) if version is None else version
    user = request.user
    if part == Part.DECLARATIONS:
        return services.accept_declarations(registration, form.ticked(), by=user)
    if part == Part.IDENTITY:
        return services.save_identity(registration, form.draft(), version=version, by=user, complete=complete)
    answers = form.answers() if complete else form.draft()
    return services.save_part(registration, part, answers, version=version, by=user, complete=complete)


def leave(request: HttpRequest, code: str, part: Part, form: Any, *, later: bool) -> HttpResponse:
    """To the next part that is open, to the last look, or to the task list."""
    registration = loading.own_registration(request, code)
    if part == Part.IDENTITY:
        _tell_about_identity(request, registration, form)
    if later:
        messages.success(request, _("Isian tersimpan. Lanjutkan kapan saja, juga di perangkat lain."))
        return loading.to_detail(request, registration)
    return redirect(next_url(registration, part))


def next_url(registration: Registration, part: Part) -> str:
    """The first unfinished part after this one, else the first unfinished one, else the last look."""
    if registration.status == RegistrationStatus.RETURNED:
        return reverse("participants:registration_detail", args=[registration.code])
    states = part_states(registration)
    place = next((index for index, state in enumerate(states) if state.part == part), -1)
    open_part = next((state for state in [*states[place + 1 :], *states[:place]] if not state.is_done), None)
    if open_part is None:
        return reverse("participants:check_answers", args=[registration.code])
    return reverse("participants:edit_part", args=[registration.code, open_part.part])


def render_part(
    request: HttpRequest, registration: Registration, part: Part, form: Any, *, status: int = 200, **extra: Any
) -> HttpResponse:
    """The page of one part; `extra` may hold facts, version, conflict, unsaved."""
    facts = extra.pop("facts", None) or gather_facts(registration)
    states = part_states(registration, facts)
    place = next((index for index, state in enumerate(states, start=1) if state.part == part), len(states))
    context = {
        "registration": registration,
        "part": part,
        "form": form,
        "step": place,
        "steps": len(states) + 1,
        "version": loading.stored_version(registration, part),
        "page": request.POST.get("page") or new_code(),
        "autosave": part in AUTOSAVED,
        "body": f"participants/parts/{part.value}.html",
        "notes": identity_notes(registration.person) if part == Part.IDENTITY else [],
        **beside(registration, part, form, facts),
        **extra,
    }
    return render(request, "participants/edit_part.html", context, status=status)


def beside(registration: Registration, part: Part, form: Any, facts: Facts) -> dict[str, Any]:
    """What stands beside the questions: the rules about them, and the total of experience."""
    if part not in RULES_BESIDE:
        return {}
    advice = loading.advice_of(registration, facts, here=part).about(RULES_BESIDE[part])
    total = duration(form.total().months) if part == Part.EXPERIENCE else None
    return {"advice": advice, "total": total}


def typed_facts(registration: Registration, part: Part, form: Any) -> Facts:
    """The stored facts with the page's answers in place of their stored ones."""
    facts = gather_facts(registration)
    if part == Part.EXPERIENCE:
        return replace(facts, experiences=form.facts())
    answers = form.draft()
    if part == Part.EDUCATION:
        return replace(facts, education_level=answers.get("level", ""))
    return replace(facts, target_field=answers.get("field", ""))


def conflict_of(request: HttpRequest, code: str, part: Part, form: Any) -> dict[str, Any] | None:
    """What another page saved meanwhile, beside what is typed here; None when both say the same (saved again)."""
    registration = loading.own_registration(request, code)
    rows = differences(form.summary(), loading.build_form(registration, part).summary())
    row = next(row for row in registration.parts.all() if row.part == part)
    if rows:
        return {"registration": registration, "rows": rows, "saved_at": row.saved_at}
    store(request, registration, part, form, complete=form.is_valid(), version=row.version)
    return None


def differences(yours: list[Answer], theirs: list[Answer]) -> list[dict[str, str]]:
    """Answers that differ, in the order of the page."""
    mine, stored = ({answer.label: answer.value for answer in answers} for answers in (yours, theirs))
    labels = list(dict.fromkeys([*mine, *stored]))
    return [
        {"label": label, "yours": mine.get(label, ""), "stored": stored.get(label, "")}
        for label in labels
        if mine.get(label, "") != stored.get(label, "")
    ]


def _version_of(request: HttpRequest, registration: Registration, part: Part) -> int:
    """The version that the page was opened with, or the one that its own autosave has made since.

    An autosave may still be on its way when the button is pressed; its answer then comes too late for the page.
    """
    typed = request.POST.get("version", "")
    version = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
    page, saved = cache.get(_writer_key(registration, part)) or ("", 0)
    return max(version, saved) if page and page == request.POST.get("page") else version


def _writer_key(registration: Registration, part: Part) -> str:
    return f"part-saved:{registration.code}:{part.value}"


def _tell_about_identity(request: HttpRequest, registration: Registration, form: Any) -> None:
    for note in identity_notes(registration.person):
        messages.warning(request, note)
    if unsaved := form.unsaved_labels():
        messages.warning(request, _("Belum tersimpan: %(names)s. Lengkapi lagi nanti.") % {"names": ", ".join(unsaved)})
