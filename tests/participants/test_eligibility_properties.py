"""What holds for all facts and rule sets, tried on made ones."""

import json
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from participants.eligibility import REASONS, Experience, Facts, Outcome, Result, evaluate, parse_rule_set
from participants.eligibility.outcomes import best, worst
from participants.eligibility.periods import age_on, covered, days_of_years, years_before
from tests.participants.eligibility_helpers import ENDS, FIELD, SCHEMES, SENT, STARTS, paper, reference, shipped

ORDER = [Outcome.NOT_MET, Outcome.NEEDS_PROOF, Outcome.MET]
CODES = sorted(reference().document_labels)
DAYS = st.dates(date(2010, 1, 1), date(2028, 12, 31))
OUTCOMES = st.sampled_from(list(Outcome))

experiences = st.builds(
    Experience, DAYS, st.none() | DAYS, st.sampled_from(["", FIELD, "Tata Boga"]), st.sampled_from(["", "PT Maju"])
)
typed = st.fixed_dictionaries(
    {},
    optional={
        "scheme": st.sampled_from([FIELD, "Boga", ""]),
        "level": st.integers(1, 9),
        "valid_until": DAYS.map(date.isoformat),
        "issued_on": DAYS,
        "assessments": st.integers(0, 12) | st.lists(DAYS.map(date.isoformat), max_size=9),
        "since": DAYS,
    },
)
documents = st.builds(
    lambda present, verdict, fields: paper(verdict, present, **fields),
    st.booleans(),
    st.sampled_from(["pending", "accepted", "returned"]),
    typed,
)
people = st.builds(
    Facts,
    submission_on=st.just(SENT),
    training_starts_on=st.just(STARTS),
    training_ends_on=st.just(ENDS),
    target_field=st.sampled_from(["", FIELD]),
    nationality=st.sampled_from(["", "WNI", "WNA"]),
    identity_kind=st.sampled_from(["", "nik", "passport"]),
    identity_findings=st.sampled_from([(), ("nik_length",), ("sex_differs",), ("passport_format",)]),
    identity_verified=st.booleans(),
    birth_date=st.none() | st.dates(date(1950, 1, 1), date(2012, 1, 1)),
    education_level=st.sampled_from(["", "SMA", "D3", "S2"]),
    experiences=st.lists(experiences, max_size=4).map(tuple),
    documents=st.dictionaries(st.sampled_from(CODES), documents, max_size=12),
    declarations=st.frozensets(st.sampled_from(["KODE_ETIK", "KEABSAHAN_DOKUMEN", "HADIR_PENUH"])),
    duplicate_registration=st.booleans(),
    manual_answers=st.dictionaries(st.sampled_from(["X6"]), st.booleans()),
    preliminary=st.booleans(),
    not_held=st.frozensets(st.sampled_from(["SERKOM", "KTP"])),
)

# Rules that no shipped scheme uses, and one more nesting.
EXTRA = parse_rule_set(
    {
        "groups": [
            {
                "id": "X",
                "label": "Lain",
                "combine": "all",
                "mandatory": True,
                "rules": [
                    {"type": "age_between", "params": {"min": 21, "max": 65}},
                    {"type": "document_present", "params": {"document": "SEHAT", "max_age_days": 90}},
                    {"type": "experience_min_years", "params": {"years": 3}},
                    {"type": "certificate_held", "params": {"document": "SERKOM", "valid_on": "pengajuan"}},
                    {
                        "type": "all_of",
                        "rules": [{"type": "document_approved", "params": {"document": "SKCK"}}],
                    },
                    {"type": "manual_check", "params": {"question": "?"}},
                ],
            }
        ]
    },
    reference(),
)
rule_sets = st.sampled_from([*(shipped(code) for code in SCHEMES), EXTRA])


def improve(facts: Facts, draw) -> Facts:
    """One step that only helps: a paper, an acceptance, more work, a higher level, a tick, an identity seen."""
    code = draw(st.sampled_from(CODES))
    known = facts.documents.get(code, paper(present=False))
    step = draw(st.integers(0, 6))
    if step == 0:
        better = replace(known, present=True, verdict="accepted" if known.accepted else "pending")
        return replace(facts, documents={**facts.documents, code: better})
    if step == 1:
        better = replace(known, present=True, verdict="accepted")
        return replace(facts, documents={**facts.documents, code: better})
    if step == 2:
        return replace(facts, experiences=(*facts.experiences, draw(experiences)))
    if step == 3 and facts.education_level:
        return replace(facts, education_level="S3")
    if step == 4:
        return replace(facts, declarations=facts.declarations | {"KODE_ETIK", "HADIR_PENUH", "KEABSAHAN_DOKUMEN"})
    if step == 5:
        return replace(facts, identity_verified=True)
    return replace(facts, duplicate_registration=False)


