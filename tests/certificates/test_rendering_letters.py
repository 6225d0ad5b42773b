"""Which names can be printed, in which size, and what a refusal says. No layout engine is loaded for this."""

import dataclasses
import json
import subprocess
import sys
import unicodedata

import pytest
from fontTools.ttLib import TTFont

from certificates.rendering import (
    SAMPLE,
    CertificateFacts,
    NameNotPrintable,
    RenderingFailed,
    Signatory,
    UnitLine,
    check_facts,
    check_printable,
)
from certificates.rendering.fitting import FONTS, Face, advances, fit, width_of
from certificates.rendering.letters import fitted_name

FORTY = "Dr. Muhammad Fauzan Al Rasyid, S.T., M.T"
SHOUTED = "MUHAMMAD WAHYU KURNIAWAN HADININGRAT, ST"
SIXTY = "Prof. Dr. Ir. Hj. Cut Nyak Meutia Zulkarnaen, S.T., M.T., PhD"
NINETY = "Prof. Dr. Ir. H. Raden Mas Bambang Sastrowardoyo Kusumaningrat, S.T., M.T., IPU., ASEAN Eng."


# --- facts


def test_facts_survive_json():
    stored = json.loads(json.dumps(SAMPLE.to_json()))

    assert CertificateFacts.from_json(stored) == SAMPLE
    assert stored["starts_on"] == "2026-11-24"
    assert stored["units"][1]["number"] == "M.74SPS03.088.2"


def test_facts_with_a_missing_part_are_refused():
    stored = SAMPLE.to_json()
    del stored["number"]

    with pytest.raises(KeyError):
        CertificateFacts.from_json(stored)


def test_asking_loads_no_layout_engine():
    program = (
        "import django; django.setup(); import sys; from certificates import rendering;"
        "rendering.check_printable('Siti'); rendering.check_facts(rendering.SAMPLE);"
        "sys.exit('weasyprint' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


# --- names that can be printed


@pytest.mark.parametrize(
    "name",
    [
        "Siti Rahmawati, S.T.",
        "Nguyễn Thị Ngọc Ánh",
        "Łukasz Żółkiewski",
        "Kawaiʻae’a O'Brien-García",
        "Smith & Sons <Ltd>",
        "{{ 7*7 }} {% load x %}",
        "<img src=x onerror=alert(1)>",
        FORTY,
        SHOUTED,
        SIXTY,
        NINETY,
    ],
)
def test_name_is_kept_as_written(name):
    assert check_printable(name) == name


def test_name_is_composed_and_its_spaces_counted_once():
    apart = unicodedata.normalize("NFD", "  Zoë   Renée\u00a0Šoupal ")

    assert check_printable(apart) == "Zoë Renée Šoupal"


# --- names that cannot


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("Anna \u202egro.live\u202c Smith", "name_invisible", "U+202E"),
        ("An\u200bna", "name_invisible", "U+200B"),
        ("\ufeffAnna", "name_invisible", "U+FEFF"),
        ("Anna\u2060B", "name_invisible", "U+2060"),
        ("An\u00adna", "name_invisible", "U+00AD"),
        ("Anna\u2066B", "name_invisible", "U+2066"),
        ("Anna\nBudi", "name_invisible", "U+000A"),
        ("Anna\tBudi", "name_invisible", "U+0009"),
        ("A\x00B", "name_invisible", "U+0000"),
        ("A\x07\x1bB", "name_invisible", "U+0007"),
        ("A\ud800B", "name_invisible", "U+D800"),
        ("Anna\u3000Budi", "name_invisible", "U+3000"),
        ("Anna\u2028Budi", "name_invisible", "U+2028"),
        ("محمد عبد الله", "name_letter", "“م” (U+0645)"),
        ("Mohammed (محمد) Ali", "name_letter", "“م” (U+0645)"),
        ("王小明", "name_letter", "“王” (U+738B)"),
        ("김민수", "name_letter", "“김” (U+AE40)"),
        ("Екатерина", "name_letter", "“Е” (U+0415)"),
        ("Sam 😀", "name_letter", "“😀” (U+1F600)"),
        ("A\u0332\u0332\u0332\u0332", "name_letter", "U+0332"),
        ("A\u0301\u0323\u0323\u0323\u0301", "name_marks", "terlalu banyak"),
        ("\u0301Anna", "name_marks", "U+0301"),
        ("Anna \u0323Budi", "name_marks", "U+0323"),
        ("", "name_empty", "Tulis nama"),
        ("  ", "name_empty", "Tulis nama"),
        ("-- 12", "name_empty", "Tulis nama"),
        ("W" * 300, "name_too_long", "300 huruf"),
        (" ".join(["Bambang"] * 40), "name_too_long", "319 huruf"),
    ],
)
def test_name_is_refused_with_a_sentence(name, code, said):
    with pytest.raises(NameNotPrintable) as refused:
        check_printable(name)

    assert refused.value.code == code
    assert said in str(refused.value)


