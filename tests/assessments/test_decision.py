"""When a sheet gives K and when BK: the rubric's rule as a truth table, and what holds for all sheets."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.decision import Reason, RecordFacts, UnitOutcome, decide, item_text, wording
from assessments.rubric import ETHICS_UNIT
from assessments.states import Aspect
from tests.assessments.decision_helpers import METHODS, all_missed, sheet, shipped

RUBRIC = shipped()
UNITS = [unit.code for unit in RUBRIC.units]
CRITERIA = list(RUBRIC.criteria())
USED = [one for one in CRITERIA if one.method in ("", *METHODS.split()) and not one.id.startswith("BND")]
EVIDENCE = [(item.id, item.unit, aspect) for item in RUBRIC.evidence for aspect in Aspect.values]
EVERY_EVIDENCE = " ".join(f"{item}:{aspect}=T" for item, _unit, aspect in EVIDENCE)


def unit_of(outcome, code: str) -> UnitOutcome:
    return next(unit for unit in outcome.units if unit.unit == code)


def codes(reasons: tuple[Reason, ...]) -> list[str]:
    return [reason.code for reason in reasons]


# ---- the truth table: changes to a sheet where all is met -> result of MAPA, MA, MKVA, overall
TABLE = [
    ("", "K K K K"),
    # MAPA has five non-critical criteria of 10: one may be missed (80 %), two may not
    ("PLN-06=T", "K K K K"),
    ("PLN-07=T", "K K K K"),
    ("PLN-08=T", "K K K K"),
    ("PLN-10=T", "K K K K"),
    ("PLN-09=T", "K K K K"),
    ("PLN-06=T PLN-07=T", "BK K K BK"),
    ("PLN-09=T PLN-10=T", "BK K K BK"),
    # TR leaves the count: one of four is 75 %
    ("PLN-09=TR", "K K K K"),
    ("PLN-09=TR PLN-06=T", "BK K K BK"),
    # MKVA has four non-critical ones: 75 % is too few
    ("VAL-01=T", "K K BK BK"),
    ("VAL-05=T", "K K BK BK"),
    ("VAL-01=T VAL-02=T", "K K BK BK"),
    # MA has many: four of 23 may be missed, five may not
    ("PRA-01=T PRA-05=T PRA-10=T", "K K K K"),
    ("PRA-01=T PRA-05=T PRA-10=T PRA-12=T", "K K K K"),
    ("PRA-01=T PRA-05=T PRA-10=T PRA-12=T PEL-04=T", "K BK K BK"),
    # critical ones: one is enough, whatever else is met
    ("PLN-01=T", "BK K K BK"),
    ("PRA-02=T", "K BK K BK"),
    ("VAL-03=T", "K K BK BK"),
    ("PLN-01=T VAL-06=T", "BK K BK BK"),
    ("PLN-01=T PRA-02=T VAL-06=T", "BK BK BK BK"),
    # a critical one that does not apply is TR and does not count
    ("PEL-06=TR", "K K K K"),
    ("KEP-04=TR", "K K K K"),
    ("PEL-06=T", "K BK K BK"),
    # evidence: each required item, in each aspect
    ("EV-MAPA-1:VALID=T", "BK K K BK"),
    ("EV-MA-1:ASLI=T", "K BK K BK"),  # indirect, but required
    ("EV-MKVA-3:MEMADAI=T", "K K BK BK"),
    ("EV-MAPA-1:VALID=T EV-MKVA-1:TERKINI=T", "BK K BK BK"),
    (EVERY_EVIDENCE, "BK BK BK BK"),
    # ethics: a critical one fails the whole, not a unit; the others fail nothing
    ("ETK-02=T", "K K K BK"),
    ("ETK-05=T", "K K K BK"),
    ("ETK-01=T", "K K K K"),
    ("ETK-01=T ETK-08=T ETK-09=T ETK-10=T", "K K K K"),
    ("ETK-02=T PLN-01=T", "BK K K BK"),
    # what is unrecorded is not decided, and neither is the whole
    ("PLN-01=", "- K K -"),
    ("PLN-06=", "- K K -"),
    ("PRA-01=", "K - K -"),
    ("VAL-06=", "K K - -"),
    ("ETK-01=", "K K K -"),
    ("EV-MA-2:ASLI=", "K - K -"),
    ("PLN-01=T PLN-06=", "- K K -"),  # that it could only be BK does not matter
    ("PLN-01=T VAL-06=", "BK K - -"),
    ("ETK-02=T PRA-01=", "K - K -"),
    # TR is no way around a criterion that always applies
    ("PLN-01=TR", "- K K -"),
    ("PRA-01=TR", "K - K -"),
    ("ETK-02=TR", "K K K -"),
    # criteria of methods that were not used, and of an objection that was not made, are TR by themselves
    ("POR-01=T TUL-01=T LIS-01=T", "K K K K"),
    ("POR-01= TUL-01= LIS-01=", "K K K K"),
    ("BND-01=T BND-03=T", "K K K K"),
    ("BND-01= BND-02= BND-03= BND-04=", "K K K K"),
    ("OBS-01=T", "K BK K BK"),
    ("WAW-03=T", "K BK K BK"),
    ("OBS-02=", "K - K -"),
    # everything of a unit
    (all_missed("MAPA"), "BK K K BK"),
    (all_missed("MA"), "K BK K BK"),
    (all_missed("MKVA"), "K K BK BK"),
    (all_missed("MAPA", "MA", "MKVA"), "BK BK BK BK"),
    (all_missed(ETHICS_UNIT), "K K K BK"),
]


@pytest.mark.parametrize(("changes", "expected"), TABLE)
def test_truth_table(changes, expected):
    outcome = decide(RUBRIC, sheet(changes))

    results = [unit_of(outcome, code).result for code in UNITS] + [outcome.result]
    assert " ".join(result or "-" for result in results) == expected


OTHER_PLAYS = [  # methods, objection, changes -> overall
    ("OBS WAW", False, "", "K"),
    ("OBS POR", False, "", "K"),
    ("STR LIS", False, "", "K"),  # a structured task gives direct evidence too
    ("OBS WAW POR TUL", False, "", "K"),
    ("OBS", False, "", "BK"),  # one method
    ("WAW", False, "", "BK"),
    ("WAW POR", False, "", "BK"),  # two, none of them direct
    ("TUL LIS", False, "", "BK"),
    ("", False, "", "BK"),
    ("OBS WAW", True, "", "K"),
    ("OBS WAW", True, "BND-01=T", "BK"),
    ("OBS WAW", True, "BND-03=T", "BK"),
    ("OBS WAW", True, "BND-02=T", "K"),
    ("OBS WAW", True, "BND-01=", "-"),
    ("OBS WAW", True, "BND-01=TR", "K"),  # conditional, so TR is allowed
    ("OBS POR", False, "POR-01=T", "BK"),
    ("OBS POR", False, "POR-02=TR", "K"),
    ("OBS POR", False, "WAW-01=T WAW-03=T", "K"),
    ("OBS TUL", False, "TUL-02=T", "BK"),
    ("OBS TUL", False, "TUL-03=T", "K"),
    ("OBS LIS", False, "LIS-01=", "-"),
]


@pytest.mark.parametrize(("methods", "objection", "changes", "expected"), OTHER_PLAYS)
def test_what_the_play_used_decides_what_applies(methods, objection, changes, expected):
    outcome = decide(RUBRIC, sheet(changes, methods=methods, objection=objection))

    assert (outcome.result or "-") == expected


@pytest.mark.parametrize("criterion", [one for one in USED if one.critical], ids=lambda one: one.id)
def test_each_critical_criterion_alone_gives_bk(criterion):
    outcome = decide(RUBRIC, sheet(f"{criterion.id}=T"))

    assert outcome.result == "BK"
    if criterion.is_ethics:
        assert outcome.failed_ethics == (criterion.id,)
        assert codes(outcome.reasons) == ["ethics_not_met"]
    else:
        assert unit_of(outcome, criterion.unit).failed_items == (criterion.id,)
        assert codes(unit_of(outcome, criterion.unit).reasons) == ["critical_not_met"]
        assert outcome.reasons == (Reason("units_not_competent", (criterion.unit,)),)


@pytest.mark.parametrize(("item", "unit", "aspect"), EVIDENCE)
def test_each_aspect_of_each_required_evidence_alone_gives_bk(item, unit, aspect):
    outcome = decide(RUBRIC, sheet(f"{item}:{aspect}=T"))

    assert unit_of(outcome, unit).reasons == (Reason("evidence_not_accepted", (item,)),)
    assert outcome.result == "BK"


# ---- rules of other rubrics
def test_a_strict_body_may_ask_for_all_criteria():
    strict = replace(RUBRIC, min_noncritical_ratio=1.0)

    assert decide(strict, sheet("PLN-06=T")).result == "BK"
    assert decide(strict, sheet("PLN-09=TR")).result == "K"


@pytest.mark.parametrize(("missed", "result"), [(2, "K"), (3, "K"), (4, "BK")])
def test_the_ratio_is_counted_in_whole_numbers(missed, result):
    """80 % of 15 is 12, not 12.000000000000002."""
    phase = RUBRIC.phases[0]
    fifteen = tuple(replace(phase.criteria[0], id=f"X-{number}", critical=False) for number in range(15))
    rubric = replace(RUBRIC.for_units(["MAPA"]), phases=(replace(phase, criteria=fifteen),))
    changes = " ".join(f"X-{number}={'T' if number < missed else 'Y'}" for number in range(15))

    assert decide(rubric, sheet(changes)).result == result


def test_evidence_that_is_not_required_may_be_left_out_but_not_half_judged():
    evidence = tuple(replace(item, required=item.id != "EV-MAPA-2") for item in RUBRIC.evidence)
    rubric = replace(RUBRIC, evidence=evidence)
    left_out = " ".join(f"EV-MAPA-2:{aspect}=" for aspect in Aspect.values)

    assert decide(rubric, sheet(left_out)).result == "K"
    assert decide(rubric, sheet("EV-MAPA-2:VALID=T")).result == "K"
    assert decide(rubric, sheet("EV-MAPA-2:VALID=")).unrecorded == ("EV-MAPA-2",)


def test_a_unit_needs_accepted_direct_evidence():
    evidence = tuple(replace(item, required=False) for item in RUBRIC.evidence)
    direct = " ".join(f"{item.id}:VALID=T" for item in RUBRIC.evidence if item.unit == "MA" and item.is_direct)

    unit = unit_of(decide(replace(RUBRIC, evidence=evidence), sheet(direct)), "MA")

    assert unit.reasons == (Reason("no_direct_evidence", ("EV-MA-2", "EV-MA-4")),)


def test_practice_does_not_ask_for_methods():
    one_method = sheet(methods="WAW")

    assert decide(RUBRIC, one_method).result == "BK"
    assert decide(RUBRIC, one_method, is_exam=False).result == "K"


def test_a_retake_looks_at_its_units_only():
    outcome = decide(RUBRIC.for_units(["MKVA"]), sheet(all_missed("MAPA", "MA"), methods=""))

    assert [unit.unit for unit in outcome.units] == ["MKVA"]
    assert outcome.result == "K"  # a unit without criteria of methods asks for no methods


def test_unrecorded_items_are_listed_in_the_order_of_the_sheet():
    outcome = decide(RUBRIC, sheet("ETK-10= VAL-01= PLN-02= EV-MAPA-1:ASLI= EV-MAPA-1:VALID="))

    assert outcome.unrecorded == ("PLN-02", "EV-MAPA-1", "VAL-01", "ETK-10")
    assert outcome.reasons == (Reason("unrecorded", outcome.unrecorded),)


# ---- what holds for all sheets
VALUES = st.sampled_from(["Y", "Y", "Y", "T", "TR", ""])
ASPECTS = st.sampled_from(["Y", "Y", "Y", "T", ""])
PLACES = [(item, aspect) for item, _unit, aspect in EVIDENCE]
sheets = st.builds(
    lambda values, evidence, methods, objection: RecordFacts(
        dict(zip([one.id for one in CRITERIA], values, strict=True)),
        dict(zip(PLACES, evidence, strict=True)),
        frozenset(methods),
        objection,
    ),
    st.lists(VALUES, min_size=len(CRITERIA), max_size=len(CRITERIA)) | st.just(["Y"] * len(CRITERIA)),
    st.lists(ASPECTS, min_size=len(PLACES), max_size=len(PLACES)) | st.just(["Y"] * len(PLACES)),
    st.sets(st.sampled_from([method.code for method in RUBRIC.methods])) | st.just({"OBS", "WAW"}),
    st.booleans(),
)
rubrics = st.builds(
    lambda ratio, codes: replace(RUBRIC.for_units(codes), min_noncritical_ratio=ratio),
    st.sampled_from([0.0, 0.5, 0.8, 1.0]),
    st.sets(st.sampled_from(UNITS), min_size=1),
)


@st.composite
def nearly_met(draw) -> RecordFacts:
    """All met but a handful, so that K and BK both happen."""
    some = draw(st.lists(st.tuples(st.sampled_from([one.id for one in CRITERIA]), VALUES), max_size=6))
    facts = sheet(" ".join(f"{item}={value}" for item, value in some))
    wrong = draw(st.lists(st.tuples(st.sampled_from(PLACES), ASPECTS), max_size=2))
    return replace(facts, evidence=dict(facts.evidence) | dict(wrong))


some_sheets = nearly_met() | sheets


@settings(max_examples=120, deadline=None)
@given(rubrics, some_sheets, st.data())
def test_a_record_that_only_improves_never_turns_k_into_bk(rubric, facts, data):
    before = decide(rubric, facts)
    items = data.draw(st.lists(st.sampled_from([one.id for one in CRITERIA]), max_size=8))
    places = data.draw(st.lists(st.sampled_from(PLACES), max_size=8))
    values = dict(facts.values) | dict.fromkeys(items, "Y")
    better = replace(facts, values=values, evidence=dict(facts.evidence) | dict.fromkeys(places, "Y"))

    after = decide(rubric, better)

    for was, now in zip([before, *before.units], [after, *after.units], strict=True):
        assert (was.result, now.result) not in {("K", "BK"), ("K", None)}


@settings(max_examples=120, deadline=None)
@given(rubrics, some_sheets)
def test_nothing_unrecorded_is_decided_and_bk_names_what_failed(rubric, facts):
    outcome = decide(rubric, facts)

    assert (outcome.result is None) == bool(outcome.unrecorded)
    assert (outcome.result == "BK") == bool(outcome.reasons and not outcome.unrecorded)
    for unit in outcome.units:
        assert (unit.result is None) == bool(unit.unrecorded)
        assert (unit.result == "BK") == bool(unit.failed_items)
        assert set(unit.unrecorded) <= set(outcome.unrecorded)
        assert all(wording(reason, rubric) for reason in unit.reasons)
    assert all(wording(reason, rubric) for reason in outcome.reasons)


@settings(max_examples=80, deadline=None)
@given(some_sheets, st.sampled_from([one for one in CRITERIA if one.conditional]))
def test_tr_of_an_optional_criterion_equals_its_absence(facts, criterion):
    with_tr = replace(facts, values=dict(facts.values) | {criterion.id: "TR"})
    phases = tuple(
        replace(phase, criteria=tuple(one for one in phase.criteria if one != criterion)) for phase in RUBRIC.phases
    )

    assert decide(RUBRIC, with_tr) == decide(replace(RUBRIC, phases=phases), facts)


@settings(max_examples=40, deadline=None)
@given(rubrics, some_sheets)
def test_the_same_facts_give_the_same_outcome(rubric, facts):
    turned = RecordFacts(
        dict(reversed(facts.values.items())), dict(reversed(facts.evidence.items())),
        frozenset(sorted(facts.methods, reverse=True)), facts.has_objection,
    )  # fmt: skip

    assert decide(rubric, facts) == decide(rubric, turned)


# ---- words
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            "PLN-01=T PLN-02=T",
            "Kriteria kritis belum terpenuhi: PLN-01, PLN-02. Semua kriteria kritis harus terpenuhi.",
        ),
        (
            "PLN-06=T PLN-07=T",
            "Kriteria pendukung yang terpenuhi kurang dari 80%. Belum terpenuhi: PLN-06, PLN-07.",
        ),
        ("EV-MAPA-2:ASLI=T", "Bukti belum memenuhi aturan bukti (VATM): Peta instrumen (FR.MAPA.02)."),
        ("PLN-03=", "Belum dinilai: PLN-03."),
    ],
)
def test_wording_of_a_unit_says_the_rule_and_the_items(changes, sentence):
    outcome = decide(RUBRIC, sheet(changes))

    assert wording(unit_of(outcome, "MAPA").reasons[0], RUBRIC) == sentence


def test_wording_of_the_whole_names_units_methods_and_ethics():
    outcome = decide(RUBRIC, sheet("VAL-03=T ETK-03=T", methods="WAW"))

    assert [wording(reason, RUBRIC) for reason in outcome.reasons] == [
        "Unit yang belum kompeten: Memberikan Kontribusi dalam Validasi Asesmen.",
        "Kode etik yang kritis belum terpenuhi: ETK-03.",
        "Uji memerlukan paling sedikit 2 metode yang berbeda. Yang dipakai: Wawancara.",
        "Uji memerlukan metode yang menghasilkan bukti langsung. Yang dipakai: Wawancara.",
    ]
    assert "belum ada" in wording(Reason("too_few_methods"), RUBRIC)


def test_item_text_says_what_a_criterion_or_evidence_asks_for():
    assert item_text("PLN-02", RUBRIC).startswith("Memakai skema dan unit standar")
    assert item_text("EV-MAPA-2", RUBRIC) == "Peta instrumen (FR.MAPA.02)"
    assert item_text("X-1", RUBRIC) == "X-1"


def test_reasons_survive_being_stored():
    reason = Reason("critical_not_met", ("PLN-01", "PLN-02"))

    assert Reason.from_json(reason.as_json()) == reason
