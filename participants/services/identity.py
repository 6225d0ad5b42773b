"""The identity of a person: sealed when written, revealed with a reason."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from core import audit, clock
from core.crypto import keyed_hash
from core.patience import patient
from participants import nik
from participants.errors import IdentityLocked
from participants.facts import IDENTITY_DOCUMENT, birth_date_of
from participants.models import ApplicationPart, Document, Person, Registration
from participants.services.applications import lock_editable, store_part
from participants.services.moves import needed
from participants.states import EDITABLE, LIVE, Part, Verdict

PLAIN = ("full_name", "title_front", "title_back", "nationality", "sex", "birth_place", "phone", "address")
ON_THE_CARD = {"full_name", "nationality", "identity", "identity_kind", "sex", "birth_date", "birth_place"}


@patient
def save_identity(
    registration: Registration, cleaned: Mapping[str, Any], *, version: int, by: User, complete: bool = True
) -> ApplicationPart:
    """Writes Person (identity sealed, mask, tail, keyed hash, findings of participants.nik) and the part "identity".

    Keys of `cleaned`: full_name, title_front, title_back, nationality, identity_kind, identity (number as typed; absent
    or "" keeps the stored one), sex ("L"/"P"), birth_date (date or None), birth_place, phone, address; missing keys
    stay. `version` as in save_part. NotEditable once sent; IdentityLocked when another application of the person is
    with the LSP and something would change. A change of what stands on the identity card makes staff look at it again.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=registration.person_id)
    registration = lock_editable(registration)
    row = store_part(registration, Part.IDENTITY, {}, version=version, by=by, complete=complete)
    changes = _write(person, cleaned)
    if not changes:
        return row
    others = Registration.objects.filter(person=person, status__in=set(LIVE) - set(EDITABLE))
    if others.exclude(pk=registration.pk).exists():
        raise IdentityLocked
    person.updated_at = clock.now()
    person.save()
    if changes.keys() & ON_THE_CARD:
        _look_again(person)
    audit.record("identity_saved", person, by=by, subject_id=person.user_id, changes=changes, label=registration.code)
    return row


def reveal_identity(person: Person, reason: str = "", *, by: User) -> str:
    """The number in clear; audited with the reason. ReasonNeeded without one."""
    reason = needed(reason)
    with transaction.atomic():
        audit.record("identity_revealed", person, by=by, subject_id=person.user_id, reason=reason)
    return person.identity


def _look_again(person: Person) -> None:
    """An accepted identity card was compared with other answers than these."""
    accepted = Document.objects.filter(
        type_id=IDENTITY_DOCUMENT, registration__person=person, registration__status__in=EDITABLE,
        superseded_at=None, verdict=Verdict.ACCEPTED,
    )  # fmt: skip
    accepted.update(verdict=Verdict.PENDING, judged_at=None, judged_by=None)


def _write(person: Person, cleaned: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Puts the answers into `person` (not saved); what changed, for the audit."""
    before = {name: getattr(person, name) for name in (*PLAIN, "birth_date", "identity", "identity_kind")}
    for name in PLAIN:
        if name in cleaned:
            setattr(person, name, str(cleaned[name] or "").strip())
    if "birth_date" in cleaned:
        born: date | None = cleaned["birth_date"]
        person.birth_date = born.isoformat() if born else ""
    kind = cleaned.get("identity_kind", person.identity_kind)
    number = str(cleaned.get("identity") or "").strip()
    if not number and kind == person.identity_kind:
        number = person.identity  # a masked number on the form means: as it was
    _write_number(person, kind, number)
    return {name: (value, getattr(person, name)) for name, value in before.items() if value != getattr(person, name)}


def _write_number(person: Person, kind: str, number: str) -> None:
    person.identity_kind = kind or ""
    if kind == Person.IdentityKind.NIK:
        normalised = nik.normalise_nik(number)
        findings = nik.inspect(number, birth_date_of(person), person.sex).codes if number else ()
    else:
        normalised = nik.normalise_passport(number)
        findings = nik.passport_findings(number) if number else ()
    person.identity = normalised
    person.identity_index = keyed_hash(f"{kind}:{normalised}", "identity") if normalised else ""
    person.identity_mask = nik.mask_identity(kind, normalised) if normalised else ""
    person.identity_tail = normalised[-4:] if normalised else ""
    person.identity_findings = list(findings)
