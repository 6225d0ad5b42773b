"""Which function writes the text of which kind of mail. The owning apps fill this in their `ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import override


@dataclass(frozen=True)
class Attachment:
    """A file that travels with a mail; it is read when the mail is sent and kept nowhere."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """A written mail. `html` may be empty; `text` says the same for readers without HTML."""

    subject: str
    text: str
    html: str = ""
    attachments: tuple[Attachment, ...] = ()


# (params, language) -> the mail, or None when its cause is gone: then nothing is sent
Renderer = Callable[[dict[str, Any], str], Message | None]

_renderers: dict[str, Renderer] = {}
_titles: dict[str, str | Promise] = {}
_contexts: list[Callable[[], dict[str, Any]]] = []


def register(kind: str, renderer: Renderer | None, *, title: str | Promise) -> None:
    """Names the writer and the title of a kind; mails that arrive with their text have no writer (None)."""
    _titles[kind] = title
    if renderer is not None:
        _renderers[kind] = renderer


def render(kind: str, params: dict[str, Any], language: str) -> Message | None:
    """The mail in `language`; None when its cause is gone. An unknown kind is a KeyError."""
    with override(language):
        return _renderers[kind](params, language)


def kind_title(kind: str) -> str:
    """The kind in the reader's language; the bare name of a kind that nobody registers any more."""
    return str(_titles.get(kind, kind))


def add_context(source: Callable[[], dict[str, Any]]) -> None:
    """Adds values that every mail template gets, such as the sender's name and address."""
    if source not in _contexts:
        _contexts.append(source)


def shared_context() -> dict[str, Any]:
    values: dict[str, Any] = {}
    for source in _contexts:
        values |= source()
    return values
