from datetime import date

import pytest

from participants.nik import (
    FAULTS,
    PASSPORT_FAULTS,
    SENTENCES,
    WARNINGS,
    inspect,
    mask_identity,
    normalise_nik,
    normalise_passport,
    passport_findings,
)
from participants.regions import PROVINCES

# 17 August 1990, a man from South Jakarta; the same day for a woman.
MAN = "3174011708900003"
WOMAN = "3174015708900003"


@pytest.mark.parametrize(
    ("nik", "faults"),
    [
        pytest.param(MAN, (), id="man"),
        pytest.param(WOMAN, (), id="woman: day + 40"),
        pytest.param("3174 0117 0890 0003", (), id="spaces"),
        pytest.param("3174.0117.0890.0003", (), id="dots"),
        pytest.param("3174-0117-0890-0003", (), id="dashes"),
        pytest.param("３１７４０１１７０８９００００３", (), id="full-width digits"),
        pytest.param("", ("nik_empty",), id="empty"),
        pytest.param("  ", ("nik_empty",), id="only spaces"),
        pytest.param("317401170890003", ("nik_length",), id="15 digits"),
        pytest.param("31740117089000031", ("nik_length",), id="17 digits"),
        pytest.param("31740117O8900003", ("nik_not_digits",), id="letter O for zero"),
        pytest.param("3174011708900003x", ("nik_not_digits",), id="letter at the end"),
        pytest.param("٣١٧٤٠١١٧٠٨٩٠٠٠٠٣", ("nik_not_digits",), id="digits of another script"),
        pytest.param("1111111111111111", ("nik_repeated",), id="all equal"),
        pytest.param("0000000000000000", ("nik_repeated",), id="all zero"),
        pytest.param("3174011708900000", ("nik_serial",), id="serial 0000"),
        pytest.param("3174010008900003", ("nik_date",), id="day 0"),
        pytest.param("3174013208900003", ("nik_date",), id="day 32"),
        pytest.param("3174014008900003", ("nik_date",), id="day 40"),
        pytest.param("3174014108900003", (), id="day 41 is a woman's 1st"),
        pytest.param("3174017108900003", (), id="day 71 is a woman's 31st"),
        pytest.param("3174017208900003", ("nik_date",), id="day 72"),
        pytest.param("3174018108900003", ("nik_date",), id="day 81"),
        pytest.param("3174011700900003", ("nik_date",), id="month 0"),
        pytest.param("3174011713900003", ("nik_date",), id="month 13"),
        pytest.param("3174013104900003", ("nik_date",), id="31 April"),
        pytest.param("3174017104900003", ("nik_date",), id="a woman's 31 April"),
        pytest.param("3174012902960003", (), id="29 February of a leap year"),
        pytest.param("3174016902960003", (), id="a woman's 29 February"),
        pytest.param("3174012902950003", ("nik_date",), id="29 February of a common year"),
        pytest.param("3174012902000003", (), id="29 February 2000"),
        pytest.param("3174013002960003", ("nik_date",), id="30 February"),
        pytest.param("3174013213900000", ("nik_date", "nik_serial"), id="two faults"),
    ],
)
def test_inspect_finds_only_what_no_nik_can_be(nik, faults):
    assert inspect(nik).faults == faults


