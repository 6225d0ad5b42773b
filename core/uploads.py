"""Turns whatever somebody uploads into a clean PDF, JPEG or PNG, or refuses it with a sentence. Touches no table."""

import hashlib
import json
import logging
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

MB = 1024 * 1024
WALL_SECONDS = 10  # the parser's own limit is 4 s of processor time; more passes only on a busy machine
PARSER = Path(__file__).with_name("upload_parser.py")
CONTENT_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
KINDS = frozenset(CONTENT_TYPES)

SENTENCES: dict[str, str | Promise] = {
    "empty_file": _("Berkas kosong."),
    "file_too_large": _("Ukuran berkas %(size)s MB. Paling besar %(most)s MB."),
    "wrong_type": _("Berkas harus %(kinds)s."),
    "too_many_pixels": _("Gambar ini %(pixels)s megapiksel. Paling besar %(most)s megapiksel."),
    "broken_image": _("Gambar ini rusak atau tidak lengkap. Ambil foto lagi, lalu unggah yang baru."),
    "encrypted_pdf": _("PDF ini terkunci kata sandi. Unggah PDF tanpa kata sandi."),
    "too_many_pages": _("PDF ini %(pages)s halaman. Paling banyak %(most)s halaman."),
    "broken_pdf": _("PDF ini rusak atau tidak lengkap. Simpan lagi sebagai PDF, lalu unggah yang baru."),
    "too_complex": _(
        "Isi berkas ini terlalu berat untuk diperiksa. Simpan lagi sebagai PDF baru, atau unggah fotonya."
    ),
}
logger = logging.getLogger(__name__)


class UploadRefused(DomainError):
    """The file cannot be taken; `code` is one of SENTENCES."""

    code = "upload_refused"

    def __init__(self, code: str, **context: Any) -> None:
        super().__init__(SENTENCES[code], code=code, **context)


@dataclass(frozen=True)
class CleanUpload:
    """A file that was parsed and written anew; nothing of the original but what is seen on its pages."""

    content: bytes
    kind: str  # pdf, jpg or png
    sha256: str
    pages: int | None = None
    pixels: int | None = None

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.kind]

    @property
    def extension(self) -> str:
        return self.kind


def clean_upload(stream: BinaryIO, *, allowed: Collection[str] = KINDS, max_bytes: int) -> CleanUpload:
    """Reads at most max_bytes + 1, parses in a limited child process, and returns what may be kept.

    A PNG may come back as a JPEG when both are allowed. Raises UploadRefused for whatever is wrong with the file;
    the file's name and the type that the browser claims are not looked at.
    """
    content = stream.read(max_bytes + 1)
    if len(content) > max_bytes:
        size = max(getattr(stream, "size", None) or 0, len(content))
        raise UploadRefused("file_too_large", size=_megabytes(size), most=_megabytes(max_bytes))
    if not content:
        raise UploadRefused("empty_file")
    answer, cleaned = _parse(content, allowed)
    if "refused" in answer:
        raise _refusal(answer, allowed)
    digest = hashlib.sha256(cleaned).hexdigest()
    return CleanUpload(cleaned, answer["kind"], digest, answer.get("pages"), answer.get("pixels"))


def _parse(content: bytes, allowed: Collection[str]) -> tuple[dict[str, Any], bytes]:
    """What core/upload_parser.py answers; a parser that a file brought down counts as a refusal.

    A new process for each file costs 40 to 60 ms. `-I` and the empty environment keep the portal's settings out.
    """
    command = [sys.executable, "-I", str(PARSER), ",".join(sorted(allowed))]
    try:
        child = subprocess.run(command, input=content, capture_output=True, timeout=WALL_SECONDS, env={}, check=False)  # noqa: S603  no shell, no input in the command
    except subprocess.TimeoutExpired:
        return {"refused": "too_complex", "cause": "timeout"}, b""
    if child.returncode < 0:
        return {"refused": "too_complex", "cause": f"signal {-child.returncode}"}, b""
    if child.returncode:  # not the file's fault: the installation is broken
        raise RuntimeError(f"The upload parser does not run: {child.stderr.decode(errors='replace')[-500:]}")
    head, _separator, cleaned = child.stdout.partition(b"\n")
    return json.loads(head), cleaned


def _refusal(answer: dict[str, Any], allowed: Collection[str]) -> UploadRefused:
    code, cause = answer.pop("refused"), answer.pop("cause", "")
    if cause:
        logger.info("upload refused: %s (%s)", code, cause)
    if code == "wrong_type":
        return UploadRefused(code, kinds=kinds_in_words(allowed))
    if code == "too_many_pixels":
        answer = {key: number_format(-(-value // 1_000_000)) for key, value in answer.items()}
    return UploadRefused(code, **answer)


def kinds_in_words(allowed: Collection[str]) -> str:
    """“PDF, JPG, atau PNG”, for sentences and for the hint under the field."""
    names = [kind.upper() for kind in ("pdf", "jpg", "png") if kind in allowed]
    if len(names) == 1:
        return names[0]
    if len(names) == 2:
        return str(_("%(first)s atau %(last)s") % {"first": names[0], "last": names[1]})
    return str(_("%(first)s, atau %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]})


def _megabytes(size: int) -> str:
    """Rounded up to a tenth, so that a file just over the limit does not seem to fit it."""
    tenths = -(-size * 10 // MB)
    return number_format(tenths / 10 if tenths % 10 else tenths // 10, decimal_pos=1 if tenths % 10 else 0)
