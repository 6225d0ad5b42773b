"""What a rule set asks a person to bring, and what is still missing before sending."""

from collections.abc import Iterable
from dataclasses import dataclass

from participants.eligibility.facts import Facts
from participants.eligibility.ruleset import ANY, Group, Rule, RuleSet

ALWAYS, ONE_OF, OPTIONAL = "always", "one_of", "optional"
_STRENGTH = {OPTIONAL: 0, ONE_OF: 1, ALWAYS: 2}


@dataclass(frozen=True, slots=True)
class RequiredDocument:
    """A document a scheme asks for. `why` are the rule types that look at it; `group_*` the group that asks most."""

    code: str
    needed: str
    group_id: str
    group_label: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissingChoice:
    """Documents still to upload: all of any one alternative. One alternative of one code is a plain "upload this"."""

    group_id: str
    group_label: str
    alternatives: tuple[tuple[str, ...], ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code named, once, in order."""
        return tuple(dict.fromkeys(code for alternative in self.alternatives for code in alternative))

    @property
    def is_choice(self) -> bool:
        return len(self.alternatives) > 1


def uses(rule_set: RuleSet, rule_type: str) -> bool:
    """Whether any rule, however deep, is of this type: then the form asks for that part."""
    return any(True for _rule in rule_set.walk(rule_type))


def required_declarations(rule_set: RuleSet) -> tuple[str, ...]:
    """Codes of the declarations that the mandatory groups ask for, in order."""
    rules = (rule for group in rule_set.groups if group.mandatory for top in group.rules for rule in top.walk())
    return tuple(dict.fromkeys(rule.params["text_code"] for rule in rules if rule.type == "declaration_accepted"))


def required_documents(rule_set: RuleSet) -> list[RequiredDocument]:
    """Each document once, in the order of the rules, with its strongest need."""
    found: dict[str, RequiredDocument] = {}
    for group in rule_set.groups:
        for rule in (inner for top in group.rules for inner in top.walk() if inner.document):
            here = RequiredDocument(rule.document, _needed(group, rule.document), group.id, group.label, (rule.type,))
            found[rule.document] = _stronger(found.get(rule.document), here)
    return list(found.values())


def missing_documents(rule_set: RuleSet, facts: Facts) -> list[MissingChoice]:
    """What the mandatory groups still need; a returned file counts as missing until it is replaced.

    A group of alternatives is satisfied when one alternative has all its documents, or gets them because another group
    needs them anyway.
    """
    missing: list[MissingChoice] = []
    choices: list[MissingChoice] = []
    named: set[str] = set()
    for group in (group for group in rule_set.groups if group.mandatory):
        alternatives = _shortest(_still_missing(group, facts))
        if len(alternatives) > 1:
            choices.append(MissingChoice(group.id, group.label, alternatives))
            continue
        for code in (code for code in alternatives[0] if code not in named):
            named.add(code)
            missing.append(MissingChoice(group.id, group.label, ((code,),)))
    open_choices = (choice for choice in choices if not any(named.issuperset(path) for path in choice.alternatives))
    return missing + list(open_choices)


def _codes(rules: Iterable[Rule]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(inner.document for rule in rules for inner in rule.walk() if inner.document))


def _paths(group: Group) -> list[tuple[str, ...]]:
    """The sets of documents of which one must be complete."""
    return [_codes([rule]) for rule in group.rules] if group.combine == ANY else [_codes(group.rules)]


def _still_missing(group: Group, facts: Facts) -> list[tuple[str, ...]]:
    def is_missing(code: str) -> bool:
        document = facts.document(code)
        return not document.present or document.returned

    return [tuple(code for code in path if is_missing(code)) for path in _paths(group)]


def _shortest(paths: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Without repeats and without paths that ask for more than another one; an empty path leaves only itself."""
    distinct = list(dict.fromkeys(tuple(sorted(path)) for path in paths))
    kept = [path for path in distinct if not any(set(other) < set(path) for other in distinct)]
    return tuple(next(path for path in paths if tuple(sorted(path)) == wanted) for wanted in kept)


def _needed(group: Group, code: str) -> str:
    if not group.mandatory:
        return OPTIONAL
    return ALWAYS if all(code in path for path in _paths(group)) else ONE_OF


def _stronger(known: RequiredDocument | None, here: RequiredDocument) -> RequiredDocument:
    if known is None:
        return here
    strongest = here if _STRENGTH[here.needed] > _STRENGTH[known.needed] else known
    why = tuple(dict.fromkeys(known.why + here.why))
    return RequiredDocument(known.code, strongest.needed, strongest.group_id, strongest.group_label, why)
