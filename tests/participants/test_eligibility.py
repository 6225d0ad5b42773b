"""`evaluate`, rule type by rule type: parameters, facts, the reason (which decides the outcome)."""

from dataclasses import replace
from datetime import date

import pytest

from participants.eligibility import REASONS, Facts, Outcome, evaluate
from tests.participants.eligibility_helpers import (
    FIELD,
    SCHEMES,
    ask,
    blank,
    complete,
    paper,
    reference,
    rule_set_of,
    shipped,
    with_paper,
    without,
    worked,
)

MET, NEEDS_PROOF, NOT_MET = Outcome.MET, Outcome.NEEDS_PROOF, Outcome.NOT_MET


def check(rule_type: str, params: dict, facts: Facts, outcome: Outcome, reason: str) -> None:
    result = ask(rule_type, params, facts)
    assert (result.outcome, result.reason) == (outcome, reason)


def person(kind: str = "nik", nationality: str = "WNI", *findings: str, verified: bool = False) -> Facts:
    return blank(identity_kind=kind, nationality=nationality, identity_findings=findings, identity_verified=verified)


@pytest.mark.parametrize(
    ("nik_for_wni", "facts", "outcome", "reason"),
    [
        pytest.param(True, person(), MET, "ok", id="WNI with NIK"),
        pytest.param(True, person("passport", "WNA"), MET, "ok", id="WNA with passport"),
        pytest.param(True, person("nik", "WNA"), MET, "ok", id="WNA who has a NIK"),
        pytest.param(True, person("passport", "WNI"), NOT_MET, "nik_required", id="WNI with passport"),
        pytest.param(False, person("passport", "WNI"), MET, "ok", id="WNI with passport where allowed"),
        pytest.param(True, person("", ""), NEEDS_PROOF, "unanswered", id="nothing written"),
        pytest.param(True, person("nik", ""), NEEDS_PROOF, "unanswered", id="nationality open"),
        pytest.param(True, person("nik", "WNI", "nik_length"), NOT_MET, "nik_fault", id="15 digits"),
        pytest.param(True, person("nik", "WNI", "nik_date"), NOT_MET, "nik_fault", id="impossible date"),
        pytest.param(
            True, person("nik", "WNI", "nik_serial", verified=True), NOT_MET, "nik_fault", id="fault stays a fault"
        ),
        pytest.param(True, person("nik", "WNI", "birth_date_differs"), NEEDS_PROOF, "nik_differs", id="birth date"),
        pytest.param(True, person("nik", "WNI", "sex_differs"), NEEDS_PROOF, "nik_differs", id="sex"),
        pytest.param(True, person("nik", "WNI", "province_unknown"), NEEDS_PROOF, "nik_differs", id="province"),
        pytest.param(
            True, person("nik", "WNI", "birth_date_differs", verified=True), MET, "verified", id="KTP accepted"
        ),
        pytest.param(
            True,
            person("nik", "WNI", "finding_of_later"),
            NEEDS_PROOF,
            "nik_differs",
            id="unknown finding asks a human",
        ),
        pytest.param(
            True, person("passport", "WNA", "passport_format"), NOT_MET, "passport_fault", id="passport too short"
        ),
    ],
)
def test_identity_valid(nik_for_wni, facts, outcome, reason):
    check("identity_valid", {"require_nik_for_wni": nik_for_wni}, facts, outcome, reason)


@pytest.mark.parametrize(
    ("params", "born", "outcome", "reason"),
    [
        pytest.param({"min": 21}, date(2005, 3, 2), MET, "ok", id="21 on the first day"),
        pytest.param({"min": 21}, date(2005, 3, 3), NOT_MET, "too_young", id="21 a day later"),
        pytest.param({"max": 60}, date(1965, 3, 3), MET, "ok", id="still 60"),
        pytest.param({"max": 60}, date(1965, 3, 2), NOT_MET, "too_old", id="61 on the first day"),
        pytest.param({"min": 21, "max": 60}, date(1990, 1, 1), MET, "ok", id="between"),
        pytest.param({"min": 21, "max": 60}, None, NEEDS_PROOF, "unanswered", id="no birth date"),
        pytest.param({"min": 22}, date(2004, 2, 29), MET, "ok", id="leap day counts from 1 March"),
    ],
)
def test_age_between(params, born, outcome, reason):
    check("age_between", params, blank(birth_date=born), outcome, reason)


