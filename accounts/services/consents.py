"""The proof that a person accepted a text."""

from django.db import transaction
from django.utils.translation import get_language

from accounts.errors import TermMissing
from accounts.models import Consent, User
from accounts.selectors import term_in_force
from core import clock
from core.request_context import current


@transaction.atomic
def record_consent(user: User, code: str, *, about: str = "") -> Consent:
    """Records that `user` accepted the version in force of `code`, with language, address and time.

    `about` is "" or "registration:<code>". The same version twice is one consent. Errors: TermMissing.
    """
    term = term_in_force(code)
    if term is None:
        raise TermMissing
    consent, _created = Consent.objects.get_or_create(
        user=user, term=term, about=about, withdrawn_at=None,
        defaults={"language": get_language() or user.language, "ip": current.get().ip, "accepted_at": clock.now()},
    )  # fmt: skip
    return consent
