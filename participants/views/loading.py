"""Loads what the participant's pages show, in few queries."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.models import ConsentTerm
from participants import eligibility
from participants.advice import Advice, advise
from participants.errors import NotEditable
from participants.facts import accepted_declarations
from participants.forms import (
    DeclarationsForm,
    EducationForm,
    ExperienceFormSet,
    IdentityForm,
    SelfAssessmentForm,
    TargetForm,
)
from participants.models import Document, Registration
from participants.selectors import gather_facts, load_reference, rule_set_of
from participants.states import EDITABLE, Part

FORMS = {
    Part.TARGET: TargetForm,
    Part.IDENTITY: IdentityForm,
    Part.EDUCATION: EducationForm,
    Part.EXPERIENCE: ExperienceFormSet,
    Part.SELF_ASSESSMENT: SelfAssessmentForm,
}


def own_registration(request: HttpRequest, code: str) -> Registration:
    """The person's own registration with its answers and documents; 404 for everybody else's."""
    current = Document.objects.filter(superseded_at=None).select_related("type", "file")
    mine = Registration.objects.owned_by(request.user).select_related(
        "batch__scheme", "batch__venue", "batch__rule_set", "scheme", "person__user"
    )
    return get_object_or_404(mine.prefetch_related("parts", Prefetch("documents", current)), code=code)


def is_editable(registration: Registration) -> bool:
    return registration.status in EDITABLE


def to_detail(request: HttpRequest, registration: Registration, *, locked: bool = False) -> HttpResponse:
    """Back to the task list; `locked` says why a page for answers did not open."""
    if locked:
        messages.info(request, str(NotEditable()))
    return redirect("participants:registration_detail", registration.code)


def stored_answers(registration: Registration, part: Part) -> dict[str, Any]:
    """Data of one part, from the prefetched rows."""
    return next((row.data for row in registration.parts.all() if row.part == part), {})


def stored_version(registration: Registration, part: Part) -> int:
    return next((row.version for row in registration.parts.all() if row.part == part), 0)


def build_form(registration: Registration, part: Part, data: Any = None, *, stored: Any = None, **extra: Any) -> Any:
    """The form of one part: bound with `data`, filled from `stored` or from what was saved.

    `extra` goes to the form: more rows of experience, a reference and accepted declarations that are loaded already.
    """
    stored = stored_answers(registration, part) if stored is None else stored
    if part == Part.DECLARATIONS:
        extra = {"accepted": accepted_declarations(registration)} | extra | {"terms": asked_terms(registration)}
        return DeclarationsForm(data, registration=registration, stored=stored, **extra)
    return FORMS[part](data, registration=registration, stored=stored, **extra)


def asked_terms(registration: Registration) -> list[ConsentTerm]:
    """The declarations that the scheme asks for, in its order, each in the version in force."""
    codes = eligibility.required_declarations(rule_set_of(registration))
    terms = {term.code: term for term in ConsentTerm.objects.in_force().filter(code__in=codes)}
    return [terms[code] for code in codes if code in terms]


def advice_of(
    registration: Registration,
    facts: eligibility.Facts | None = None,
    reference: eligibility.Reference | None = None,
    *,
    here: Part | None = None,
) -> Advice:
    """The rules against the stored facts, or against `facts`; `here` is the page that shows it."""
    reference = reference or load_reference()
    result = eligibility.evaluate(rule_set_of(registration), facts or gather_facts(registration), reference)
    return advise(result, reference, registration, here=here)
