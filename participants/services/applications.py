"""What a participant does with an application up to sending it: start, fill, send."""

from collections.abc import Iterable, Mapping
from typing import Any

from accounts.models import User
from batches.models import Batch
from participants.models import ApplicationPart, Registration


def start_registration(batch: Batch, *, by: User) -> Registration:
    """The person's one live registration for the batch's scheme: the present one (any batch), or a new draft.

    Safe to call many times at once. RegistrationClosed when there is none yet and the batch accepts nobody.
    """
    raise NotImplementedError


def save_part(
    registration: Registration, part: str, data: Mapping[str, Any], *, version: int, by: User, complete: bool
) -> ApplicationPart:
    """Stores the answers of one part (shapes: participants.facts) and counts its version up.

    `version` is the one the form was opened with, 0 for a part never saved: another one raises ChangedMeanwhile and
    overwrites nothing. NotEditable once sent. `complete`: the form had no errors; an autosave says False.
    """
    raise NotImplementedError


def accept_declarations(registration: Registration, codes: Iterable[str], *, by: User) -> ApplicationPart:
    """Records a consent per code (accounts.record_consent, about="registration:<code>"); complete when all asked are
    given. NotEditable once sent."""
    raise NotImplementedError


def submit_registration(registration: Registration, *, by: User) -> Registration:
    """DRAFT or RETURNED -> SUBMITTED, with snapshot, forms APL01/APL02 and a mail. A second call returns the first.

    Refuses: EmailNotVerified, RegistrationClosed (first sending only), PartsIncomplete, DocumentsMissing.
    A twin with the same identity number gets the same receipt: its `identity_index` stays NULL and staff see the pair.
    """
    raise NotImplementedError
