"""Mails that wait to be released together: what each says now, against what it said when it was staged."""

import difflib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from notifications import registry
from notifications.models import SUBJECT_LENGTH, Email, EmailQuerySet
from notifications.reading import read_safely
from notifications.registry import Message
from notifications.states import EmailStatus


class Fate(StrEnum):
    """What a release does with a staged mail."""

    GOES = "goes"  # as it was staged
    CHANGED = "changed"  # goes, but its text is another one now
    GONE = "gone"  # its cause is gone: cancelled
    SUPERSEDED = "superseded"  # so is this one, and a newer mail of the group to the same person says what holds now
    BROKEN = "broken"  # cannot be written: it stays held, until it can be or is discarded


@dataclass(frozen=True)
class StagedMail:
    """One mail of a group, with its text from the facts of now; None when its cause is gone."""

    email: Email
    message: Message | None
    fate: Fate
    params: dict[str, Any]  # with what the owning app has loaded for it

    @property
    def goes(self) -> bool:
        return self.fate in {Fate.GOES, Fate.CHANGED}

    @property
    def title(self) -> str:
        return registry.kind_title(self.email.kind)

    @property
    def subject(self) -> str:
        """As it would go out now; of a mail that does not, as it was staged."""
        return self.message.subject if self.message else self.email.subject

    @cached_property
    def mark(self) -> str:
        """Which mail this is and what it says: another text has another mark."""
        said = f"{self.fate}\n{self.message.subject}\n{self.message.text}" if self.message else self.fate.value
        return f"{str(self.email.code)[:8]}.{hashlib.sha256(said.encode()).hexdigest()[:12]}"

    @property
    def differences(self) -> list[tuple[str, str]]:
        """("-" or "+", line) of what the text lost and gained since it was staged."""
        if self.message is None:
            return []
        return list(_differing(_lines(self.email.subject, self.email.held_text), _lines(*_said(self.message))))


@dataclass(frozen=True)
class Comparison:
    """A group as a release finds it. `mark` is what a page has shown."""

    group: str
    mails: tuple[StagedMail, ...]

    @property
    def going(self) -> list[StagedMail]:
        return [mail for mail in self.mails if mail.goes]

    @property
    def ending(self) -> list[StagedMail]:
        """What a release cancels."""
        return [mail for mail in self.mails if mail.fate in {Fate.GONE, Fate.SUPERSEDED}]

    @property
    def mark(self) -> str:
        return " ".join(mail.mark for mail in self.mails)

    def changed_since(self, seen: str) -> tuple[list[StagedMail], int]:
        """The mails that a page with the mark `seen` did not show like this, and how many it showed are gone."""
        shown = set(seen.split())
        here = {mail.mark.partition(".")[0] for mail in self.mails}
        left = {mark.partition(".")[0] for mark in shown} - here
        return [mail for mail in self.mails if mail.mark not in shown], len(left)


def held_in(group: str) -> EmailQuerySet:
    """What waits in the group, the oldest first."""
    return Email.objects.filter(hold_group=group, status=EmailStatus.HELD).order_by("pk")


def compare_group(group: str) -> Comparison:
    """Each waiting mail of the group, written from the facts of now; nothing is stored."""
    emails = list(held_in(group))
    newest = {email.recipient_id: email.pk for email in emails}
    mails = []
    with registry.context_read_once():
        for email, params in zip(emails, registry.load_many([(one.kind, one.params) for one in emails]), strict=True):
            message, is_broken = read_safely(email, params)
            fate = Fate.BROKEN if is_broken else _fate(email, message, is_newest=newest[email.recipient_id] == email.pk)
            mails.append(StagedMail(email, message, fate, params))
    return Comparison(group, tuple(mails))


def _fate(email: Email, message: Message | None, *, is_newest: bool) -> Fate:
    if message is None:
        return Fate.GONE if is_newest else Fate.SUPERSEDED
    told = (email.subject, email.held_text)
    return Fate.GOES if _lines(*told) == _lines(*_said(message)) else Fate.CHANGED


def _said(message: Message) -> tuple[str, str]:
    return message.subject[:SUBJECT_LENGTH], message.text


def _lines(subject: str, text: str) -> list[str]:
    return [subject, *(line.strip() for line in text.splitlines() if line.strip())]


def _differing(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    for line in difflib.ndiff(before, after):
        if line[0] in "-+":
            yield line[0], line[2:]
