"""The identity of a person: sealed when written, revealed with a reason."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from participants.models import ApplicationPart, Person, Registration


def save_identity(
    registration: Registration, cleaned: Mapping[str, Any], *, version: int, by: User, complete: bool = True
) -> ApplicationPart:
    """Writes Person (identity sealed, mask, tail, keyed hash, findings of participants.nik) and the part "identity".

    Keys of `cleaned`: full_name, title_front, title_back, nationality, identity_kind, identity (number as typed; absent
    or "" keeps the stored one), sex ("L"/"P"), birth_date (date or None), birth_place, phone, address; missing keys
    stay. `version` as in save_part. NotEditable once sent; IdentityLocked when another application of the person is
    with the LSP.
    """
    raise NotImplementedError


def reveal_identity(person: Person, reason: str, *, by: User) -> str:
    """The number in clear; audited with the reason. ReasonNeeded without one."""
    raise NotImplementedError