def test_age_is_measured_when_training_starts():
    facts = blank(birth_date=date(2005, 2, 20))

    assert ask("age_between", {"min": 21}, facts).seen == {"age": 21}
    assert ask("age_between", {"min": 21}, replace(facts, training_starts_on=None)).reason == "too_young"


@pytest.mark.parametrize(
    ("level", "has", "ijazah", "outcome", "reason"),
    [
        pytest.param("D3", "D3", paper("accepted"), MET, "ok", id="the same level"),
        pytest.param("D3", "S3", paper("accepted"), MET, "ok", id="higher"),
        pytest.param("SMA", "PRO", paper("accepted"), MET, "ok", id="profession above SMA"),
        pytest.param("D3", "S1", paper("pending"), NEEDS_PROOF, "document_pending", id="ijazah waits"),
        pytest.param("D3", "S1", paper("returned"), NEEDS_PROOF, "document_returned", id="ijazah sent back"),
        pytest.param("D3", "S1", None, NEEDS_PROOF, "not_uploaded", id="ijazah missing"),
        pytest.param("D3", "D2", paper("accepted"), NOT_MET, "too_low", id="one below"),
        pytest.param("D3", "SMA", None, NOT_MET, "too_low", id="far below"),
        pytest.param("S2", "PRO", paper("accepted"), NOT_MET, "too_low", id="profession is below S2"),
        pytest.param("D3", "", paper("accepted"), NEEDS_PROOF, "unanswered", id="not answered"),
        pytest.param("D3", "D9", paper("accepted"), NEEDS_PROOF, "level_unknown", id="level not listed"),
    ],
)
def test_education_min(level, has, ijazah, outcome, reason):
    facts = blank(education_level=has, documents={"IJAZAH": ijazah} if ijazah else {})
    check("education_min", {"level": level}, facts, outcome, reason)


ACCEPTED = {"SKKERJA": paper("accepted")}
PENDING = {"SKKERJA": paper("pending")}


