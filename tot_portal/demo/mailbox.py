"""Reads the mails that the worker really delivered to the demo's own SMTP sink."""

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path

from django.conf import settings
from django.http import Http404

OFF = "server-is-off"  # a file beside the mails: while it is there, the sink takes none


@dataclass(frozen=True)
class Attached:
    """A file of a mail."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class DemoMail:
    """One delivered mail; `name` is its file, `at` when the sink accepted it."""

    name: str
    at: datetime
    to: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attached, ...] = ()


def newest(address: str = "") -> list[Path]:
    """The files of all mails, newest first, or of those to one address."""
    paths = sorted(settings.DEMO_MAIL_DIR.glob("*.eml"), reverse=True)
    return [path for path in paths if address.lower() in _recipient(path).lower()] if address else paths


def is_server_off(folder: Path) -> bool:
    """Whether the demo's mail server is to refuse every mail that would go into this folder."""
    return (folder / OFF).exists()


def switch_server(*, off: bool) -> None:
    """Lets the demo's mail server refuse every mail from now on, or take them again; the worker tries by itself."""
    settings.DEMO_MAIL_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    switch = settings.DEMO_MAIL_DIR / OFF
    switch.touch() if off else switch.unlink(missing_ok=True)


def load(name: str) -> DemoMail:
    """The mail of that name; Http404 if there is none."""
    known = {path.name: path for path in settings.DEMO_MAIL_DIR.glob("*.eml")}
    if name not in known:
        raise Http404
    return read(known[name])


def read(path: Path) -> DemoMail:
    message: EmailMessage = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return DemoMail(
        name=path.name,
        at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        attachments=tuple(
            Attached(part.get_filename() or "lampiran", part.get_content_type(), part.get_payload(decode=True))
            for part in message.iter_attachments()
        ),
    )


def _recipient(path: Path) -> str:
    with path.open("rb") as file:
        return str(BytesHeaderParser(policy=email.policy.default).parse(file)["To"] or "")


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return body.get_content() if body else ""
