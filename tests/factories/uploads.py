"""Hostile uploads: seeded mutations of real files, and the known tricks."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, PngImagePlugin

from tot_portal.demo_files import jpeg_bytes, pdf_bytes, png_bytes

SECRET = "RAHASIA"  # stands in whatever must not survive
HOSTILE_NAMES = [
    "../../../etc/passwd", "ktp.jpg\x00.exe", "a" * 4000 + ".pdf", "ktp\r\nSet-Cookie: a=b.jpg", "<script>.png",
    "CON.pdf", "‮gpj.exe", ".htaccess", "",
]  # fmt: skip


def hostile_uploads(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """(what it is, bytes): first the known tricks, then mutations until `count` is reached. Same seed, same bytes."""
    tricks = list(_tricks())
    yield from tricks[:count]
    dice = random.Random(seed)
    originals = [jpeg_bytes("UJI"), png_bytes("UJI"), pdf_bytes("UJI", 2), pdf_with_javascript()]
    for number in range(max(0, count - len(tricks))):
        yield f"mutation {number} of seed {seed}", _mutate(dice, dice.choice(originals), dice.choice(originals))


def _mutate(dice: random.Random, raw: bytes, other: bytes) -> bytes:
    """Bits flipped, cut off, overwritten, spliced with another file, or a piece taken out."""
    data = bytearray(raw)
    place = dice.randrange(8, len(data))
    way = dice.randrange(5)
    if way == 0:
        for _ in range(dice.randint(1, 40)):
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    elif way == 1:
        del data[place:]
    elif way == 2:
        data[place : place + dice.randint(1, 400)] = dice.randbytes(dice.randint(1, 400))
    elif way == 3:
        data = data[:place] + other[dice.randrange(len(other)) :]
    else:
        del data[place : place + dice.randint(1, 200)]
    return bytes(data)


def _tricks() -> Iterator[tuple[str, bytes]]:
    yield "empty", b""
    yield "NUL bytes", b"\x00" * 500
    yield "html", b"<html><script>alert(1)</script></html>"
    yield "svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    yield "windows program", b"MZ" + b"\x90" * 400
    yield "gif", b"GIF89a" + b"\x01" * 80
    yield "zip", _zip()
    yield "pdf header then html", b"%PDF-1.7\n<script>alert(1)</script>"
    yield "pdf and zip in one", pdf_bytes() + _zip()
    yield "jpeg and html in one", jpeg_bytes() + b"<script>alert(1)</script>"
    yield "jpeg and pdf in one", jpeg_bytes() + pdf_with_javascript()
    yield "only the jpeg signature", b"\xff\xd8\xff"
    yield "only the png signature", b"\x89PNG\r\n\x1a\n"
    yield "only the pdf signature", b"%PDF-"
    yield "jpeg with position", jpeg_with_position()
    yield "png with text", png_with_text()
    yield "png of 64,000 x 64,000", _png_header(64_000, 64_000)
    yield "png of 7,000 x 7,000", _pixel_bomb(7_000)
    yield "png of 6,000 x 6,000", _pixel_bomb(6_000)
    yield "png of no width", _png_header(0, 10)
    yield "encrypted pdf", encrypted_pdf()
    yield "pdf with javascript", pdf_with_javascript()
    yield "pdf with everything active", active_pdf()
    yield "pdf of 300 pages", pdf_bytes("UJI", 300)
    yield "pdf of no pages", pdf_bytes("UJI", 0)
    yield from pdf_bombs()


def jpeg_with_position() -> bytes:
    """A photo whose Exif names where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = f"{SECRET}-EXIF"
    exif[0x8825] = {1: "S", 2: (6.0, 10.0, 30.0)}
    out = io.BytesIO()
    Image.new("RGB", (200, 100), "red").save(out, "JPEG", exif=exif, comment=f"{SECRET}-KOMENTAR")
    return out.getvalue()


def png_with_text() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", f"{SECRET}-PNG")
    out = io.BytesIO()
    Image.new("RGB", (60, 60), "blue").save(out, "PNG", pnginfo=notes)
    return out.getvalue()


def encrypted_pdf(user: str = "b") -> bytes:
    """Asks for a password; with user="" it opens without one and forbids to change it."""
    with pikepdf.open(io.BytesIO(pdf_bytes())) as pdf:
        return _saved(pdf, encryption=pikepdf.Encryption(owner="a", user=user))


def pdf_with_javascript() -> bytes:
    with pikepdf.open(io.BytesIO(pdf_bytes())) as pdf:
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
        pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=["x", pdf.Root.OpenAction]))
        pdf.docinfo["/Author"] = f"{SECRET}-PENULIS"
        return _saved(pdf)


