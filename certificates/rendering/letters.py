"""Which texts can be printed: asked by forms before a name is confirmed, and again before anything is rendered."""

import unicodedata

from django.utils.translation import gettext_lazy as _

from certificates.rendering.errors import NameNotPrintable
from certificates.rendering.fitting import Face, Fitted, fit, printable_letters

NAME_ROOM = 242  # mm
NAME_SIZES = ((1, 30, 16), (2, 20, 16))  # lines, largest and smallest size in points
MARKS_IN_A_ROW = 2  # Vietnamese needs no more, even taken apart

EMPTY = _("Tulis nama seperti pada kartu identitas, dengan gelar bila ada.")
INVISIBLE = _("Nama memuat tanda yang tidak terlihat (%(code_point)s), biasanya karena disalin. Ketik ulang namanya.")
NO_GLYPH = _(
    "Huruf “%(letter)s” (%(code_point)s) tidak dapat dicetak pada sertifikat. Tulis nama dengan huruf Latin yang umum."
)
PILED_MARKS = _("Tanda baca di atas atau di bawah huruf terlalu banyak (%(code_point)s). Ketik ulang namanya.")
TOO_LONG = _("Nama ini terlalu panjang untuk dua baris sertifikat (%(length)s huruf). Singkat gelar atau nama tengah.")


def check_printable(name: str) -> str:
    """`name` as it will be printed: composed letters (NFC), single spaces.

    Raises NameNotPrintable, whose sentence names the letter or the length. Refused are control, bidi and zero-width
    characters, letters that the bundled fonts lack (other scripts, emoji), and what does not fit two lines at 16 pt.
    """
    text = check_letters(name)
    if not any(letter.isalpha() for letter in text):
        raise NameNotPrintable(EMPTY, code="name_empty")
    fitted_name(text)
    return text


def fitted_name(name: str) -> Fitted:
    """The name on one line of 30 to 16 pt, or on two of 20 to 16. Raises NameNotPrintable when it is longer."""
    fitted = fit(name, Face.SERIF, NAME_ROOM, NAME_SIZES)
    if fitted is None:
        raise NameNotPrintable(TOO_LONG, code="name_too_long", length=len(name))
    return fitted


def check_letters(text: str) -> str:
    """`text` composed and with single spaces. Raises NameNotPrintable for what cannot be printed."""
    text = unicodedata.normalize("NFC", text).replace("\u00a0", " ")
    marks = MARKS_IN_A_ROW  # none at the beginning: it would stand on nothing
    for letter in text:
        category = unicodedata.category(letter)
        if category in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} or (category == "Zs" and letter != " "):
            raise NameNotPrintable(INVISIBLE, code="name_invisible", code_point=_code(letter))
        marks = marks + 1 if category.startswith("M") else 0 if letter != " " else MARKS_IN_A_ROW
        if marks > MARKS_IN_A_ROW:
            raise NameNotPrintable(PILED_MARKS, code="name_marks", code_point=_code(letter))
        if letter not in printable_letters():
            raise NameNotPrintable(NO_GLYPH, code="name_letter", letter=letter, code_point=_code(letter))
    return " ".join(text.split())


def _code(letter: str) -> str:
    return f"U+{ord(letter):04X}"
