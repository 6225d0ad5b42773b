"""The six steps that every change of state shares: lock, check, write, history, audit, mail."""

from typing import Any

from accounts.models import User
from core import audit, clock
from core.events import announce
from core.transitions import check_transition
from participants import emails
from participants.errors import ReasonNeeded
from participants.models import Registration, RegistrationEvent
from participants.signals import registration_confirmed, registration_left
from participants.states import TRANSITIONS, RegistrationStatus


def lock_registration(registration: Registration) -> Registration:
    """The row as it is now, held until the end of the transaction. A batch is locked before it, never after."""
    rows = Registration.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("person__user", "batch__rule_set", "scheme", "claimed_by").get(pk=registration.pk)


def needed(reason: str) -> str:
    """The reason without blanks around it; ReasonNeeded when nothing is left."""
    reason = reason.strip()
    if not reason:
        raise ReasonNeeded
    return reason


def move(
    registration: Registration,
    to: RegistrationStatus,
    *,
    by: User | None,
    mail: str = "",
    reason: str = "",
    **fields: Any,
) -> RegistrationEvent:
    """Writes the new state of a locked registration with `fields`, its event, its audit entry and its mail.

    Joining or leaving the seated ones is announced after the commit.
    """
    check_transition(TRANSITIONS, registration.status, to)
    before, now = registration.status, clock.now()
    values = {"status": to, "status_at": now, "status_by": by, "reason": reason} | fields
    for name, value in values.items():
        setattr(registration, name, value)
    registration.save(update_fields=list(values))
    event = RegistrationEvent.objects.create(
        registration=registration, at=now, by=by, from_status=before, to_status=to, reason=reason
    )
    audit.record(
        f"registration_{to.value}", registration, by=by, subject_id=registration.person.user_id,
        changes={"status": (before, to.value)}, reason=reason,
    )  # fmt: skip
    if mail:
        emails.tell(mail, registration, event)
    _announce(registration, before, to)
    return event


def _announce(registration: Registration, before: str, to: RegistrationStatus) -> None:
    if to == RegistrationStatus.CONFIRMED:
        announce(registration_confirmed, sender=Registration, registration_id=registration.pk)
    elif before == RegistrationStatus.CONFIRMED and to != RegistrationStatus.COMPLETED:
        announce(registration_left, sender=Registration, registration_id=registration.pk)
