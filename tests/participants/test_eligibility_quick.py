from datetime import date

import pytest

from participants.eligibility import CERTIFICATE_ANSWERS, Outcome, evaluate, quick_facts
from tests.participants.eligibility_helpers import SCHEMES, reference, shipped

TODAY = date(2026, 2, 2)


def results(code, **answers):
    result = evaluate(shipped(code), quick_facts(today=TODAY, **answers), reference())
    return result, {rule.id: rule for rule in result.walk()}


def test_good_answers_leave_only_papers_to_prepare():
    result, rules = results("ASKOM-UMUM", education_level="S1", experience_years=4, certificate="yes", birth_year=1990)

    assert result.outcome == Outcome.NEEDS_PROOF
    assert {group.outcome for group in result.groups} == {Outcome.NEEDS_PROOF}
    assert {rules[name].reason for name in ("U1b", "U2a.1", "U2a.2", "U3a", "U3b", "U5a")} == {"prepare"}


@pytest.mark.parametrize(
    ("level", "years", "outcome"),
    [
        ("D3", 3, Outcome.NEEDS_PROOF),
        ("D3", 2, Outcome.NOT_MET),
        ("D3", 0, Outcome.NOT_MET),
        ("SMA", 5, Outcome.NEEDS_PROOF),
        ("SMA", 4, Outcome.NOT_MET),
        ("", None, Outcome.NEEDS_PROOF),
        ("D3", None, Outcome.NEEDS_PROOF),
        ("D3", 500, Outcome.NEEDS_PROOF),
        ("D3", -3, Outcome.NOT_MET),
    ],
)
def test_education_and_years_decide_the_second_group(level, years, outcome):
    result, _rules = results("ASKOM-UMUM", education_level=level, experience_years=years)
    assert result.groups[1].outcome == outcome


@pytest.mark.parametrize(
    ("answer", "general", "construction", "reason"),
    [
        ("yes", Outcome.NEEDS_PROOF, Outcome.NEEDS_PROOF, "prepare"),
        ("expired", Outcome.NEEDS_PROOF, Outcome.NOT_MET, "expired"),
        ("no", Outcome.NEEDS_PROOF, Outcome.NOT_MET, "absent"),
        ("", Outcome.NEEDS_PROOF, Outcome.NEEDS_PROOF, "prepare"),
    ],
)
def test_certificate_answer(answer, general, construction, reason):
    assert results("ASKOM-UMUM", certificate=answer)[0].groups[2].outcome == general
    result, rules = results("ASKOM-KONSTRUKSI", certificate=answer)
    assert (result.groups[2].outcome, rules["K3a"].reason) == (construction, reason)


@pytest.mark.parametrize("code", SCHEMES)
def test_no_answers_wait_and_never_fail(code):
    result, rules = results(code)

    assert result.outcome == Outcome.NEEDS_PROOF
    assert Outcome.NOT_MET not in {rule.outcome for rule in rules.values()}


def test_years_run_up_to_the_training():
    facts = quick_facts(today=TODAY, experience_years=3, training_starts_on=date(2028, 2, 29))
    assert facts.experiences[0].starts_on == date(2025, 2, 28)


def test_answers_are_those_that_the_page_offers():
    assert CERTIFICATE_ANSWERS == ("yes", "expired", "no")
