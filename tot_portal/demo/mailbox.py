"""Reads the mails that the worker really delivered to the demo's own SMTP sink."""

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404


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


def newest(address: str = "", limit: int = 50) -> list[DemoMail]:
    """The newest mails, of one address if given."""
    mails = []
    for path in sorted(settings.DEMO_MAIL_DIR.glob("*.eml"), reverse=True):
        mail = _read(path)
        if not address or address.lower() in mail.to.lower():
            mails.append(mail)
        if len(mails) == limit:
            break
    return mails


def load(name: str) -> DemoMail:
    """The mail of that name; Http404 if there is none."""
    known = {path.name: path for path in settings.DEMO_MAIL_DIR.glob("*.eml")}
    if name not in known:
        raise Http404
    return _read(known[name])


def _read(path: Path) -> DemoMail:
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


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return body.get_content() if body else ""
