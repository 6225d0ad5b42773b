"""Reads the text of a finished page back, from the file's own content and letter tables."""

import io
import re

import pikepdf

PAIR = re.compile(rb"<([0-9a-fA-F]+)> <([0-9a-fA-F]*)>")


def text_of_page(content: bytes, number: int) -> str:
    """Text of one page in drawing order, a space after each piece; what forms draw is not read."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        page = pdf.pages[number]
        letters = {str(name): _letters(font) for name, font in page.Resources.Font.items()}
        found: list[str] = []
        known: dict[int, str] = {}
        for operands, operator in pikepdf.parse_content_stream(page, "Tf TJ Tj"):
            if str(operator) == "Tf":
                known = letters[str(operands[0])]
            else:
                pieces = operands[0] if str(operator) == "TJ" else operands
                codes = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
                found.append("".join(known.get(code, "�") for code in _pairs(codes)))
        return " ".join(found)


def _letters(font: pikepdf.Object) -> dict[int, str]:
    """Glyph number to letters."""
    table = font.ToUnicode.read_bytes()
    return {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in PAIR.findall(table)}


def _pairs(codes: bytes) -> list[int]:
    return [int.from_bytes(codes[place : place + 2], "big") for place in range(0, len(codes), 2)]
