"""An evaluation in plain words of the active language. Decides nothing; only `evaluation` does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from batches.wording import localized
from participants.eligibility import wording_papers, wording_person
from participants.eligibility.facts import as_date
from participants.eligibility.outcomes import Outcome
from participants.eligibility.reference import NO_REFERENCE, Reference
from participants.eligibility.results import RuleResult
from participants.eligibility.ruleset import ANY, NEEDS_DOCUMENT, Rule
from participants.eligibility.wording_person import Text

PARTICIPANT, STAFF = "participant", "staff"

OUTCOME_LABELS = {
    Outcome.MET: _("Memenuhi"),
    Outcome.NEEDS_PROOF: _("Perlu bukti"),
    Outcome.NOT_MET: _("Belum memenuhi"),
}
TEXTS: dict[tuple[str, str], Text] = {**wording_person.PERSON, **wording_papers.PAPERS}
_TITLES = {**wording_person.TITLES, **wording_papers.TITLES}
_LIMITS = {**wording_person.LIMITS, **wording_papers.LIMITS}

_DECLARATIONS = {
    "KODE_ETIK": _("kode etik asesor"),
    "KEABSAHAN_DOKUMEN": _("keabsahan dokumen"),
    "HADIR_PENUH": _("kehadiran penuh"),
}
_WHY = {
    "education_min": _("membuktikan pendidikan"),
    "experience_min_years": _("membuktikan pengalaman kerja"),
    "assessments_min": _("membuktikan jumlah asesmen"),
    "certificate_held": _("membuktikan kompetensi teknis"),
    "expiry_window": _("menunjukkan masa berlaku"),
    "document_present": _("melengkapi berkas"),
    "document_approved": _("diperiksa admin"),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """`seen_text` what was found, `limit_text` what the scheme asks, `remedy` the next step ("" when there is none)."""

    title: str
    outcome_label: str
    seen_text: str
    limit_text: str
    remedy: str

    @property
    def message(self) -> str:
        """What was found and what to do, as one paragraph."""
        return f"{self.seen_text} {self.remedy}".strip()


def explain(result: RuleResult, reference: Reference = NO_REFERENCE, audience: str = PARTICIPANT) -> Explanation:
    """The words for one rule result. Never show a participant the text made for staff."""
    context = _context(result, reference)
    staff = audience == STAFF
    text = _text(result, staff)
    return Explanation(
        title=localized(result.label) or _start(_TITLES[_variant(result, _TITLES)], context),
        outcome_label=str(OUTCOME_LABELS[result.outcome]),
        seen_text=_start(text.seen, context),
        limit_text=_start(_LIMITS[_variant(result, _LIMITS)], context),
        remedy=_start(text.staff if staff else text.remedy, context),
    )


def _text(result: RuleResult, staff: bool) -> Text:
    text = TEXTS[result.type, result.reason]
    if staff and result.type == "no_active_duplicate" and result.seen.get("duplicate"):
        return Text(wording_person.DUPLICATE_SEEN, staff=wording_person.DUPLICATE_STAFF)
    if result.reason == "expired" and not result.seen.get("valid_until"):
        return text._replace(seen=wording_papers.EXPIRED_SEEN)
    return text


def rule_title(rule: Rule, reference: Reference = NO_REFERENCE) -> str:
    """The title of a rule that was not evaluated, for a scheme's page."""
    outline = RuleResult(rule.id, rule.type, rule.label, Outcome.NEEDS_PROOF, "", {}, rule.params, rule.document)
    return localized(rule.label) or _start(_TITLES[_variant(outline, _TITLES)], _context(outline, reference))


def why_needed(rule_types: Sequence[str]) -> str:
    """Why a document is asked for, from `RequiredDocument.why`: "Untuk membuktikan pendidikan."."""
    reasons = ", ".join(str(_WHY[rule_type]) for rule_type in rule_types)
    return str(_("Untuk %(reasons)s.")) % {"reasons": reasons}


