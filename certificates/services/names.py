"""The name on the certificate: the participant confirms it, the desk may propose another one."""

from accounts.models import User
from certificates import emails, rendering
from certificates.errors import NameLocked, NameNotOwn, NameTooEarly
from certificates.models import Certificate
from core.patience import patient
from participants.models import Registration
from participants.services import set_certificate_name
from participants.services.moves import lock_registration, needed
from participants.states import SEATED


@patient
def confirm_certificate_name(registration: Registration, name: str, *, by: User) -> Registration:
    """The participant says how the name is to be printed. May be said again until a certificate is issued.

    After a correction by the desk it is open once more. Errors: NameNotOwn, NameTooEarly, NameLocked, NameNotPrintable.
    """
    name = rendering.check_printable(name)
    registration = lock_registration(registration)
    if registration.person.user_id != by.pk:
        raise NameNotOwn
    if registration.status not in SEATED:
        raise NameTooEarly
    if registration.name_confirmed_at and is_printed(registration):
        raise NameLocked
    return set_certificate_name(registration, name, confirmed=True, by=by)


@patient
def correct_certificate_name(registration: Registration, name: str, reason: str, *, by: User) -> Registration:
    """The desk proposes a name, with a reason; the participant is told and has to confirm it again.

    Errors: ReasonNeeded, NameTooEarly, NameNotPrintable. A certificate in force keeps its name until it is reissued.
    """
    reason, name = needed(reason), rendering.check_printable(name)
    registration = lock_registration(registration)
    if registration.status not in SEATED:
        raise NameTooEarly
    registration = set_certificate_name(registration, name, confirmed=False, reason=reason, by=by)
    emails.ask_to_confirm(registration)
    return registration


def is_printed(registration: Registration) -> bool:
    """A certificate in force carries the name."""
    return Certificate.objects.live().filter(registration=registration).exists()
