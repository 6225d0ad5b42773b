"""The one writer of XLSX files: text stays text, whoever wrote it, and each file says who took it and when.

A cell that begins with `=`, `+`, `-`, `@` or their full-width twins is a formula to a spreadsheet, and names are
chosen by strangers. So every text is written as an inline string, marked as text, and with the mark that keeps it
text when somebody edits the cell. Numbers and days are the only cells that are not text.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core import clock
from core.errors import DomainError
from core.templatetags.ui import moment, number

MOST_ROWS = 20_000
MOST_LETTERS = 32_000  # a cell holds 32,767
DANGEROUS = tuple("=+-@\t\r\n|%＝＋－＠﹢﹣﹦﹫−")  # what some spreadsheet takes for the start of a formula or command
LINE_ENDS = re.compile(r"\r\n?|[\x85\u2028\u2029]")
# Control characters, halves of characters, and what XML cannot say; tabs become spaces.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel would read _x0041_ as A
TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f']")
TEXT, DAY, MOMENT, PLAIN = "@", "d mmm yyyy", "d mmm yyyy hh.mm", "General"
BOLD = Font(bold=True)

Value = str | int | float | date | datetime | bool | Promise | None


class TooManyRows(DomainError):
    """The list is longer than a file may be."""

    code = "too_many_rows"
    message = gettext_lazy(
        "Daftar ini %(rows)s baris, sedangkan satu berkas memuat paling banyak %(most)s baris. "
        "Persempit dengan saringan, lalu unduh lagi."
    )


@dataclass(frozen=True)
class Column:
    """One column: its title and its width in letters."""

    title: str | Promise
    width: int = 16


def check_rows(count: int) -> None:
    """TooManyRows when a file cannot hold `count` rows."""
    if count > MOST_ROWS:
        raise TooManyRows(rows=number(count), most=number(MOST_ROWS))


def write_xlsx(
    title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]], *, by: str, at: datetime
) -> bytes:
    """One sheet: who took it and when, the titles, the rows. Raises TooManyRows.

    An aware datetime is written in the zone that it carries; a spreadsheet knows no zones.
    """
    book = Workbook(write_only=True)
    book.properties.creator = by
    book.properties.created = book.properties.modified = at.replace(tzinfo=None)
    sheet = book.create_sheet(TITLE.sub(" ", clean_text(title))[:31].strip() or "Data")
    sheet.freeze_panes = "A3"
    for place, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.append([_cell(sheet, taken_by(title, by, at))])
    sheet.append([_cell(sheet, column.title, font=BOLD) for column in columns])
    count = 0
    for count, row in enumerate(rows, start=1):
        check_rows(count)
        sheet.append([_cell(sheet, value) for value in row])
    sheet.auto_filter.ref = f"A2:{get_column_letter(len(columns))}{count + 2}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def taken_by(title: str, by: str, at: datetime) -> str:
    """The first row of a file."""
    return _("%(title)s. Diunduh oleh %(name)s, %(time)s. Memuat data pribadi: simpan di tempat yang aman.") % {
        "title": title, "name": by, "time": moment(at, settings.TIME_ZONE),
    }  # fmt: skip


def clean_text(value: str) -> str:
    """What of a text a cell can show: one kind of line end, no control characters, at most MOST_LETTERS letters."""
    text = UNWRITABLE.sub("\ufffd", LINE_ENDS.sub("\n", value).replace("\t", " "))
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"


def local_now() -> datetime:
    """Now, on the portal's clock."""
    return in_zone(clock.now(), settings.TIME_ZONE)


def in_zone(value: datetime | None, zone: str) -> datetime | None:
    """The same moment on the clock of `zone`."""
    return value and value.astimezone(ZoneInfo(zone))


def _cell(sheet: Any, value: Value, font: Font | None = None) -> WriteOnlyCell:
    if isinstance(value, bool):
        value = _("Ya") if value else _("Tidak")
    if isinstance(value, int | float):
        return WriteOnlyCell(sheet, value=value)
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value=value.replace(tzinfo=None) if isinstance(value, datetime) else value)
        cell.number_format = MOMENT if isinstance(value, datetime) else DAY
        return cell
    text = clean_text(str(value)) if value is not None else ""
    cell = WriteOnlyCell(sheet, value=ESCAPE.sub("_x005F_", text))
    cell.data_type = "s"  # whatever it looks like
    cell.number_format = TEXT
    if text.startswith(DANGEROUS):
        cell.quotePrefix = True
    if font:
        cell.font = font
    return cell
