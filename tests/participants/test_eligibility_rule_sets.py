from copy import deepcopy

import pytest

from participants.eligibility import REASONS, Reference, RuleSetInvalid, parse_rule_set, uses
from participants.eligibility.evaluation import CHECKS
from participants.eligibility.ruleset import PARAMS
from tests.participants.eligibility_helpers import SCHEMES, reference, reference_data, shipped

RULE = {"id": "R", "type": "document_present", "params": {"document": "CV"}}


def content(*rules, **group):
    return {
        "groups": [{"id": "G", "label": "Berkas", "combine": "all", "mandatory": True, "rules": list(rules), **group}]
    }


def of(rule_type, **params):
    return content({"id": "R", "type": rule_type, "params": params})


def nested(depth):
    rule = RULE
    for level in range(depth):
        rule = {"id": f"N{level}", "type": "all_of", "rules": [rule]}
    return content(rule)


@pytest.mark.parametrize("code", SCHEMES)
def test_shipped_scheme_parses(code):
    rule_set = shipped(code)
    ids = [rule.id for rule in rule_set.walk()]

    assert len(ids) == len(set(ids))
    assert uses(rule_set, "identity_valid")


def test_every_rule_type_of_the_data_is_known():
    assert set(PARAMS) == set(REASONS) == set(CHECKS) | {"all_of"} == set(reference_data()["rule_types"])


@pytest.mark.parametrize("rule_type", sorted(set(PARAMS) - {"all_of"}))
def test_parameters_are_those_of_the_data(rule_type):
    assert {name.rstrip("?") for name in PARAMS[rule_type]} == set(reference_data()["rule_types"][rule_type]["params"])


@pytest.mark.parametrize(
    ("raw", "code", "place"),
    [
        pytest.param([], "not_mapping", "eligibility", id="not a mapping"),
        pytest.param({}, "empty_groups", "groups", id="no groups"),
        pytest.param({"groups": []}, "empty_groups", "groups", id="empty groups"),
        pytest.param({"groups": {}}, "empty_groups", "groups", id="groups not a list"),
        pytest.param({"groups": ["x"]}, "not_mapping", "groups[0]", id="group not a mapping"),
        pytest.param(content(), "empty_group", "groups[0] G", id="empty group"),
        pytest.param(content(rules="x"), "not_list", "groups[0] G.rules", id="rules not a list"),
        pytest.param(content(RULE, mandatory=False), "no_mandatory_group", "groups", id="nothing decides"),
        pytest.param(content(RULE, mandatory="yes"), "bad_mandatory", "groups[0] G", id="mandatory not a flag"),
        pytest.param(content(RULE, combine="some"), "bad_combine", "groups[0] G", id="unknown combine"),
        pytest.param(content(RULE, label=""), "bad_label", "groups[0] G", id="group without label"),
        pytest.param(content(RULE, id=""), "bad_id", "groups[0]", id="group without id"),
        pytest.param(content(RULE, colour="red"), "extra_key", "groups[0]", id="unknown key of a group"),
        pytest.param(content({**RULE, "level": 1}), "extra_key", "groups[0] G.rules[0]", id="unknown key of a rule"),
        pytest.param(content({**RULE, "label": 3}), "bad_label", "groups[0] G.rules[0] R", id="label not a text"),
        pytest.param(content(RULE, RULE), "duplicate_id", "groups[0] G.rules[1]", id="the same id twice"),
        pytest.param(of("age_over", min=3), "unknown_type", "groups[0] G.rules[0] R", id="unknown type"),
        pytest.param(of("document_present"), "missing_param", "groups[0] G.rules[0] R", id="parameter missing"),
        pytest.param(
            content({**RULE, "params": [1]}), "not_mapping", "groups[0] G.rules[0] R.params", id="parameters a list"
        ),
        pytest.param(
            of("document_present", document="CV", days=3), "extra_param", "groups[0] G.rules[0] R", id="extra"
        ),
        pytest.param(
            of("document_present", document="XX"), "unknown_document", "groups[0] G.rules[0] R", id="document"
        ),
        pytest.param(of("education_min", level="D9"), "unknown_level", "groups[0] G.rules[0] R", id="level"),
        pytest.param(of("education_min", level=3), "bad_param", "groups[0] G.rules[0] R", id="level a number"),
        pytest.param(of("experience_min_years", years=0), "bad_param", "groups[0] G.rules[0] R", id="zero years"),
        pytest.param(of("experience_min_years", years=True), "bad_param", "groups[0] G.rules[0] R", id="years a flag"),
        pytest.param(of("experience_min_years", years="3"), "bad_param", "groups[0] G.rules[0] R", id="years a text"),
        pytest.param(of("age_between"), "missing_param", "groups[0] G.rules[0] R", id="no age"),
        pytest.param(of("age_between", min=60, max=20), "bad_param", "groups[0] G.rules[0] R", id="ages crossed"),
        pytest.param(
            of("certificate_held", document="SERKOM", valid_on="besok"), "bad_param", "groups[0] G.rules[0] R", id="day"
        ),
        pytest.param(
            of("certificate_held", document="SERKOM", valid_on="pengajuan", min_level=10),
            "bad_param",
            "groups[0] G.rules[0] R",
            id="level 10",
        ),
        pytest.param(
            of("expiry_window", document="SERKOM", max_days_after_expiry=3),
            "missing_param",
            "groups[0] G.rules[0] R",
            id="half a window",
        ),
        pytest.param(of("no_active_duplicate", scope="dunia"), "bad_param", "groups[0] G.rules[0] R", id="scope"),
        pytest.param(of("manual_check", question=" "), "bad_param", "groups[0] G.rules[0] R", id="no question"),
        pytest.param(of("all_of", rules=[RULE]), "extra_param", "groups[0] G.rules[0] R", id="rules as parameter"),
        pytest.param(of("all_of"), "empty_group", "groups[0] G.rules[0] R", id="all of nothing"),
        pytest.param(
            content({**RULE, "rules": [RULE]}), "unexpected_rules", "groups[0] G.rules[0] R", id="rules in a plain rule"
        ),
    ],
)
def test_parse_refuses_and_says_where(raw, code, place):
    with pytest.raises(RuleSetInvalid) as caught:
        parse_rule_set(raw, reference())

    assert (caught.value.code, caught.value.place) == (code, place)
    assert caught.value.reason
    assert str(caught.value).startswith(f"{place}: ")


def test_parse_refuses_what_is_nested_too_deeply():
    assert parse_rule_set(nested(19), reference())
    with pytest.raises(RuleSetInvalid, match="tingkat"):
        parse_rule_set(nested(200), reference())


def test_parse_checks_the_document_that_a_type_needs():
    with pytest.raises(RuleSetInvalid, match="IJAZAH"):
        parse_rule_set(of("education_min", level="D3"), Reference(document_labels={"CV": "CV"}))


def test_parse_without_lists_checks_the_shape_only():
    assert parse_rule_set(of("document_present", document="XX"))


def test_parse_leaves_its_input_alone_and_names_rules_by_place():
    raw = content({"type": "all_of", "rules": [{"type": "document_present", "params": {"document": "CV"}}]})
    before = deepcopy(raw)

    assert [rule.id for rule in parse_rule_set(raw, reference()).walk()] == ["G.1", "G.1.1"]
    assert raw == before