# --- sizes


@pytest.mark.parametrize("name", ["Li", "Siti Rahmawati, S.T.", FORTY, SHOUTED])
def test_name_of_forty_letters_has_one_line_of_24_points_or_more(name):
    assert len(name) <= 40

    fitted = fitted_name(name)

    assert fitted.lines == (name,)
    assert 24 <= fitted.size <= 30


def test_longer_name_shrinks_then_takes_two_lines():
    one, two = fitted_name(SIXTY), fitted_name(NINETY)

    assert (len(one.lines), len(two.lines)) == (1, 2)
    assert 16 <= one.size < 30
    assert two.size >= 16
    assert " ".join(two.lines) == NINETY


@pytest.mark.parametrize("words", range(1, 60))
def test_what_fits_is_never_wider_than_its_room(words):
    text = " ".join(["Kompetensi", "di", "W"][number % 3] for number in range(words))

    fitted = fit(text, Face.SERIF, 200, ((1, 20, 12), (2, 14, 9), (3, 9, 4)))

    if fitted:
        assert all(width_of(line, Face.SERIF) * fitted.size <= 200 for line in fitted.lines)
        assert " ".join(fitted.lines) == text


@pytest.mark.parametrize("face", Face)
def test_bundled_font_has_its_own_name_and_licence(face):
    with TTFont(FONTS / face.value) as font:
        names = {str(record) for record in font["name"].names if record.nameID in {1, 3, 4, 6}}

    assert all("Portal" in name for name in names)  # the licences reserve the originals' names
    assert "SIL Open Font License" in (FONTS / f"{face.value.split('-')[0]}-LICENSE.txt").read_text()


def test_figures_of_the_sans_are_equally_wide():
    assert len({advances(Face.SANS)[figure] for figure in "0123456789"}) == 1


# --- what else is asked before a number is taken


@pytest.mark.parametrize(
    "change",
    [
        {"verify_url": "javascript:alert(1)"},
        {"verify_url": "file:///etc/passwd"},
        {"verify_url": f"https://{'a' * 120}.example.org/v/x"},
        {"signatories": ()},
        {"signatories": (Signatory("A", "B"),) * 4},
        {"units": ()},
        {"units": SAMPLE.units * 4},
    ],
)
def test_facts_without_a_place_are_our_fault(change):
    with pytest.raises(RenderingFailed):
        check_facts(dataclasses.replace(SAMPLE, **change))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"scheme": "Skema\u202e"}, "name_invisible"),
        ({"place": "مسجد"}, "name_letter"),
        ({"facilitators": ("Ωmega 王",)}, "name_letter"),
        ({"scheme": "Skema " * 60}, "text_too_long"),
        ({"signatories": (Signatory("Nama " * 40, "Direktur"),)}, "text_too_long"),
        ({"units": (UnitLine("A", "Unit " * 80, "", 1, ""),)}, "text_too_long"),
    ],
)
def test_facts_that_cannot_be_printed_are_named(change, code):
    with pytest.raises(NameNotPrintable) as refused:
        check_facts(dataclasses.replace(SAMPLE, **change))

    assert refused.value.code == code


def test_facts_with_empty_parts_have_their_place():
    check_facts(dataclasses.replace(SAMPLE, place="", batch_name="", facilitators=()))
