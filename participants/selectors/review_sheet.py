"""What the desk's pages show of a registration: rules, papers and answers in words. Reads only."""

from dataclasses import dataclass
from typing import Any

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from participants import eligibility
from participants.eligibility import Outcome, Reference, Result, RuleResult
from participants.eligibility.facts import as_date
from participants.facts import birth_date_of, gather_facts, load_reference, rule_set_of
from participants.models import Document, Registration
from participants.selectors.parts import asked_parts
from participants.states import Part

STATES = {Outcome.MET: "met", Outcome.NEEDS_PROOF: "proof", Outcome.NOT_MET: "unmet"}


@dataclass(frozen=True)
class RuleLine:
    """One rule for staff: its state, the value seen, the limit, and what staff can do."""

    rule: str
    type: str
    label: str
    state: str
    badge: str
    seen: str
    limit: str
    todo: str
    document: str
    answer: bool | None
    children: tuple["RuleLine", ...]


@dataclass(frozen=True)
class RuleBlock:
    label: str
    hint: str
    state: str
    badge: str
    mandatory: bool
    lines: tuple[RuleLine, ...]


@dataclass(frozen=True)
class Review:
    """Everything the review page says about one file."""

    result: Result
    blocks: tuple[RuleBlock, ...]
    met: int
    total: int
    papers: tuple[dict[str, Any], ...]
    answers: tuple[dict[str, str], ...]

    @property
    def is_met(self) -> bool:
        return self.result.outcome == Outcome.MET

    @property
    def pending(self) -> int:
        return sum(paper["document"].verdict == "pending" for paper in self.papers)

    @property
    def returned(self) -> int:
        return sum(paper["document"].verdict == "returned" for paper in self.papers)


def review_of(registration: Registration, *, with_identity: bool) -> Review:
    """Rules, documents and answers as they stand now. `with_identity`: birth date, phone and address too."""
    rule_set = rule_set_of(registration)
    facts, reference = gather_facts(registration), load_reference()
    result = eligibility.evaluate(rule_set, facts, reference)
    deciding = [group for group in result.groups if group.mandatory]
    return Review(
        result=result,
        blocks=tuple(_block(group, reference) for group in result.groups),
        met=sum(group.outcome == Outcome.MET for group in deciding),
        total=len(deciding),
        papers=tuple(_paper(document, reference) for document in registration.documents.all()),
        answers=tuple(_answers(registration, reference, facts, asked_parts(rule_set), with_identity)),
    )


def _block(group: eligibility.GroupResult, reference: Reference) -> RuleBlock:
    is_choice = group.combine == "any" and len(group.rules) > 1
    return RuleBlock(
        label=_(group.label) if group.label else "",
        hint=eligibility.combine_hint(group.combine) if is_choice else "",
        state=STATES[group.outcome],
        badge=str(eligibility.OUTCOME_LABELS[group.outcome]),
        mandatory=group.mandatory,
        lines=tuple(_line(rule, reference) for rule in group.rules),
    )


def _line(rule: RuleResult, reference: Reference) -> RuleLine:
    words = eligibility.explain(rule, reference, eligibility.STAFF)
    return RuleLine(
        rule=rule.id,
        type=rule.type,
        label=_(words.title),
        state=STATES[rule.outcome],
        badge=words.outcome_label,
        seen="" if rule.children else words.seen_text,
        limit="" if rule.children else words.limit_text,
        todo="" if rule.children or rule.outcome == Outcome.MET else words.remedy,
        document=rule.document,
        answer=rule.seen.get("answer") if rule.type == "manual_check" else None,
        children=tuple(_line(child, reference) for child in rule.children),
    )


def _paper(document: Document, reference: Reference) -> dict[str, Any]:
    facts = [(label, document.fields.get(key)) for key, label in _field_labels().items()]
    stored = document.file
    return {
        "document": document,
        "label": reference.document_labels.get(document.type_id, document.type_id),
        "facts": [{"label": label, "value": _value(value)} for label, value in facts if value not in (None, "")],
        "kind": "" if stored is None else "image" if stored.content_type.startswith("image/") else "pdf",
    }


def _field_labels() -> dict[str, str]:
    """Typed facts beside a document, in the order of the screen."""
    return {
        "number": _("Nomor"),
        "issuer": _("Penerbit"),
        "scheme": _("Skema atau bidang"),
        "level": _("Jenjang KKNI"),
        "issued_on": _("Tanggal terbit"),
        "valid_until": _("Berlaku sampai"),
        "assessments": _("Jumlah asesmen"),
        "since": _("Dihitung sejak"),
    }


def _value(value: Any) -> str:
    day = as_date(value)
    return format_date(day, "j F Y") if day else str(value)


def _answers(
    registration: Registration, reference: Reference, facts: eligibility.Facts, parts: list[Part], with_identity: bool
) -> list[dict[str, str]]:
    """Label and value of each answer, in the order of the form."""
    data = {part.part: part.data for part in registration.parts.all()}
    rows = [(_("Bidang yang akan diases"), registration.target_field)]
    rows += _identity_rows(registration) if with_identity else []
    if Part.EDUCATION in parts:
        school = data.get(Part.EDUCATION, {})
        level = reference.education_labels.get(facts.education_level, facts.education_level)
        words = [level, school.get("major"), school.get("school"), school.get("year")]
        rows.append((_("Pendidikan"), ", ".join(str(word) for word in words if word)))
    if Part.EXPERIENCE in parts:
        rows += [(_("Pengalaman kerja"), _job(item)) for item in data.get(Part.EXPERIENCE, {}).get("items", [])]
    if Part.SELF_ASSESSMENT in parts:
        answers = data.get(Part.SELF_ASSESSMENT, {}).get("answers", {})
        rows.append((_("Asesmen mandiri"), ", ".join(f"{unit}: {answer}" for unit, answer in answers.items())))
    return [{"label": label, "value": value or "–"} for label, value in rows]


def _identity_rows(registration: Registration) -> list[tuple[str, str]]:
    person = registration.person
    born = birth_date_of(person)
    birth = ", ".join(word for word in (person.birth_place, format_date(born, "j F Y") if born else "") if word)
    return [
        (_("Tempat dan tanggal lahir"), birth),
        (_("Jenis kelamin"), person.get_sex_display()),
        (_("Kewarganegaraan"), person.get_nationality_display()),
        (_("Nomor WhatsApp"), person.phone),
        (_("Email"), person.user.email),
        (_("Alamat"), person.address),
    ]


def _job(item: dict[str, Any]) -> str:
    starts_on, ends_on = (as_date(item.get(key)) for key in ("starts_on", "ends_on"))
    until = format_date(ends_on, "F Y") if ends_on else _("sekarang")
    span = f"{format_date(starts_on, 'F Y')} – {until}" if starts_on else ""
    words = [item.get("position"), item.get("employer"), item.get("field"), span]
    return ", ".join(word for word in words if word)
