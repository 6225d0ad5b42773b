"""An evaluation as lines for the screen: grouped, in words, each with the page where it can be mended."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from batches.wording import localized
from participants import eligibility
from participants.eligibility import Outcome, Reference, Result, RuleResult
from participants.facts import MADE_FROM
from participants.models import Registration
from participants.states import EDITABLE, Part

# Nothing was said yet: shown calmly, not as a refusal.
OPEN_REASONS = frozenset({"unanswered", "absent", "none_written", "not_accepted"})
# The paper is what has to change, not the answers.
PAPER_REASONS = frozenset({"not_uploaded", "document_returned", "field_unclear"})
SETTLED_REASONS = frozenset({"document_pending", "pending", "duplicate_check", "staff_check", "staff_refused"})
PART_OF = {
    "identity_valid": Part.IDENTITY,
    "age_between": Part.IDENTITY,
    "education_min": Part.EDUCATION,
    "experience_min_years": Part.EXPERIENCE,
    "declaration_accepted": Part.DECLARATIONS,
}
STATES = {Outcome.MET: "met", Outcome.NEEDS_PROOF: "proof", Outcome.NOT_MET: "unmet"}
Link = Callable[[RuleResult], tuple[str, str | Promise]]


@dataclass(frozen=True)
class Line:
    """One rule: `state` is met, proof, unmet or open; `badge` its word; `url` leads to what can be changed."""

    label: str
    type: str
    state: str
    badge: str
    seen: str
    limit: str
    todo: str
    url: str = ""
    url_label: str | Promise = ""
    children: tuple["Line", ...] = ()

    def about(self, types: Collection[str]) -> "Line | None":
        """This line with only those inside it that are of one of these rule types; None when nothing is left."""
        if not self.children:
            return self if self.type in types else None
        children = tuple(child for line in self.children if (child := line.about(types)))
        return replace(self, children=children) if children else None


@dataclass(frozen=True)
class Block:
    """One group of rules; `others` are the alternatives not needed any more."""

    label: str
    hint: str
    state: str
    badge: str
    lines: tuple[Line, ...]
    others: tuple[Line, ...] = ()
    mandatory: bool = True

    def about(self, types: Collection[str]) -> "Block | None":
        """This group with only the lines about these rule types; None when nothing is left."""
        lines = tuple(kept for line in self.lines if (kept := line.about(types)))
        others = tuple(kept for line in self.others if (kept := line.about(types)))
        return replace(self, lines=lines, others=others) if lines or others else None


@dataclass(frozen=True)
class Advice:
    """The whole: title, counts for one sentence, and the blocks."""

    state: str
    title: str
    blocks: tuple[Block, ...]
    met: int
    total: int

    def about(self, types: Collection[str]) -> "Advice":
        """Only what looks at one of these rule types."""
        return replace(self, blocks=tuple(kept for block in self.blocks if (kept := block.about(types))))


def advise(
    result: Result, reference: Reference, registration: Registration | None = None, *, here: Part | None = None
) -> Advice:
    """`result` in words; with a registration that can still be edited, a line links to its page (not to `here`)."""
    link = _links(registration, here) if registration and registration.status in EDITABLE else _no_link
    blocks = tuple(_block(group, reference, link) for group in result.groups)
    deciding = [group for group in result.groups if group.mandatory]
    return Advice(
        state=_whole_state(result.outcome, blocks),
        title=_title(result, blocks),
        blocks=blocks,
        met=sum(group.outcome == Outcome.MET for group in deciding),
        total=len(deciding),
    )


def _title(result: Result, blocks: tuple[Block, ...]) -> str:
    if result.outcome == Outcome.MET:
        return _("Semua syarat terpenuhi.")
    states = {block.state for block in blocks if block.mandatory}
    if "unmet" in states:
        return _("Ada syarat yang belum terpenuhi.")
    if "open" in states:
        return _("Sebagian syarat menunggu isian atau dokumen Anda.")
    return _("Belum ada halangan; sisanya menunggu bukti atau pemeriksaan.")


def _whole_state(outcome: Outcome, blocks: tuple[Block, ...]) -> str:
    refused = any(block.state == "unmet" for block in blocks if block.mandatory)
    return "open" if outcome == Outcome.NOT_MET and not refused else STATES[outcome]


def _block(group: eligibility.GroupResult, reference: Reference, link: Link) -> Block:
    lines = [(_line(rule, reference, link), rule) for rule in group.rules]
    is_choice = group.combine == "any" and len(lines) > 1
    chosen = [line for line, rule in lines if rule.outcome == Outcome.MET] if is_choice else []
    others = [line for line, rule in lines if rule.outcome != Outcome.MET] if chosen else []
    shown = tuple(chosen or (line for line, _rule in lines))
    state = _group_state(group, shown)
    return Block(
        label=localized(group.label),
        hint=eligibility.combine_hint(group.combine) if is_choice and not chosen else "",
        state=state,
        badge=_badge(state),
        lines=shown,
        others=tuple(others),
        mandatory=group.mandatory,
    )


def _group_state(group: eligibility.GroupResult, lines: Iterable[Line]) -> str:
    """A group waits for answers unless one of its rules has looked at an answer and found it short."""
    if group.outcome != Outcome.NOT_MET:
        return STATES[group.outcome]
    refused = [line.state == "unmet" for line in lines]
    decided = all(refused) if group.combine == "any" else any(refused)
    return "unmet" if decided else "open"


def _line(rule: RuleResult, reference: Reference, link: Link) -> Line:
    words = eligibility.explain(rule, reference)
    children = tuple(_line(child, reference, link) for child in rule.children)
    state = _line_state(rule, children)
    url, url_label = ("", "") if state == "met" or children else link(rule)
    return Line(
        label=words.title,
        type=rule.type,
        state=state,
        badge=_badge(state),
        seen="" if children else words.seen_text,
        limit="" if children else words.limit_text,
        todo="" if children else words.remedy,
        url=url,
        url_label=url_label,
        children=children,
    )


def _line_state(rule: RuleResult, children: tuple[Line, ...]) -> str:
    if rule.outcome == Outcome.MET:
        return "met"
    if children:
        states = {child.state for child in children}
        return "unmet" if "unmet" in states else "open" if "open" in states else "proof"
    return "open" if rule.reason in OPEN_REASONS else STATES[rule.outcome]


def _badge(state: str) -> str:
    words = {"met": _("Memenuhi"), "proof": _("Perlu bukti"), "unmet": _("Belum memenuhi"), "open": _("Belum")}
    return words[state]


def _no_link(rule: RuleResult) -> tuple[str, str]:
    return "", ""


def _links(registration: Registration, here: Part | None) -> Link:
    def link(rule: RuleResult) -> tuple[str, str]:
        if rule.reason in SETTLED_REASONS:
            return "", ""
        part = PART_OF.get(rule.type)
        if rule.document and rule.document not in MADE_FROM and (part is None or rule.reason in PAPER_REASONS):
            return reverse("participants:edit_document", args=[registration.code, rule.document]), _("Buka dokumen")
        if part in (None, here):
            return "", ""
        return reverse("participants:edit_part", args=[registration.code, part]), _("Buka isian")

    return link