def active_pdf() -> bytes:
    """Actions, attachments, a form, XMP, and an embedded photo that knows its place."""
    with pikepdf.open(io.BytesIO(pdf_bytes())) as pdf:
        script = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
        launch = Dictionary(S=Name.Launch, F=f"{SECRET}.exe")
        pdf.attachments["isi.exe"] = f"MZ-{SECRET}".encode()
        pdf.Root.AA = Dictionary(WC=script)
        pdf.Root.AcroForm = Dictionary(XFA=pdf.make_stream(b"<xdp/>"), Fields=[])
        page = pdf.pages[0].obj
        page.AA = Dictionary(O=script)
        page.Annots = Array([
            Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 500, 800], A=launch),
            Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=[100, 100, 150, 120], F=4, AA=Dictionary(E=script),
                       AP=Dictionary(N=_form(pdf, script))),
        ])  # fmt: skip
        photo = pdf.make_stream(jpeg_with_position(), Type=Name.XObject, Subtype=Name.Image, Width=200, Height=100)
        photo.ColorSpace, photo.BitsPerComponent, photo.Filter = Name.DeviceRGB, 8, Name.DCTDecode
        page.Resources.XObject = Dictionary(Im0=photo)
        with pdf.open_metadata() as metadata:
            metadata["dc:title"] = f"{SECRET}-JUDUL"
        return _saved(pdf)


def _form(pdf: pikepdf.Pdf, script: Dictionary) -> pikepdf.Stream:
    notes = Dictionary(Private=Dictionary(JS=f"{SECRET}-CATATAN"))
    return pdf.make_stream(
        b"0 0 1 rg 0 0 50 20 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 50, 20], Resources=Dictionary(),
        PieceInfo=notes, AF=[script], Metadata=pdf.make_stream(f"<x>{SECRET}</x>".encode()),
    )  # fmt: skip


def pdf_bombs() -> Iterator[tuple[str, bytes]]:
    """Small files that ask a parser, or a reader, for gigabytes, for hours, or for too much stack."""
    packed = _zeros(600)
    yield "pdf with a deflate bomb", _raw_pdf({4: _stream(packed, b"/Filter/FlateDecode")})
    twice = zlib.compress(packed, 9)
    yield "pdf with a bomb in a bomb", _raw_pdf({4: _stream(twice, b"/Filter[/FlateDecode/FlateDecode]")})
    yield "pdf with a huge image", _raw_pdf({4: _stream(b"", b"/Width 60000/Height 60000")})
    yield "pdf with a bomb for a table", (
        b"%PDF-1.7\n1 0 obj\n" + _stream(packed, b"/Type/XRef/W[1 4 2]/Size 9/Root 2 0 R/Filter/FlateDecode")
        + b"\nendobj\nstartxref\n9\n%%EOF"
    )  # fmt: skip
    chain = {number: b"<</N %d 0 R>>" % (number + 1) for number in range(5, 60_000)}
    yield "pdf with a chain of 60,000", _raw_pdf({3: b"<</Type/Page/MediaBox[0 0 9 9]/Resources 5 0 R>>"} | chain)
    yield "pdf nested 100,000 deep", _raw_pdf({3: b"[" * 100_000 + b"]" * 100_000})
    pages = {2: b"<</Type/Pages/Count 100000000/Kids[" + b"5 0 R " * 10 + b"]>>"}
    pages |= {n: b"<</Type/Pages/Kids[" + b"%d 0 R " % (n + 1) * 10 + b"]>>" for n in range(5, 12)}
    yield "pdf whose pages multiply", _raw_pdf(pages | {12: b"<</Type/Page/MediaBox[0 0 9 9]>>"})


def _raw_pdf(changes: dict[int, bytes]) -> bytes:
    """A PDF of one page (3) with content (4), with some objects replaced or added."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R>>",
    } | changes
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    rows = (b"%010d 00000 %b \n" % (places.get(n, 0), b"n" if n in places else b"f") for n in range(size))
    out += b"xref\n0 %d\n%b" % (size, b"".join(rows))
    return bytes(out) + b"trailer <</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (size, start)


def _stream(data: bytes, keys: bytes) -> bytes:
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (keys, len(data), data)


def _zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()


def _saved(pdf: pikepdf.Pdf, **options) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("isi.txt", "halo")
    return out.getvalue()


def _png_header(width: int, height: int) -> bytes:
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


def _pixel_bomb(side: int) -> bytes:
    out = io.BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    return out.getvalue()