@pytest.mark.parametrize(
    ("years", "ranges", "documents", "outcome", "reason"),
    [
        pytest.param(3, [worked("2023-03-02")], ACCEPTED, MET, "ok", id="three years to the day"),
        pytest.param(3, [worked("2023-03-04")], ACCEPTED, NOT_MET, "too_short", id="two days short"),
        pytest.param(3, [worked("2021-01-01", "2023-12-31")], ACCEPTED, MET, "ok", id="three calendar years"),
        pytest.param(3, [worked("2021-01-01", "2023-12-30")], ACCEPTED, NOT_MET, "too_short", id="a day short"),
        pytest.param(4, [worked("2021-01-01", "2024-12-31")], ACCEPTED, MET, "ok", id="four years with a leap day"),
        pytest.param(4, [worked("2021-01-02", "2024-12-31")], ACCEPTED, NOT_MET, "too_short", id="four less a day"),
        pytest.param(
            3,
            [worked("2020-01-01", "2021-06-30"), worked("2022-01-01", "2023-06-30")],
            ACCEPTED,
            MET,
            "ok",
            id="two times eighteen months",
        ),
        pytest.param(1, [worked("2023-02-15", "2024-02-14")], ACCEPTED, MET, "ok", id="a year before a leap day"),
        pytest.param(1, [worked("2023-02-15", "2024-02-13")], ACCEPTED, NOT_MET, "too_short", id="and a day less"),
        pytest.param(
            3,
            [worked("2020-01-01", "2021-12-31"), worked("2021-01-01", "2022-06-30")],
            ACCEPTED,
            NOT_MET,
            "too_short",
            id="overlap counts once",
        ),
        pytest.param(
            3,
            [worked("2020-01-01", "2022-12-31"), worked("2020-05-01", "2020-06-01")],
            ACCEPTED,
            MET,
            "ok",
            id="inside another",
        ),
        pytest.param(3, [worked("2020-01-01", "2022-12-31")] * 2, ACCEPTED, MET, "ok", id="the same range twice"),
        pytest.param(
            2,
            [worked("2020-01-01", "2020-12-31"), worked("2021-01-01", "2021-12-31")],
            ACCEPTED,
            MET,
            "ok",
            id="one after the other",
        ),
        pytest.param(3, [worked("2024-01-01", "2030-12-31")], ACCEPTED, NOT_MET, "too_short", id="future is cut"),
        pytest.param(1, [worked("2026-03-02", None)], ACCEPTED, NOT_MET, "too_short", id="begins with the training"),
        pytest.param(1, [worked("2025-01-01", "2024-01-01")], ACCEPTED, NOT_MET, "too_short", id="ends before start"),
        pytest.param(3, [], ACCEPTED, NOT_MET, "none_written", id="none"),
        pytest.param(3, [worked("2015-01-01")], PENDING, NEEDS_PROOF, "document_pending", id="letter waits"),
        pytest.param(
            3, [worked("2015-01-01")], {"SKKERJA": paper("returned")}, NEEDS_PROOF, "document_returned", id="sent back"
        ),
        pytest.param(3, [worked("2015-01-01")], {}, NEEDS_PROOF, "not_uploaded", id="letter missing"),
        pytest.param(3, [worked("2015-01-01", None, "Tata Boga")], ACCEPTED, MET, "ok", id="field asked nowhere"),
    ],
)
def test_experience_min_years(years, ranges, documents, outcome, reason):
    facts = blank(target_field=FIELD, experiences=tuple(ranges), documents=documents)
    check("experience_min_years", {"years": years}, facts, outcome, reason)


OTHER = worked("2015-01-01", "2018-12-31", "Tata Boga")


@pytest.mark.parametrize(
    ("ranges", "documents", "outcome", "reason"),
    [
        pytest.param([worked("2015-01-01")], ACCEPTED, MET, "ok", id="in the field"),
        pytest.param([worked("2015-01-01"), OTHER], PENDING, NEEDS_PROOF, "document_pending", id="field suffices"),
        pytest.param([OTHER], {}, NEEDS_PROOF, "field_unclear", id="other field, no letter"),
        pytest.param([OTHER], PENDING, NEEDS_PROOF, "field_unclear", id="other field, letter waits"),
        pytest.param([OTHER], ACCEPTED, MET, "ok", id="other field, staff accepted the letter"),
        pytest.param([OTHER, worked("2025-03-02")], PENDING, NEEDS_PROOF, "field_unclear", id="both needed"),
        pytest.param([worked("2025-03-02")], ACCEPTED, NOT_MET, "too_short", id="in the field, too short"),
        pytest.param(
            [worked("2024-01-01", None, "Boga")], ACCEPTED, NOT_MET, "too_short", id="acceptance adds no years"
        ),
        pytest.param([worked("2015-01-01", None, "")], PENDING, NEEDS_PROOF, "field_unclear", id="field not written"),
    ],
)
def test_experience_in_the_field(ranges, documents, outcome, reason):
    facts = blank(target_field=FIELD, experiences=tuple(ranges), documents=documents)
    check("experience_min_years", {"years": 3, "field_match": True}, facts, outcome, reason)


def test_experience_says_how_much_is_missing():
    facts = blank(experiences=(worked("2020-03-02"),), documents=ACCEPTED)
    seen = ask("experience_min_years", {"years": 8}, facts).seen

    assert (seen["months"], seen["missing_months"]) == (72, 24)


CERT = {"document": "SERKOM", "valid_on": "mulai_pelatihan"}
SCHEME = {**CERT, "same_scheme": True}
LEVEL = {**CERT, "min_level": 7}


