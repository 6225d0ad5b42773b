"""The parts of an application: which are asked, and how far each is."""

from dataclasses import dataclass

from django.utils.functional import Promise

from participants.eligibility import RuleSet
from participants.models import Document, Registration
from participants.states import Part

DONE, STARTED, TODO, LOCKED = "done", "started", "todo", "locked"


@dataclass(frozen=True)
class PartState:
    """One line of the task list: `state` is done, started, todo or locked; `hint` what is missing or was written."""

    part: Part
    label: str | Promise
    hint: str
    state: str
    version: int  # of the stored part, 0 when never saved: goes into the form and back to save_part

    @property
    def is_done(self) -> bool:
        return self.state == DONE


def asked_parts(rule_set: RuleSet) -> list[Part]:
    """The parts that a scheme asks for, in the order of filling."""
    raise NotImplementedError


def part_states(registration: Registration) -> list[PartState]:
    """Each asked part and how far it is. In RETURNED, parts without a returned thing stay open to edit too."""
    raise NotImplementedError


def next_part(states: list[PartState]) -> PartState | None:
    """The first part that is not done; None when all are."""
    return next((state for state in states if not state.is_done), None)


def current_documents(registration: Registration) -> dict[str, Document]:
    """Type code -> the document that counts."""
    raise NotImplementedError
