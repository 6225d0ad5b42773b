"""The child process that parses one upload; core.uploads starts it and nothing imports it.

A hostile file may crash a parser: a chain of 60,000 objects ends qpdf by a segmentation fault, and a deflate bomb of
2 MB asks for gigabytes. So parsing happens here, with limits on memory and processor time, without the portal's
settings, secrets or database. The file comes by stdin; a line of JSON and the cleaned file leave by stdout.

Only what is looked at survives. Images are decoded, turned upright, shrunk to MAX_SIDE and encoded anew. PDFs are
rebuilt from their pages alone: form fields and notes become part of the page, everything else (scripts, actions,
attachments, metadata, layers, signatures) stays behind.
"""

import json
import resource
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image, ImageOps

MEMORY = 384 * 1024**2  # address space; enough for MAX_PIXELS in colour, or half as many that are see-through
CPU_SECONDS = 4
MAX_PIXELS = 40_000_000
MAX_SIDE = 3508  # A4 at 300 dpi
MAX_TRANSPARENT_PIXELS = 4_000_000  # logos and signatures stay PNG; larger ones would take seconds to encode
MAX_PAGES = 200
MAX_DECODED = 32_000_000  # of a stream that the parser itself must read, such as the table of objects
MAX_INFLATED = 200_000_000  # of all streams of a PDF together, counted without keeping them
MAX_PDF_IMAGE_PIXELS = 100_000_000  # A3 at 600 dpi has 70 million
PAGE_KEYS = {"/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents", "/Group"}
FORBIDDEN_KEYS = {
    "/AA", "/AF", "/Annots", "/EF", "/EmbeddedFiles", "/JavaScript", "/JS", "/LastModified", "/Launch", "/Measure",
    "/Metadata", "/OpenAction", "/OPI", "/PieceInfo", "/PS", "/PtData", "/Ref", "/RichMedia", "/Thumb", "/URI", "/XFA",
}  # fmt: skip
EXTERNAL_STREAM_KEYS = {"/F", "/FFilter", "/FDecodeParms"}  # the data of a stream in a file elsewhere
INFLATING = {"/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL"}
JPEG_METADATA = {0xE1, 0xED, 0xFE}  # Exif and XMP, Photoshop, comment


class Refused(Exception):
    """The reason code, and what fills the sentence."""

    def __init__(self, code: str, **context: Any) -> None:
        super().__init__(code)
        self.answer = {"refused": code} | context


def sniff(content: bytes) -> str | None:
    """The kind that the first bytes claim. The parser is the judge; this only picks it."""
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    return "pdf" if b"%PDF-" in content[:1024] else None