@pytest.mark.parametrize(
    ("params", "document", "outcome", "reason"),
    [
        pytest.param(CERT, paper("accepted", valid_until="2027-01-01"), MET, "ok", id="in force"),
        pytest.param(CERT, paper("accepted", valid_until="2026-03-02"), MET, "ok", id="last day is the first day"),
        pytest.param(CERT, paper("accepted", valid_until="2026-03-01"), NOT_MET, "expired", id="ends a day before"),
        pytest.param(
            {**CERT, "valid_on": "pengajuan"}, paper("accepted", valid_until="2026-02-02"), MET, "ok", id="on sending"
        ),
        pytest.param(
            {**CERT, "valid_on": "pengajuan"},
            paper("accepted", valid_until="2026-02-01"),
            NOT_MET,
            "expired",
            id="ended before sending",
        ),
        pytest.param(
            {**CERT, "valid_on": "selesai_pelatihan"},
            paper("accepted", valid_until="2026-03-05"),
            NOT_MET,
            "expired",
            id="ends during training",
        ),
        pytest.param(CERT, paper(valid_until="2027-01-01"), NEEDS_PROOF, "document_pending", id="waits"),
        pytest.param(
            CERT, paper("returned", valid_until="2027-01-01"), NEEDS_PROOF, "document_returned", id="sent back"
        ),
        pytest.param(
            CERT, paper(present=False, valid_until="2027-01-01"), NEEDS_PROOF, "not_uploaded", id="typed only"
        ),
        pytest.param(CERT, paper(present=False, valid_until="2025-01-01"), NOT_MET, "expired", id="typed, expired"),
        pytest.param(CERT, paper(), NEEDS_PROOF, "validity_unknown", id="no end written"),
        pytest.param(CERT, paper("accepted"), MET, "ok", id="no end, staff accepted"),
        pytest.param(CERT, None, NOT_MET, "absent", id="none"),
        pytest.param(CERT, paper(expired=True), NOT_MET, "expired", id="said to be expired"),
        pytest.param(
            SCHEME,
            paper(valid_until="2027-01-01", scheme="Tata Boga"),
            NEEDS_PROOF,
            "scheme_unclear",
            id="another scheme",
        ),
        pytest.param(SCHEME, paper(valid_until="2027-01-01"), NEEDS_PROOF, "scheme_unclear", id="scheme not written"),
        pytest.param(
            SCHEME, paper(valid_until="2027-01-01", scheme=FIELD), NEEDS_PROOF, "document_pending", id="same scheme"
        ),
        pytest.param(
            SCHEME, paper("accepted", valid_until="2027-01-01", scheme="Boga"), MET, "ok", id="staff settle the scheme"
        ),
        pytest.param(LEVEL, paper("accepted", valid_until="2027-01-01", level=7), MET, "ok", id="level 7 of 7"),
        pytest.param(
            LEVEL, paper("accepted", valid_until="2027-01-01", level=6), NOT_MET, "level_low", id="level 6 of 7"
        ),
        pytest.param(LEVEL, paper(valid_until="2027-01-01"), NEEDS_PROOF, "level_unknown", id="level not written"),
        pytest.param(LEVEL, paper("accepted", valid_until="2027-01-01"), MET, "ok", id="staff settle the level"),
    ],
)
def test_certificate_held(params, document, outcome, reason):
    facts = blank(target_field=FIELD, documents={"SERKOM": document} if document else {})
    check("certificate_held", params, facts, outcome, reason)


@pytest.mark.parametrize(
    ("params", "document", "outcome", "reason"),
    [
        pytest.param({}, paper("pending"), MET, "ok", id="pending is enough"),
        pytest.param({}, paper("accepted"), MET, "ok", id="accepted"),
        pytest.param({}, paper("returned"), NOT_MET, "returned", id="sent back"),
        pytest.param({}, None, NOT_MET, "absent", id="none"),
        pytest.param({"max_age_days": 30}, paper(issued_on="2026-01-03"), MET, "ok", id="30 days old"),
        pytest.param({"max_age_days": 30}, paper(issued_on="2026-01-02"), NOT_MET, "too_old", id="31 days old"),
        pytest.param({"max_age_days": 30}, paper(uploaded_on=date(2025, 12, 1)), NOT_MET, "too_old", id="by upload"),
        pytest.param({"max_age_days": 30}, paper(uploaded_on=None), MET, "ok", id="age unknown"),
    ],
)
def test_document_present(params, document, outcome, reason):
    facts = blank(documents={"CV": document} if document else {})
    check("document_present", {"document": "CV", **params}, facts, outcome, reason)


