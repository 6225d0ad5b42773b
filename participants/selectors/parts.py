"""The parts of an application: which are asked, and how far each is."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from batches.models import EducationLevel
from participants import eligibility
from participants.eligibility import Facts, Reference, RuleSet
from participants.facts import MADE_FROM, current_documents, gather_facts, load_reference, rule_set_of
from participants.models import ApplicationPart, Registration
from participants.states import EDITABLE, Part

DONE, STARTED, TODO, LOCKED = "done", "started", "todo", "locked"


@dataclass(frozen=True)
class PartState:
    """One line of the task list: `state` is done, started, todo or locked; `hint` what was written or is missing."""

    part: Part
    label: str | Promise
    hint: str
    state: str
    version: int  # of the stored part, 0 when never saved: goes into the form and back to save_part

    @property
    def is_done(self) -> bool:
        return self.state == DONE


def asked_parts(rule_set: RuleSet) -> list[Part]:
    """The parts that a scheme asks for, in the order of filling."""
    documents = {document.code for document in eligibility.required_documents(rule_set)}
    asked = {
        Part.TARGET: True,
        Part.IDENTITY: True,
        Part.EDUCATION: eligibility.uses(rule_set, "education_min"),
        Part.EXPERIENCE: eligibility.uses(rule_set, "experience_min_years"),
        Part.SELF_ASSESSMENT: "APL02" in documents,
        Part.DOCUMENTS: bool(documents - set(MADE_FROM)),
        Part.DECLARATIONS: bool(eligibility.required_declarations(rule_set)),
    }
    return [part for part in Part if asked[part]]


def part_states(
    registration: Registration, facts: Facts | None = None, reference: Reference | None = None
) -> list[PartState]:
    """Each asked part and how far it is; all locked once the application is with the LSP.

    `facts` and `reference` spare their queries where a page has them already.
    """
    rule_set = rule_set_of(registration)
    facts = facts or gather_facts(registration)
    stored = {part.part: part for part in registration.parts.all()}
    states = [
        _part_state(part, registration, stored.get(part), facts, rule_set, reference) for part in asked_parts(rule_set)
    ]
    if registration.status in EDITABLE:
        return states
    return [PartState(state.part, state.label, state.hint, LOCKED, state.version) for state in states]


def missing_uploads(rule_set: RuleSet, facts: Facts) -> list[eligibility.MissingChoice]:
    """What the person still has to upload before sending; the portal makes the forms itself."""
    return eligibility.missing_documents(rule_set, facts)


def missing_text(missing: list[eligibility.MissingChoice], reference: Reference | None = None) -> str:
    """ "Ijazah terakhir, KTP atau paspor" with "atau" between alternatives; one query without `reference`."""
    labels = (reference or load_reference()).document_labels
    either = _("atau")

    def one(choice: eligibility.MissingChoice) -> str:
        return f" {either} ".join(
            " + ".join(labels.get(code, code) for code in alternative) for alternative in choice.alternatives
        )

    return ", ".join(one(choice) for choice in missing)


def _part_state(
    part: Part,
    registration: Registration,
    stored: ApplicationPart | None,
    facts: Facts,
    rule_set: RuleSet,
    reference: Reference | None,
) -> PartState:
    version = stored.version if stored else 0
    if part == Part.DOCUMENTS:
        state, hint = _documents_state(registration, facts, rule_set)
    elif part == Part.DECLARATIONS:
        state, hint = _declarations_state(facts, rule_set)
    else:
        state = TODO if stored is None else DONE if stored.is_complete else STARTED
        hint = _hint(part, registration, facts, reference) if stored else ""
    return PartState(part, part.label, hint, state, version)


def _documents_state(registration: Registration, facts: Facts, rule_set: RuleSet) -> tuple[str, str]:
    missing = missing_uploads(rule_set, facts)
    uploaded = len(set(current_documents(registration)) - set(MADE_FROM))
    if missing:
        hint = ngettext("%(count)s dokumen lagi", "%(count)s dokumen lagi", len(missing)) % {"count": len(missing)}
        return (STARTED if uploaded else TODO), hint
    return DONE, ngettext("%(count)s dokumen", "%(count)s dokumen", uploaded) % {"count": uploaded}


def _declarations_state(facts: Facts, rule_set: RuleSet) -> tuple[str, str]:
    asked = eligibility.required_declarations(rule_set)
    given = len(set(asked) & facts.declarations)
    hint = _("%(given)s dari %(asked)s pernyataan") % {"given": given, "asked": len(asked)}
    return (DONE if given == len(asked) else STARTED if given else TODO), hint


def _hint(part: Part, registration: Registration, facts: Facts, reference: Reference | None) -> str:
    if part == Part.TARGET:
        return registration.target_field
    if part == Part.IDENTITY:
        return registration.person.display_name
    if part == Part.EDUCATION:
        return _level_label(facts.education_level, reference)
    if part == Part.EXPERIENCE and facts.experiences:
        ranges = [(item.starts_on, item.ends_on) for item in facts.experiences]
        return eligibility.duration(eligibility.covered(ranges, facts.starts_on).months)
    return ""


def _level_label(code: str, reference: Reference | None) -> str:
    if reference:
        return reference.education_labels.get(code, "")
    label = EducationLevel.objects.filter(code=code).values_list("label", flat=True).first() if code else ""
    return _(label) if label else ""
