"""The name that will be printed on the certificate. Which names can be printed is known above, in certificates."""

from accounts.models import User
from core import audit, clock
from core.patience import patient
from participants.models import Registration
from participants.services.moves import lock_registration


@patient
def set_certificate_name(
    registration: Registration, name: str, *, confirmed: bool, by: User, reason: str = ""
) -> Registration:
    """Writes the name, as confirmed by its bearer or as proposed by the desk, which takes a confirmation back."""
    registration = lock_registration(registration)
    before, registration.certificate_name = registration.certificate_name, name
    registration.name_confirmed_at, registration.name_confirmed_by = (clock.now(), by) if confirmed else (None, None)
    registration.save(update_fields=["certificate_name", "name_confirmed_at", "name_confirmed_by"])
    audit.record(
        "certificate_name_confirmed" if confirmed else "certificate_name_corrected", registration, by=by,
        subject_id=registration.person.user_id, changes={"certificate_name": (before, name)}, reason=reason,
    )  # fmt: skip
    return registration