@pytest.mark.parametrize(
    ("nik", "birth_date", "sex", "warnings"),
    [
        pytest.param(MAN, date(1990, 8, 17), "male", (), id="all agree"),
        pytest.param(WOMAN, date(1990, 8, 17), "female", (), id="woman agrees"),
        pytest.param(WOMAN, date(1990, 8, 17), "P", (), id="sex as P"),
        pytest.param(MAN, date(1990, 8, 17), "L", (), id="sex as L"),
        pytest.param(MAN, None, "", (), id="nothing to compare"),
        pytest.param(MAN, date(1990, 8, 18), "male", ("birth_date_differs",), id="another day"),
        pytest.param(MAN, date(1990, 7, 17), "male", ("birth_date_differs",), id="another month"),
        pytest.param(MAN, date(1991, 8, 17), "male", ("birth_date_differs",), id="another year"),
        pytest.param(MAN, date(1990, 8, 17), "female", ("sex_differs",), id="a woman writes a man's NIK"),
        pytest.param(WOMAN, date(1990, 8, 17), "male", ("sex_differs",), id="a man writes a woman's NIK"),
        pytest.param(MAN, date(1990, 8, 17), "?", (), id="unknown sex is not compared"),
        pytest.param("9974011708900003", date(1990, 8, 17), "", ("province_unknown",), id="unknown province"),
        pytest.param("5474011708900003", None, "", ("province_unknown",), id="former province"),
        pytest.param("9674011708900003", None, "", (), id="province of 2022"),
        pytest.param("3174011708050003", date(2005, 8, 17), "", (), id="born 2005"),
        pytest.param("3174011708050003", date(1905, 8, 17), "", (), id="the century is the person's word"),
        pytest.param("3174012902000003", date(2000, 2, 29), "", (), id="29 February 2000"),
        pytest.param(
            "3174012902000003", date(1985, 3, 1), "", ("birth_date_differs",), id="leap day, other date: no fault"
        ),
        pytest.param(
            "9974015708900003",
            date(1991, 1, 1),
            "male",
            ("province_unknown", "birth_date_differs", "sex_differs"),
            id="everything differs",
        ),
    ],
)
def test_inspect_warns_about_differences_and_never_calls_them_faults(nik, birth_date, sex, warnings):
    report = inspect(nik, birth_date, sex)

    assert (report.faults, report.warnings) == ((), warnings)


def test_inspect_uses_the_century_of_the_birth_date_for_a_leap_day():
    assert inspect("3174012902000003", date(1900, 2, 28)).faults == ("nik_date",)


def test_inspect_compares_nothing_when_the_structure_is_faulty():
    report = inspect("3174013208900003", date(1991, 1, 1), "female")

    assert report.codes == ("nik_date",)
    assert report.tail == ""


def test_report_shows_mask_and_tail_and_its_repr_keeps_the_number_to_itself():
    report = inspect("3174 0117 0890 0003")

    assert (report.normalised, report.mask, report.tail) == (MAN, "3174 •••• •••• 0003", "0003")
    assert MAN not in repr(report)


def test_sentences_say_what_to_do():
    assert inspect("317401170890003").sentences() == ["NIK terdiri atas 16 angka. Anda menulis 15 angka."]
    assert inspect(MAN, date(1991, 8, 17)).sentences() == [
        "Tanggal lahir pada NIK berbeda dari isian Anda. Periksa lagi; bila memang berbeda, lanjutkan dan admin akan "
        "memeriksa."
    ]


def test_sentences_exist_for_every_finding():
    assert set(SENTENCES) == FAULTS | WARNINGS | PASSPORT_FAULTS
    assert all(str(sentence) for sentence in SENTENCES.values())


@pytest.mark.parametrize(
    ("kind", "value", "mask"),
    [
        ("nik", MAN, "3174 •••• •••• 0003"),
        ("nik", "3174.0117.0890.0003", "3174 •••• •••• 0003"),
        ("nik", "31740117", "•••• 117"),
        ("nik", "123", "••••"),
        ("passport", "c1234567", "•••• 567"),
        ("passport", "AB 123", "••••"),
        ("passport", "", "••••"),
    ],
)
def test_mask_identity_hides_most_of_a_number(kind, value, mask):
    assert mask_identity(kind, value) == mask


@pytest.mark.parametrize(
    ("value", "findings"),
    [
        ("C1234567", ()),
        (" c 123-4567 ", ()),
        ("A12345", ()),
        ("A1234", ("passport_format",)),
        ("A123456789012345", ("passport_format",)),
        ("", ("passport_format",)),
    ],
)
def test_passport_is_letters_and_digits_of_a_sensible_length(value, findings):
    assert passport_findings(value) == findings


def test_normalising_is_stable():
    assert normalise_nik(normalise_nik("3174 0117.0890-0003")) == MAN
    assert normalise_passport("c 123-4567") == "C1234567"


def test_provinces_are_the_38_of_today():
    assert len(PROVINCES) == 38
    assert all(len(code) == 2 and code.isdigit() and name for code, name in PROVINCES.items())