def combine_hint(combine: str) -> str:
    return str(_("Salah satu cukup.") if combine == ANY else _("Semua perlu terpenuhi."))


def duration(months: int) -> str:
    """ "6 tahun 2 bulan"; nothing yet is "0 bulan"."""
    years, rest = divmod(months, 12)
    parts = [_years(years)] if years else []
    if rest or not years:
        parts.append(ngettext("%(count)s bulan", "%(count)s bulan", rest) % {"count": rest})
    return " ".join(parts)


def _years(count: int) -> str:
    return ngettext("%(count)s tahun", "%(count)s tahun", count) % {"count": count}


def _days(count: int) -> str:
    return ngettext("%(count)s hari", "%(count)s hari", count) % {"count": count}


def _start(text: Any, context: Mapping[str, Any]) -> str:
    """The sentence with its values; labels come from data, so its first letter is raised here."""
    filled = str(text) % context
    return filled[:1].upper() + filled[1:]


def _variant(result: RuleResult, texts: Mapping[str, Any]) -> str:
    """The key of the text that fits the parameters."""
    limit, kind = result.limit, ""
    if result.type == "experience_min_years" and limit.get("field_match"):
        kind = "field"
    elif result.type == "age_between" and len(limit) == 1:
        kind = next(iter(limit))
    elif result.type == "certificate_held" and "min_level" in limit:
        kind = "level"
    elif result.type == "document_present" and "max_age_days" in limit:
        kind = "age"
    elif result.type == "identity_valid" and limit.get("require_nik_for_wni"):
        kind = "nik"
    key = f"{result.type}.{kind}"
    return key if key in texts else result.type


def _context(result: RuleResult, reference: Reference) -> dict[str, Any]:
    """Every placeholder of every text; a missing value shows as a dash."""
    seen, limit = result.seen, result.limit
    document = result.document or NEEDS_DOCUMENT.get(result.type, "")
    code = limit.get("text_code", "")
    return {
        **{key: seen.get(key, "–") for key in ("age", "met", "of", "age_days")},
        **{key: limit.get(key, "–") for key in ("min", "max", "min_level", "max_age_days", "count")},
        **_lengths(seen, limit),
        **{key: _day(seen.get(key)) for key in ("valid_until", "opens_on", "closes_on", "since")},
        "document": localized(reference.document_labels.get(document, document)),
        "level": _level(limit.get("level"), reference),
        "seen_level": _level(seen.get("level"), reference),
        "declaration": localized(reference.declaration_labels.get(code, "")) or _DECLARATIONS.get(code, code),
        "question": localized(limit.get("question", "")),
        "moment": wording_papers.MOMENTS.get(limit.get("valid_on", ""), ""),
        "differences": _differences(seen.get("findings", ())),
        "before": limit.get("max_days_before_expiry", "–"),
        "after": limit.get("max_days_after_expiry", "–"),
        "seen_count": seen.get("count", "–"),
        "missing_count": seen.get("missing", "–"),
    }


def _lengths(seen: Mapping[str, Any], limit: Mapping[str, Any]) -> dict[str, str]:
    missing_months, missing_days = seen.get("missing_months", 0), seen.get("missing_days", 0)
    return {
        "duration": duration(seen.get("months", 0)),
        "in_field": duration(seen.get("months_in_field", 0)),
        "needed": _years(limit.get("years", 0)),
        "missing": _days(missing_days) if 0 < missing_days < 30 else duration(missing_months),
        "within": _years(limit.get("within_years", 0)),
    }


def _level(value: Any, reference: Reference) -> str:
    return "–" if value is None else localized(reference.education_labels.get(str(value), str(value)))


def _day(value: Any) -> str:
    day = as_date(value)
    return format_date(day, "j F Y") if day else "–"


def _differences(findings: Sequence[str]) -> str:
    named = (wording_person.DIFFERENCES.get(code, wording_person.OTHER_DIFFERENCE) for code in findings)
    return ", ".join(dict.fromkeys(str(name) for name in named))
