"""The LSP's own words in a mail: plain text with names in double braces.

They are filled in by substitution over the names of the kind, never by a template engine, and are escaped like any
other value. They stand beside what the portal says; facts, deadlines and buttons are not theirs.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from functools import cached_property
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from notifications.errors import BrokenBraces, UnknownVariable, WordsTooLong
from notifications.models import EmailWording
from notifications.registry import add_context, register, variables_of

NAME = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
LONGEST_SUBJECT, LONGEST_TEXT = 200, 2000
WORDING_TEST = "notifications.wording_test"


@dataclass(frozen=True)
class Words:
    """A subject that takes the place of the portal's, and text before and after what the portal says; "" = none."""

    subject: str = ""
    opening: str = ""
    closing: str = ""

    def __bool__(self) -> bool:
        return any(self.content().values())

    @classmethod
    def of(cls, content: Mapping[str, str]) -> "Words":
        return cls(**{name: content.get(name, "") for name in ("subject", "opening", "closing")})

    def content(self) -> dict[str, str]:
        return asdict(self)

    def filled(self, values: Mapping[str, str]) -> "Words":
        """The same with values for names; the subject stays one line whatever a value holds."""
        subject = " ".join(fill(self.subject, values).split())
        return Words(subject, fill(self.opening, values), fill(self.closing, values))


@dataclass(frozen=True)
class Trial:
    """Words that are tried out; `values` stand in for the facts where there is no case."""

    words: Words
    values: Mapping[str, str] | None = None


_on_trial: ContextVar[Trial | None] = ContextVar("words_on_trial", default=None)


def code_of(kind: str, language: str) -> str:
    return f"{kind}.{language}"


def check(text: str, kind: str) -> None:
    """Refuses a text with a name that mails of this kind do not know, or with braces that name nothing.

    Errors: UnknownVariable, BrokenBraces.
    """
    known = variables_of(kind)
    for name in NAME.findall(text):
        if name not in known:
            raise UnknownVariable(name=name, known=", ".join(f"{{{{ {one} }}}}" for one in known))
    if re.search(r"[{}]", NAME.sub("", text)):
        raise BrokenBraces(known=", ".join(f"{{{{ {one} }}}}" for one in known))


def check_words(words: Words, kind: str) -> None:
    """The same for all parts, with their lengths. Errors: UnknownVariable, BrokenBraces, WordsTooLong."""
    for name, text in words.content().items():
        most = LONGEST_SUBJECT if name == "subject" else LONGEST_TEXT
        if len(text) > most or (name == "subject" and len(text.splitlines()) > 1):
            raise WordsTooLong(most=most)
        check(text, kind)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with each known name replaced once; what a value holds is never read again."""
    return NAME.sub(lambda match: values.get(match[1], match[0]), text)


def values_of(kind: str, context: Mapping[str, Any]) -> dict[str, str]:
    """Name -> text for a mail of this kind, from the values of its templates."""
    source = SimpleNamespace(**context)
    return {name: str(attrgetter(variable.path)(source) or "") for name, variable in variables_of(kind).items()}


def wording_versions(code: str) -> QuerySet[EmailWording]:
    """All versions of the own words of one kind and language, newest first, with their authors."""
    return EmailWording.objects.filter(code=code).select_related("author").order_by("-version")


class WordsInForce:
    """Own words by kind and language; empty ones where there are none. The first question reads all: one query."""

    @cached_property
    def _all(self) -> dict[str, Words]:
        rows = EmailWording.objects.in_force().values_list("code", "content")
        return {code: Words.of(content) for code, content in rows}

    def of(self, kind: str, language: str) -> Words:
        return self._all.get(code_of(kind, language), Words())


def own_words(kind: str, language: str, context: Mapping[str, Any]) -> Words:
    """The words on trial, else those in force, filled in from what the mail's templates get."""
    trial = _on_trial.get()
    if trial is None:
        return context["words_in_force"].of(kind, language).filled(values_of(kind, context))
    return trial.words.filled(values_of(kind, context) if trial.values is None else trial.values)


@contextmanager
def trying(words: Words, values: Mapping[str, str] | None = None) -> Iterator[None]:
    """Inside, mails are written with these words instead of those in force; nothing is stored."""
    token = _on_trial.set(Trial(words, values))
    try:
        yield
    finally:
        _on_trial.reset(token)


add_context(lambda: {"words_in_force": WordsInForce()})
register(WORDING_TEST, None, title=_("Surat uji kata-kata"))
