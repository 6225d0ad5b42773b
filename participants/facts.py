"""From stored rows to the facts that the rules look at, and the shapes in which answers are stored.

Shapes of `ApplicationPart.data` (written by forms through `services.save_part`):

    target           {"field": str}                     also kept as Registration.target_field
    identity         {}                                 the answers live in Person, sealed
    education        {"level": EducationLevel.code, "school": str, "major": str, "year": int}
    experience       {"items": [{"employer": str, "position": str, "field": str,
                                 "starts_on": "2019-03-01", "ends_on": "2024-02-29" | None (still there)}]}
    self_assessment  {"answers": {unit code: "K" | "BK"}, "notes": {unit code: str}}
    documents        {}                                 the files are Document rows; complete is computed
    declarations     {}                                 the proofs are accounts.Consent rows
    staff_checks     {"answers": {rule id: bool}}       written by services.answer_manual_check only

`Document.fields` has the keys of `eligibility.DocumentFact.fields`: number, issuer, scheme, level (int),
issued_on and valid_until and since (ISO text), expired (bool), assessments (int).
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Value
from django.utils.translation import gettext

from accounts.models import Consent
from batches.models import DocumentType, EducationLevel, RuleSet
from core import clock
from participants import eligibility
from participants.eligibility import DocumentFact, Experience, Facts, Reference, Result
from participants.models import Document, Person, Registration
from participants.states import EDITABLE, LIVE, Verdict

IDENTITY_DOCUMENT = "KTP"  # accepted = staff compared the identity with the paper
STAFF_CHECKS = "staff_checks"

# Documents that the portal makes from the answers at sending, and the parts that each is made of.
MADE_FROM: dict[str, tuple[str, ...]] = {
    "APL01": ("target", "identity", "education", "experience"),
    "APL02": ("self_assessment",),
    "PAKTA": ("declarations",),
}

_parsed: dict[str, eligibility.RuleSet] = {}  # by the digest of the content: one content, one rule set


def load_reference() -> Reference:
    """The LSP's lists of education levels and document types, labelled in the active language. One query."""
    levels = EducationLevel.objects.order_by().annotate(kind=Value("level"))
    types = DocumentType.objects.order_by().annotate(kind=Value("document"))
    columns = ("kind", "code", "label", "rank")
    rows = list(levels.values_list(*columns).union(types.values_list(*columns), all=True))
    return Reference(
        education_ranks={code: rank for kind, code, _label, rank in rows if kind == "level"},
        education_labels={code: gettext(label) for kind, code, label, _rank in rows if kind == "level"},
        document_labels={code: gettext(label) for kind, code, label, _rank in rows if kind == "document"},
    )


def rule_set_of(registration: Registration) -> eligibility.RuleSet:
    """The parsed rules pinned to the registration's batch; of a batch never opened, those in force."""
    return parse_stored(stored_rule_set(registration))


def stored_rule_set(registration: Registration) -> RuleSet:
    """The row that a snapshot points at."""
    return registration.batch.rule_set or RuleSet.objects.in_force().get(code=registration.scheme.code)


def parse_stored(rule_set: RuleSet) -> eligibility.RuleSet:
    """Parsed once per content; the content was checked against the reference when it was loaded."""
    if rule_set.content_sha256 not in _parsed:
        _parsed[rule_set.content_sha256] = eligibility.parse_rule_set(rule_set.content)
    return _parsed[rule_set.content_sha256]


def gather_facts(registration: Registration) -> Facts:
    """The facts of one registration as they are stored now. No identifiers.

    Four queries; `parts` and `documents` may be prefetched. The forms that the portal makes at sending count as
    present while the answers can still be changed, so nobody is asked to upload them.
    """
    person, batch = registration.person, registration.batch
    parts = {part.part: part for part in registration.parts.all()}
    answers = {name: part.data for name, part in parts.items()}
    documents = current_documents(registration)
    sent_at = registration.submitted_at
    zone = batch.time_zone
    identity = documents.get(IDENTITY_DOCUMENT)
    return Facts(
        submission_on=_day_in(sent_at, zone) if sent_at else clock.today(zone),
        training_starts_on=batch.starts_on,
        training_ends_on=batch.ends_on,
        target_field=registration.target_field,
        nationality=person.nationality,
        identity_kind=person.identity_kind,
        identity_findings=tuple(person.identity_findings),
        identity_verified=identity is not None and identity.verdict == Verdict.ACCEPTED,
        birth_date=birth_date_of(person),
        education_level=str(answers.get("education", {}).get("level", "")),
        experiences=tuple(_experiences(answers.get("experience", {}))),
        documents=_document_facts(registration, documents, zone),
        declarations=accepted_declarations(registration),
        # not while the answers are open: trying numbers must not tell who is registered
        duplicate_registration=registration.status not in EDITABLE and is_unclaimed_twin(registration),
        manual_answers=answers.get(STAFF_CHECKS, {}).get("answers", {}),
    )


def evaluate_registration(registration: Registration, reference: Reference | None = None) -> Result:
    """The rules of the registration's batch against its present facts."""
    return eligibility.evaluate(
        rule_set_of(registration), gather_facts(registration), reference if reference is not None else load_reference()
    )


def current_documents(registration: Registration) -> dict[str, Document]:
    """Type code -> the document that counts."""
    return {document.type_id: document for document in registration.documents.all() if not document.superseded_at}


def accepted_declarations(registration: Registration) -> frozenset[str]:
    """Codes of the declarations that the person accepted for this registration."""
    consents = Consent.objects.filter(
        user_id=registration.person.user_id, about=f"registration:{registration.code}", withdrawn_at=None
    )
    return frozenset(consents.values_list("term__code", flat=True))


def birth_date_of(person: Person) -> date | None:
    return date.fromisoformat(person.birth_date) if person.birth_date else None


def is_unclaimed_twin(registration: Registration) -> bool:
    """Another live registration of the scheme claimed this identity number first."""
    index = registration.person.identity_index
    if not index or registration.identity_index == index:
        return False
    others = Registration.objects.filter(scheme=registration.scheme_id, identity_index=index, status__in=LIVE)
    return others.exclude(pk=registration.pk).exists()


def form_versions(registration: Registration, code: str) -> dict[str, int]:
    """Versions of the parts that the form `code` is made of."""
    return {part.part: part.version for part in registration.parts.all() if part.part in MADE_FROM[code]}


def is_mended_form(registration: Registration, document: Document) -> bool:
    """The answers behind a form changed since it was made, so sending makes a new one."""
    return document.fields.get("versions") != form_versions(registration, document.type_id)


def _experiences(data: Mapping[str, Any]) -> list[Experience]:
    return [
        Experience(starts_on, _day(item.get("ends_on")), item.get("field", ""), item.get("employer", ""))
        for item in data.get("items", [])
        if (starts_on := _day(item.get("starts_on")))
    ]


def _day_in(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except (TypeError, ValueError):
        return None  # an autosaved half of a date


def _document_facts(
    registration: Registration, documents: Mapping[str, Document], zone: str
) -> dict[str, DocumentFact]:
    facts = {
        code: DocumentFact(True, document.verdict, _day_in(document.uploaded_at, zone), document.fields)
        for code, document in documents.items()
    }
    if registration.status in EDITABLE:
        for code in MADE_FROM:
            document = documents.get(code)
            if document is None or (document.verdict == Verdict.RETURNED and is_mended_form(registration, document)):
                facts[code] = DocumentFact(True, Verdict.PENDING)
    return facts