@pytest.mark.parametrize(
    ("document", "outcome", "reason"),
    [
        pytest.param(paper("accepted"), MET, "ok", id="accepted"),
        pytest.param(paper("pending"), NEEDS_PROOF, "pending", id="waits"),
        pytest.param(paper("returned"), NOT_MET, "returned", id="sent back"),
        pytest.param(None, NOT_MET, "absent", id="none"),
    ],
)
def test_document_approved(document, outcome, reason):
    facts = blank(documents={"KTP": document} if document else {})
    check("document_approved", {"document": "KTP"}, facts, outcome, reason)


@pytest.mark.parametrize(
    ("accepted", "outcome", "reason"),
    [({"KODE_ETIK"}, MET, "ok"), ({"HADIR_PENUH"}, NOT_MET, "not_accepted"), (set(), NOT_MET, "not_accepted")],
)
def test_declaration_accepted(accepted, outcome, reason):
    facts = blank(declarations=frozenset(accepted))
    check("declaration_accepted", {"text_code": "KODE_ETIK"}, facts, outcome, reason)


WINDOW = {"document": "SERT_ASESOR", "max_days_before_expiry": 180, "max_days_after_expiry": 365}


@pytest.mark.parametrize(
    ("document", "outcome", "reason"),
    [
        pytest.param(paper("accepted", valid_until="2026-08-01"), MET, "ok", id="180 days before"),
        pytest.param(paper("accepted", valid_until="2026-08-02"), NOT_MET, "too_early", id="181 days before"),
        pytest.param(paper("accepted", valid_until="2025-02-02"), MET, "ok", id="365 days after"),
        pytest.param(paper("accepted", valid_until="2025-02-01"), NOT_MET, "too_late", id="366 days after"),
        pytest.param(paper(valid_until="2026-03-01"), NEEDS_PROOF, "document_pending", id="waits"),
        pytest.param(paper("returned", valid_until="2026-03-01"), NEEDS_PROOF, "document_returned", id="sent back"),
        pytest.param(paper(present=False, valid_until="2026-03-01"), NEEDS_PROOF, "not_uploaded", id="typed only"),
        pytest.param(paper("accepted"), NEEDS_PROOF, "validity_unknown", id="no end written"),
        pytest.param(paper("accepted", valid_until="kemarin"), NEEDS_PROOF, "validity_unknown", id="not a date"),
        pytest.param(None, NOT_MET, "absent", id="none"),
    ],
)
def test_expiry_window(document, outcome, reason):
    facts = blank(documents={"SERT_ASESOR": document} if document else {})
    check("expiry_window", WINDOW, facts, outcome, reason)


DATES = ["2023-02-01", "2023-02-02", "2024-05-05", "2025-06-06", "2026-02-02", "2026-02-03"]


