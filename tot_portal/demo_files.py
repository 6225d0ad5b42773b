"""Small real files for the demo and the tests: a drawn page that says what it stands for."""

import io
from functools import cache

import pikepdf
from PIL import Image, ImageDraw


@cache
def jpeg_bytes(text: str = "CONTOH", size: tuple[int, int] = (480, 640), colour: str = "#f4f1ea") -> bytes:
    """A JPEG page with `text` on it."""
    return _picture(text, size, colour, "JPEG")


@cache
def png_bytes(text: str = "CONTOH", size: tuple[int, int] = (480, 640), colour: str = "#f4f1ea") -> bytes:
    """A PNG page with `text` on it."""
    return _picture(text, size, colour, "PNG")


@cache
def pdf_bytes(text: str = "CONTOH", pages: int = 1) -> bytes:
    """A PDF of A4 pages in Helvetica; `text` may have several lines, in Latin-1."""
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        )
        for number in range(1, pages + 1):
            page = pdf.add_blank_page(page_size=(595, 842))
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            page.Contents = pdf.make_stream(_drawing(f"{text}\n\n{number}/{pages}"))
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _drawing(text: str) -> bytes:
    lines = [b"q 0.85 0.87 0.9 RG 2 w 40 40 515 762 re S Q BT /F1 18 Tf 24 TL 72 740 Td"]
    for line in text.splitlines():
        escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        lines.append(f"({escaped}) Tj T*".encode("latin-1", "replace"))
    return b"\n".join([*lines, b"ET"])


def _picture(text: str, size: tuple[int, int], colour: str, encoder: str) -> bytes:
    image = Image.new("RGB", size, colour)
    draw = ImageDraw.Draw(image)
    draw.rectangle((12, 12, size[0] - 12, size[1] - 12), outline="#8a94a3", width=3)
    draw.multiline_text((36, 48), text, fill="#16202e", font_size=28)
    out = io.BytesIO()
    image.save(out, encoder)
    return out.getvalue()