@settings(max_examples=400)
@given(rule_sets, people, st.data())
def test_more_evidence_never_makes_any_rule_worse(rule_set, facts, data):
    # In the check without an account no work written means "not answered", which an answer may turn either way.
    facts = replace(facts, preliminary=facts.preliminary and bool(facts.experiences))
    before = evaluate(rule_set, facts, reference())
    after = evaluate(rule_set, improve(facts, data.draw), reference())

    for old, new in zip(before.walk(), after.walk(), strict=True):
        assert ORDER.index(new.outcome) >= ORDER.index(old.outcome), (old, new)
    assert ORDER.index(after.outcome) >= ORDER.index(before.outcome)


@given(rule_sets, people)
def test_evaluate_is_deterministic_and_survives_json(rule_set, facts):
    result = evaluate(rule_set, facts, reference())
    stored_facts = json.loads(json.dumps(facts.to_json()))
    stored_result = json.loads(json.dumps(result.to_json()))

    assert Facts.from_json(stored_facts) == facts
    assert evaluate(rule_set, Facts.from_json(stored_facts), reference()) == result
    assert Result.from_json(stored_result) == result


@given(rule_sets, people)
def test_outcomes_follow_reasons_groups_and_the_whole(rule_set, facts):
    result = evaluate(rule_set, facts, reference())

    for rule in result.walk():
        assert rule.outcome == REASONS[rule.type][rule.reason]
        if rule.children:
            assert rule.outcome == worst(child.outcome for child in rule.children)
    for group in result.groups:
        combine = best if group.combine == "any" else worst
        assert group.outcome == combine(rule.outcome for rule in group.rules)
    assert result.outcome == worst(group.outcome for group in result.groups if group.mandatory)


@given(people)
def test_a_duplicate_cannot_be_told_before_the_identity_is_verified(facts):
    facts = replace(facts, identity_verified=False)
    alone = evaluate(shipped("ASKOM-UMUM"), replace(facts, duplicate_registration=False), reference())
    twice = evaluate(shipped("ASKOM-UMUM"), replace(facts, duplicate_registration=True), reference())

    assert [(rule.outcome, rule.reason) for rule in alone.walk()] == [
        (rule.outcome, rule.reason) for rule in twice.walk()
    ]


@given(st.lists(OUTCOMES, min_size=1), st.lists(OUTCOMES, min_size=1))
def test_group_algebra(first, second):
    assert worst(first + second) == worst([worst(first), worst(second)]) == worst(second + first)
    assert best(first + second) == best([best(first), best(second)]) == best(second + first)
    assert worst([worst(first), best(first)]) == worst(first)
    assert worst(first) in first
    assert best(first) in first


ranges = st.lists(st.tuples(DAYS, st.none() | DAYS), max_size=6)


@given(ranges, st.tuples(DAYS, st.none() | DAYS))
def test_another_range_never_counts_for_less(some, one):
    before, after = covered(some, STARTS), covered([*some, one], STARTS)

    assert after.days >= before.days
    assert after.months >= before.months
    assert covered(some + some, STARTS) == before


@given(ranges)
def test_days_are_those_that_a_calendar_counts(some):
    counted = set()
    for starts_on, ends_on in some:
        day = starts_on
        while day < STARTS and (ends_on is None or day <= ends_on):
            counted.add(day)
            day += timedelta(days=1)

    assert covered(some, STARTS).days == len(counted)


@given(DAYS, st.integers(1, 30))
def test_full_calendar_years_always_suffice(until, years):
    since = years_before(until, years)

    assert covered([(since, None)], until).reaches(years)
    assert not covered([(since + timedelta(days=3), None)], until).reaches(years)
    assert (until - since).days >= days_of_years(years)


@given(DAYS, st.integers(0, 100))
def test_age_grows_by_one_each_birthday(birth_date, years):
    birthday = date(birth_date.year + years, birth_date.month, min(birth_date.day, 28))
    assert age_on(birth_date.replace(day=min(birth_date.day, 28)), birthday) == years
