"""Turns an upload into a clean file of ours, or refuses it with a sentence.

The decoder is the judge, never the name or the browser's word: images are decoded and encoded anew (no metadata),
PDFs are rebuilt without anything active. Whatever a parser raises becomes a refusal.
"""

import hashlib
import io
import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

import pikepdf
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from core.errors import DomainError

logger = logging.getLogger(__name__)

MOST_PIXELS = 40_000_000  # checked before decoding: 40 MP decode to 120 MB
LONGEST_SIDE = 2400  # pixels kept; enough to read a certificate, small enough to serve
MOST_PAGES = 200
MOST_OBJECTS = 20_000
SIGNATURES = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
CONTENT_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
ACTIVE_KEYS = {"/OpenAction", "/AA", "/JS", "/JavaScript", "/Launch", "/EmbeddedFiles", "/EmbeddedFile", "/AF",
               "/RichMedia", "/XFA", "/AcroForm", "/A", "/Metadata", "/PieceInfo", "/Names", "/URI"}  # fmt: skip


class UploadRefused(DomainError):
    """The file cannot be taken; the sentence says why and what to upload instead."""

    code = "upload_refused"


@dataclass(frozen=True)
class CleanUpload:
    """A file that is safe to keep: `content` was written by us; `kind` is pdf, jpg or png."""

    content: bytes
    kind: str

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.kind]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def clean_upload(stream: BinaryIO, *, allowed: frozenset[str], max_bytes: int) -> CleanUpload:
    """Reads at most `max_bytes` + 1 and returns the cleaned file; UploadRefused for everything else.

    `allowed` is a subset of {"pdf", "jpg", "png"}.
    """
    raw = stream.read(max_bytes + 1)
    if not raw:
        raise UploadRefused(_("Berkas kosong. Pilih berkas lain."), code="empty_file")
    if len(raw) > max_bytes:
        size = getattr(stream, "size", None) or len(raw)
        raise UploadRefused(
            _("Ukuran berkas %(size)s MB. Paling besar %(limit)s MB."),
            code="file_too_large", size=_megabytes(size), limit=_megabytes(max_bytes),
        )  # fmt: skip
    kind = _kind(raw)
    if kind is None or kind not in allowed:
        raise UploadRefused(_("Berkas harus %(kinds)s."), code="wrong_type", kinds=kinds_in_words(allowed))
    return CleanUpload(_guarded(CLEANERS[kind], raw, kind), kind)


def kinds_in_words(allowed: frozenset[str]) -> str:
    """ "PDF, JPG, atau PNG" in the active language."""
    names = [name.upper() for name in ("pdf", "jpg", "png") if name in allowed]
    if len(names) == 1:
        return names[0]
    return str(_("%(first)s atau %(last)s")) % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _kind(raw: bytes) -> str | None:
    return next((kind for signature, kind in SIGNATURES.items() if raw.startswith(signature)), None)


def _guarded(cleaner: Callable[[bytes], bytes], raw: bytes, kind: str) -> bytes:
    """Parsers raise far more than OSError on hostile bytes; all of it is the file's fault, never a 500."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return cleaner(raw)
    except UploadRefused:
        raise
    except (Exception, RecursionError, MemoryError) as error:
        logger.info("upload refused: %s in a %s", type(error).__name__, kind)
        raise UploadRefused(
            _("Berkas ini rusak atau tidak dapat dibaca. Simpan ulang berkasnya, lalu unggah lagi."), code="broken_file"
        ) from error


def _clean_jpeg(raw: bytes) -> bytes:
    return _encode(_decode(raw, "JPEG"), "JPEG", quality=85, optimize=True)


def _clean_png(raw: bytes) -> bytes:
    return _encode(_decode(raw, "PNG"), "PNG", optimize=False)


def _decode(raw: bytes, decoder: str) -> Image.Image:
    """Pixels only, upright, RGB, no larger than LONGEST_SIDE."""
    with Image.open(io.BytesIO(raw), formats=[decoder]) as image:
        if image.width * image.height > MOST_PIXELS:
            raise UploadRefused(
                _("Gambar terlalu besar (%(width)s × %(height)s piksel). Kecilkan dahulu, lalu unggah lagi."),
                code="too_many_pixels", width=image.width, height=image.height,
            )  # fmt: skip
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        image.load()
        upright = ImageOps.exif_transpose(image)
        if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
            paper = Image.new("RGBA", upright.size, "white")
            paper.alpha_composite(upright.convert("RGBA"))
            upright = paper
        clean = upright.convert("RGB")
    clean.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return Image.frombytes("RGB", clean.size, clean.tobytes())  # leaves every note of the original behind


def _encode(image: Image.Image, encoder: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, encoder, **options)
    return out.getvalue()


def _clean_pdf(raw: bytes) -> bytes:
    """The same pages without scripts, actions, attachments, forms and metadata."""
    try:
        source = pikepdf.open(io.BytesIO(raw))
    except pikepdf.PasswordError as error:
        raise UploadRefused(
            _("PDF ini terkunci kata sandi. Unggah PDF tanpa kata sandi."), code="encrypted_pdf"
        ) from error
    with source:
        if source.is_encrypted:
            raise UploadRefused(_("PDF ini terkunci kata sandi. Unggah PDF tanpa kata sandi."), code="encrypted_pdf")
        pages = len(source.pages)
        if not 1 <= pages <= MOST_PAGES or len(source.objects) > MOST_OBJECTS:
            raise UploadRefused(
                _("PDF harus berisi 1 sampai %(most)s halaman."), code="too_many_pages", most=MOST_PAGES
            )
        source.flatten_annotations("screen")  # stamps and filled-in forms stay as drawings; the annotations go
        with pikepdf.new() as clean:
            clean.pages.extend(source.pages)
            _disarm(clean)
            clean.remove_unreferenced_resources()
            out = io.BytesIO()
            clean.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _disarm(pdf: pikepdf.Pdf) -> None:
    """Removes active keys from every object, and annotations, where most of them hide."""
    for page in pdf.pages:
        for key in ("/Annots", "/AA", "/Metadata", "/PieceInfo"):
            if key in page.obj:
                del page.obj[key]
    for obj in pdf.objects:
        if isinstance(obj, pikepdf.Dictionary | pikepdf.Stream):
            for key in ACTIVE_KEYS & set(obj.keys()):
                del obj[key]
    for key in ACTIVE_KEYS & set(pdf.Root.keys()):
        del pdf.Root[key]


def _megabytes(size: int) -> str:
    value = size / 1_048_576
    return number_format(value, 0 if value == int(value) else 1)


CLEANERS: dict[str, Callable[[bytes], bytes]] = {"pdf": _clean_pdf, "jpg": _clean_jpeg, "png": _clean_png}