@pytest.mark.parametrize(
    ("count", "document", "outcome", "reason"),
    [
        pytest.param(6, paper("accepted", assessments=6), MET, "ok", id="six of six"),
        pytest.param(6, paper("accepted", assessments=5), NOT_MET, "too_few", id="five of six"),
        pytest.param(4, paper("accepted", assessments=DATES), MET, "ok", id="four dates inside three years"),
        pytest.param(5, paper("accepted", assessments=DATES), NOT_MET, "too_few", id="older and future dates out"),
        pytest.param(6, paper(assessments=6), NEEDS_PROOF, "document_pending", id="waits"),
        pytest.param(6, paper("returned", assessments=6), NEEDS_PROOF, "document_returned", id="sent back"),
        pytest.param(6, paper(present=False, assessments=6), NEEDS_PROOF, "not_uploaded", id="typed only"),
        pytest.param(6, paper(assessments=9, since="2020-01-01"), NEEDS_PROOF, "period_unclear", id="older period"),
        pytest.param(6, paper("accepted", assessments=9, since="2020-01-01"), MET, "ok", id="staff settle the period"),
        pytest.param(6, paper(assessments=9, since="2024-01-01"), NEEDS_PROOF, "document_pending", id="newer period"),
        pytest.param(6, paper("accepted"), NEEDS_PROOF, "unanswered", id="number not written"),
        pytest.param(6, None, NOT_MET, "absent", id="none"),
    ],
)
def test_assessments_min(count, document, outcome, reason):
    facts = blank(documents={"LOGBOOK": document} if document else {})
    check("assessments_min", {"count": count, "within_years": 3}, facts, outcome, reason)


@pytest.mark.parametrize(
    ("duplicate", "verified", "outcome", "reason"),
    [
        pytest.param(False, True, MET, "ok", id="alone, identity verified"),
        pytest.param(True, True, NEEDS_PROOF, "duplicate_check", id="duplicate, identity verified"),
        pytest.param(False, False, NEEDS_PROOF, "duplicate_check", id="alone, not yet verified"),
        pytest.param(True, False, NEEDS_PROOF, "duplicate_check", id="duplicate, not yet verified"),
    ],
)
def test_no_active_duplicate(duplicate, verified, outcome, reason):
    facts = blank(duplicate_registration=duplicate, identity_verified=verified)
    check("no_active_duplicate", {"scope": "skema"}, facts, outcome, reason)


@pytest.mark.parametrize(
    ("answers", "outcome", "reason"),
    [
        ({}, NEEDS_PROOF, "staff_check"),
        ({"other": True}, NEEDS_PROOF, "staff_check"),
        ({"R": True}, MET, "ok"),
        ({"R": False}, NOT_MET, "staff_refused"),
    ],
)
def test_manual_check(answers, outcome, reason):
    check("manual_check", {"question": "Sudah wawancara?"}, blank(manual_answers=answers), outcome, reason)


def asks(answer: bool | None, name: str) -> dict:
    return {"id": name, "type": "manual_check", "params": {"question": "?"}}


ANSWER = {MET: True, NOT_MET: False}


@pytest.mark.parametrize(
    ("combine", "outcomes", "expected"),
    [
        ("all", [MET, MET], MET),
        ("all", [MET, NEEDS_PROOF], NEEDS_PROOF),
        ("all", [NEEDS_PROOF, NOT_MET], NOT_MET),
        ("all", [MET, NEEDS_PROOF, NOT_MET], NOT_MET),
        ("any", [NOT_MET, NOT_MET], NOT_MET),
        ("any", [NOT_MET, NEEDS_PROOF], NEEDS_PROOF),
        ("any", [NEEDS_PROOF, MET], MET),
        ("any", [MET, NOT_MET], MET),
        ("any", [NEEDS_PROOF, NEEDS_PROOF], NEEDS_PROOF),
    ],
)
def test_group_combines_its_rules(combine, outcomes, expected):
    rules = [asks(None, f"r{index}") for index in range(len(outcomes))]
    answers = {f"r{index}": ANSWER[outcome] for index, outcome in enumerate(outcomes) if outcome in ANSWER}
    result = evaluate(rule_set_of(*rules, combine=combine), blank(manual_answers=answers))

    assert (result.outcome, result.groups[0].outcome) == (expected, expected)


@pytest.mark.parametrize(
    ("inner", "expected", "reason"),
    [
        ((True, True), MET, "ok"),
        ((True, None), NEEDS_PROOF, "parts_need_proof"),
        ((None, False), NOT_MET, "parts_not_met"),
    ],
)
def test_all_of_takes_the_worst_of_its_rules_at_any_depth(inner, expected, reason):
    deep = {"type": "all_of", "rules": [asks(None, "b")]}
    rule_set = rule_set_of({"id": "W", "type": "all_of", "rules": [asks(None, "a"), deep]})
    answers = {name: answer for name, answer in zip("ab", inner, strict=True) if answer is not None}
    rule = evaluate(rule_set, blank(manual_answers=answers)).groups[0].rules[0]

    assert (rule.outcome, rule.reason) == (expected, reason)
    assert [child.id for child in rule.walk()] == ["W", "a", "W.2", "b"]