def clean_image(content: bytes, allowed: set[str]) -> tuple[dict[str, Any], bytes]:
    """The picture alone, upright: as JPEG, or as PNG when it is small and see-through (or JPEG is not allowed)."""
    Image.MAX_IMAGE_PIXELS = None  # checked below, before anything is decoded
    image = Image.open(BytesIO(content), formats=["JPEG", "PNG"])
    if image.width * image.height > MAX_PIXELS:
        raise Refused("too_many_pixels", pixels=image.width * image.height, most=MAX_PIXELS)
    page = [max(side * MAX_SIDE // max(image.size), 1) for side in image.size]
    image.draft(None, page)  # decodes a huge JPEG at a half or a quarter, still larger than the page
    image = _smooth_mode(image)
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    with suppress(Exception):  # a broken orientation note is no reason to refuse the picture
        ImageOps.exif_transpose(image, in_place=True)
    image = _plain_mode(image)
    image.info.clear()  # comment, profile and dpi would be written again
    keep_png = "jpg" not in allowed or (image.mode == "RGBA" and image.width * image.height <= MAX_TRANSPARENT_PIXELS)
    target = BytesIO()
    if keep_png:
        image.save(target, "PNG")
    else:
        _on_white(image).save(target, "JPEG", quality=85)
    kind = "png" if keep_png else "jpg"
    return {"kind": kind, "pixels": image.width * image.height}, target.getvalue()


def _smooth_mode(image: Image.Image) -> Image.Image:
    """Palettes, bitmaps and 16 bit scans cannot be shrunk well as they are."""
    if image.mode.startswith("I"):  # convert() alone would turn all but black into white
        return image.point(lambda value: value / 256).convert("L")
    if image.mode in {"P", "PA"}:
        return image.convert("RGBA" if image.mode == "PA" or "transparency" in image.info else "RGB")
    return image.convert("L") if image.mode == "1" else image


def _plain_mode(image: Image.Image) -> Image.Image:
    """L, RGB, or RGBA when something really shows through."""
    if image.mode in {"RGBA", "LA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        return image if image.getchannel("A").getextrema()[0] < 255 else image.convert("RGB")
    return image if image.mode in {"L", "RGB"} else image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    page = Image.new("RGB", image.size, "white")
    page.paste(image, mask=image.getchannel("A"))
    return page


def clean_pdf(content: bytes) -> tuple[dict[str, Any], bytes]:
    """A new PDF of the pages alone. One that opens without a password is taken even if it restricts printing."""
    pikepdf.settings.set_qpdf_limits(
        doc_max_warnings=500, flate_max_memory=MAX_DECODED, png_max_memory=MAX_DECODED,
        tiff_max_memory=MAX_DECODED, run_length_max_memory=MAX_DECODED, max_stream_filters=4,
    )  # fmt: skip
    try:
        source = pikepdf.open(BytesIO(content))
    except pikepdf.PasswordError as error:
        raise Refused("encrypted_pdf") from error
    pages = len(source.pages)
    if not pages:
        raise Refused("broken_pdf")
    if pages > MAX_PAGES:
        raise Refused("too_many_pages", pages=pages, most=MAX_PAGES)
    if "/AcroForm" in source.Root:
        source.generate_appearance_streams()
    source.flatten_annotations("screen")
    target = pikepdf.new()
    for page in source.pages:
        for key in set(page.obj.keys()) - PAGE_KEYS:
            del page.obj[key]
        target.pages.append(page)
    inflated = 0
    for thing in target.objects:
        _sweep(thing)
        if isinstance(thing, pikepdf.Stream):
            inflated += _checked_size(thing, MAX_INFLATED - inflated)
    result = BytesIO()
    target.save(
        result,
        deterministic_id=True,
        min_version="1.7",
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
    )
    return {"kind": "pdf", "pages": pages}, result.getvalue()


def _sweep(thing: pikepdf.Object) -> None:
    """Deletes what acts, points outside or tells about the author, wherever it hangs; cleans embedded JPEG files."""
    for holder in _dictionaries(thing):
        external = EXTERNAL_STREAM_KEYS if isinstance(holder, pikepdf.Stream) else set()
        for key in set(holder.keys()) & (FORBIDDEN_KEYS | external):
            del holder[key]
    if isinstance(thing, pikepdf.Stream) and _filters(thing) == ["/DCTDecode"]:
        parms = thing.get("/DecodeParms")
        thing.write(without_jpeg_metadata(thing.read_raw_bytes()), filter=pikepdf.Name.DCTDecode, decode_parms=parms)


def _dictionaries(thing: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """`thing` and the dictionaries lying directly in it; those behind references are visited on their own."""
    waiting = [thing]
    while waiting:
        item = waiting.pop()
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            yield item
            children = [item[key] for key in list(item.keys())]  # after the visitor's deletions
        else:
            children = list(item) if isinstance(item, pikepdf.Array) else []
        waiting += [child for child in children if isinstance(child, pikepdf.Object) and not child.is_indirect]


def _filters(stream: pikepdf.Stream) -> list[str]:
    value = stream.get("/Filter")
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, pikepdf.Array) else [str(value)]


def _checked_size(stream: pikepdf.Stream, left: int) -> int:
    """How far the stream inflates, so that no reader of the file meets a bomb."""
    if int(stream.get("/Width", 0)) * int(stream.get("/Height", 0)) > MAX_PDF_IMAGE_PIXELS:
        raise Refused("too_complex")
    filters = _filters(stream)
    if sum(name in INFLATING for name in filters) > 1:
        raise Refused("too_complex")
    if not filters or filters[0] not in INFLATING:
        return 0
    if filters[0] not in {"/FlateDecode", "/Fl"}:
        size = len(stream.read_bytes()) if len(filters) == 1 else 0
    else:
        size = inflated_size(stream.read_raw_bytes(), left)
    if size > left:
        raise Refused("too_complex")
    return size


def inflated_size(data: bytes, left: int) -> int:
    """Bytes after inflating, counted without keeping them; stops soon after `left`."""
    inflater, size = zlib.decompressobj(), 0
    with suppress(zlib.error):  # a torn stream shows a torn page, it harms nobody
        while data and not inflater.eof and size <= left:
            size += len(inflater.decompress(data, 1 << 20))
            data = inflater.unconsumed_tail
    return size


def without_jpeg_metadata(data: bytes) -> bytes:
    """The JPEG file without Exif (place, camera), XMP and comments; an odd file comes back as it is."""
    kept, at = bytearray(data[:2]), 2
    while data[at : at + 1] == b"\xff" and len(data) >= at + 4:
        marker, end = data[at + 1], at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA:  # the picture begins
            return bytes(kept) + data[at:]
        if marker not in JPEG_METADATA:
            kept += data[at:end]
        at = end
    return data


def parse(content: bytes, allowed: set[str]) -> tuple[dict[str, Any], bytes]:
    """The answer and the cleaned file; each failure is an answer with a reason code."""
    kind = sniff(content)
    if kind not in allowed:
        return {"refused": "wrong_type"}, b""
    try:
        return clean_pdf(content) if kind == "pdf" else clean_image(content, allowed)
    except Refused as refusal:
        return refusal.answer, b""
    except (MemoryError, RecursionError) as error:
        return {"refused": "too_complex", "cause": type(error).__name__}, b""
    except Exception as error:  # parsers of broken files raise anything, SyntaxError included
        code = "broken_pdf" if kind == "pdf" else "broken_image"
        return {"refused": code, "cause": type(error).__name__}, b""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    answer, cleaned = parse(sys.stdin.buffer.read(), set(sys.argv[1].split(",")))
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + cleaned)


if __name__ == "__main__":
    main()
