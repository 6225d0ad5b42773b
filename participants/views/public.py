"""Public pages about schemes and batches, and the eligibility check without an account."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from batches.models import Batch, DocumentType, RuleSet, Scheme
from batches.wording import localized
from participants import eligibility
from participants.advice import advise
from participants.facts import MADE_FROM, parse_stored
from participants.forms import QuickCheckForm, upload_limit
from participants.models import Registration
from participants.selectors import load_reference
from participants.views.documents import why_asked

ASKED = {"education_min", "experience_min_years", "certificate_held", "age_between"}  # by the check without an account


@dataclass(frozen=True)
class Requirement:
    """One rule in words, with the rules inside it."""

    title: str
    inside: tuple["Requirement", ...] = ()


def scheme_page(request: HttpRequest, code: str) -> HttpResponse:
    """What a scheme asks for, and the batches that take registrations for it."""
    scheme = get_object_or_404(Scheme, code=code, is_active=True)
    batches = Batch.objects.accepting().filter(scheme=scheme).select_related("scheme", "venue", "agenda")
    context = {"scheme": scheme, "batches": batches.order_by("starts_on")}
    return render(request, "participants/scheme_page.html", context | requirements_of(rules_in_force(scheme)))


def batch_page(request: HttpRequest, code: str) -> HttpResponse:
    """When, where, what is asked, and the button that registers."""
    published = Batch.objects.public().select_related("scheme", "venue", "agenda", "rule_set")
    batch = get_object_or_404(published, code=code)
    mine = None
    if request.user.is_authenticated:
        mine = Registration.objects.owned_by(request.user).live().filter(scheme=batch.scheme_id).first()
    context = {"batch": batch, "scheme": batch.scheme, "mine": mine, "is_open": batch.accepts_registrations()}
    return render(request, "participants/batch_page.html", context | requirements_of(batch.rule_set))


def quick_check(request: HttpRequest, code: str = "") -> HttpResponse:
    """A few questions in the address; the same page answers whole or, for htmx, the result only."""
    schemes = list(Scheme.objects.filter(is_active=True))
    wanted = code or request.GET.get("scheme", "")
    scheme = next((scheme for scheme in schemes if scheme.code == wanted), None)
    if code and scheme is None:
        get_object_or_404(Scheme, code=code, is_active=True)
    context: dict[str, Any] = {"schemes": schemes, "scheme": scheme}
    if scheme:
        context |= answer_quickly(request, scheme)
    template = "participants/_quick_result.html" if request.htmx and scheme else "participants/quick_check.html"
    return render(request, template, context)


def answer_quickly(request: HttpRequest, scheme: Scheme) -> dict[str, Any]:
    """The form, the rules against its answers, and what to prepare."""
    stored = rules_in_force(scheme)
    rule_set, reference = parse_stored(stored), load_reference()
    asked = any(key != "scheme" for key in request.GET)
    form = QuickCheckForm(request.GET if asked else None, rule_set=rule_set, reference=reference)
    batches = list(Batch.objects.accepting().filter(scheme=scheme).select_related("scheme", "venue", "agenda"))
    first = min(batches, key=lambda batch: batch.starts_on, default=None)
    facts = form.facts(first.starts_on, first.ends_on) if first else form.facts()
    result = eligibility.evaluate(rule_set, facts, reference)
    return {
        "form": form,
        "advice": advise(result, reference).about(ASKED),
        "is_answered": asked and form.is_valid() and any(form.cleaned_data.values()),
        "batches": batches,
        "check_url": reverse("participants:quick_check_scheme", args=[scheme.code]),
        **requirements_of(stored, reference),
    }


def rules_in_force(scheme: Scheme) -> RuleSet:
    return get_object_or_404(RuleSet.objects.in_force(), code=scheme.code)


def requirements_of(stored: RuleSet, reference: eligibility.Reference | None = None) -> dict[str, Any]:
    """Rules in words, and the documents to bring with their limits."""
    rule_set, reference = parse_stored(stored), reference or load_reference()
    types = {type.code: type for type in DocumentType.objects.all()}
    asked = [need for need in eligibility.required_documents(rule_set) if need.code not in MADE_FROM]
    return {
        "groups": [
            {
                "label": localized(group.label),
                "hint": eligibility.combine_hint(group.combine) if len(group.rules) > 1 else "",
                "is_optional": not group.mandatory,
                "rules": [_requirement(rule, reference) for rule in group.rules],
            }
            for group in rule_set.groups
        ],
        "papers": [
            {
                "label": localized(types[need.code].label),
                "why": why_asked(need),
                "limit": upload_limit(types[need.code]),
                "one_of": localized(need.group_label) if need.needed == eligibility.ONE_OF else "",
                "is_optional": need.needed == eligibility.OPTIONAL,
            }
            for need in asked
        ],
    }


def _requirement(rule: eligibility.Rule, reference: eligibility.Reference) -> Requirement:
    inside = tuple(_requirement(inner, reference) for inner in rule.rules)
    return Requirement(eligibility.rule_title(rule, reference), inside)