def test_optional_group_is_shown_and_never_decides():
    extra = {"id": "H", "label": "Kesehatan", "combine": "all", "mandatory": False, "rules": [asks(None, "h")]}
    rule_set = rule_set_of(asks(None, "r"), more=(extra,))
    result = evaluate(rule_set, blank(manual_answers={"r": True, "h": False}))

    assert result.outcome == MET
    assert result.groups[1].outcome == NOT_MET


@pytest.mark.parametrize("code", SCHEMES)
@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(complete(), MET, id="everything accepted"),
        pytest.param(complete("pending"), NEEDS_PROOF, id="everything uploaded"),
        pytest.param(blank(), NOT_MET, id="nothing written"),
        pytest.param(without(complete(), "REKOM"), NOT_MET, id="no recommendation"),
        pytest.param(complete(declarations=frozenset()), NOT_MET, id="no declaration"),
        pytest.param(complete(identity_findings=("nik_length",)), NOT_MET, id="NIK of 15 digits"),
        pytest.param(
            complete(identity_findings=("sex_differs",), identity_verified=False), NEEDS_PROOF, id="sex differs"
        ),
    ],
)
def test_shipped_scheme(code, facts, expected):
    assert evaluate(shipped(code), facts, reference()).outcome == expected


@pytest.mark.parametrize(
    ("code", "facts", "expected"),
    [
        pytest.param(
            "ASKOM-UMUM",
            complete(education_level="SMA", experiences=(worked("2021-03-02"),)),
            MET,
            id="SMA with five years",
        ),
        pytest.param(
            "ASKOM-UMUM",
            complete(education_level="SMA", experiences=(worked("2022-03-02"),)),
            NOT_MET,
            id="SMA with four years",
        ),
        pytest.param(
            "ASKOM-UMUM",
            complete(education_level="D3", experiences=(worked("2022-03-02"),)),
            MET,
            id="D3 with four years",
        ),
        pytest.param("ASKOM-UMUM", without(complete(), "SERKOM"), MET, id="internalisation instead of certificate"),
        pytest.param("ASKOM-UMUM", without(complete(), "INTERNAL"), MET, id="certificate instead of internalisation"),
        pytest.param("ASKOM-UMUM", without(complete(), "SERKOM", "INTERNAL"), NOT_MET, id="neither"),
        pytest.param("ASKOM-UMUM", complete(duplicate_registration=True), NEEDS_PROOF, id="duplicate"),
        pytest.param("ASKOM-KONSTRUKSI", without(complete(), "SEHAT"), MET, id="health letter is optional"),
        pytest.param("ASKOM-KONSTRUKSI", without(complete(), "SKCK"), NOT_MET, id="SKCK is not"),
        pytest.param("ASKOM-VOKASI", complete(education_level="SMA"), NOT_MET, id="vocational asks D3"),
        pytest.param("ASKOM-RCC", complete(experiences=(), education_level=""), MET, id="RCC asks no experience"),
    ],
)
def test_shipped_scheme_details(code, facts, expected):
    assert evaluate(shipped(code), facts, reference()).outcome == expected


def test_expired_certificate_of_construction_fails_even_when_accepted():
    facts = with_paper(complete(), "SERKOM", paper("accepted", scheme=FIELD, level=7, valid_until="2026-03-05"))

    assert evaluate(shipped("ASKOM-KONSTRUKSI"), facts, reference()).outcome == NOT_MET
    assert evaluate(shipped("ASKOM-UMUM"), facts, reference()).outcome == MET


def test_reasons_cover_the_thirteen_rule_types():
    assert len(REASONS) == 13
