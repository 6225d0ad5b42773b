"""Mails about decisions that wait, as rows with the event that they tell."""

from typing import Any

from accounts.models import User
from notifications.models import Email
from notifications.services import queue_email
from participants.models import Registration, RegistrationEvent
from participants.selectors.decision_mails import decision_group


def hold_decision(registration: Registration, *, by: User | None = None, **fields: Any) -> Email:
    """The mail about the state in which the registration is, held in the group of its batch."""
    event = RegistrationEvent.objects.create(registration=registration, to_status=registration.status, by=by)
    email = queue_email(
        f"registration_{registration.status}", to=registration.person.user, group=decision_group(registration.batch),
        registration_id=registration.pk, event_id=event.pk,
    )  # fmt: skip
    if fields:
        Email.objects.filter(pk=email.pk).update(**fields)
    return email
