"""What now? One answer for page and mail: the state, why, what to do, until when, and who acts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from participants.models import Registration, RegistrationEvent

PARTICIPANT, STAFF = "participant", "staff"


@dataclass(frozen=True)
class WhatNow:
    """Texts are in the active language. `action_*` are "" when there is nothing to press."""

    status: str
    state_label: str
    tone: str
    title: str  # one sentence: what the state means
    text: str  # what happens next
    reason: str  # of the LSP or the person, as written
    next_action: str  # what to do, as a sentence; "" = only wait
    action_label: str
    action_url_name: str
    action_args: tuple[Any, ...]
    deadline: date | None
    deadline_text: str  # "Jumat, 27 November 2026"; "" without a deadline
    who_acts: str  # "Anda", "Admin LSP", ""

    @property
    def action_url(self) -> str:
        return reverse(self.action_url_name, args=self.action_args) if self.action_url_name else ""


def what_now(registration: Registration, viewer: str = PARTICIPANT, event: RegistrationEvent | None = None) -> WhatNow:
    """What the viewer should know and do. With `event`, as it was right after that event (for mails)."""
    raise NotImplementedError


def history(registration: Registration, viewer: str = PARTICIPANT) -> list[dict[str, str]]:
    """Items for components/timeline.html, oldest first; participants do not see claims and releases."""
    raise NotImplementedError
