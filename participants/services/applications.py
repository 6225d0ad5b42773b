"""What a participant does with an application up to sending it: start, fill, send."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import Lsp, User
from accounts.selectors import is_verified
from accounts.services import record_consent
from batches.models import Batch
from batches.states import SEATS_MOVE
from core import audit, clock
from core.errors import ChangedMeanwhile, TransitionNotAllowed
from core.patience import patient
from participants import eligibility
from participants.eligibility.periods import age_on
from participants.errors import (
    DocumentsMissing,
    EmailNotVerified,
    NotEditable,
    PartsIncomplete,
    RegistrationClosed,
)
from participants.facts import (
    MADE_FROM,
    current_documents,
    form_versions,
    gather_facts,
    is_mended_form,
    load_reference,
    parse_stored,
    rule_set_of,
    stored_rule_set,
)
from participants.models import ApplicationPart, Document, EligibilityCheck, Person, Registration, RegistrationEvent
from participants.selectors.parts import missing_text, missing_uploads, part_states
from participants.services.moves import lock_registration, move
from participants.states import EDITABLE, FOR_REVIEW, Part, RegistrationStatus, Verdict

S = RegistrationStatus


@patient
def start_registration(batch: Batch, *, by: User) -> Registration:
    """The person's one live registration for the batch's scheme: the present one, or a new draft.

    Safe to call many times at once. A draft for another batch of the scheme moves to this one with its answers; what
    is already with the LSP stays where it is. RegistrationClosed when the batch accepts nobody and there is none yet.
    """
    person, _created = Person.objects.get_or_create(user=by, defaults={"full_name": by.name})
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    present = Registration.objects.live().filter(person=person, scheme=batch.scheme_id).select_related("batch").first()
    if present is not None and (present.status != S.DRAFT or present.batch_id == batch.pk):
        return present
    if not batch.accepts_registrations():
        if present is not None:
            return present
        raise RegistrationClosed
    if present is not None:
        return _move_draft(present, batch, by=by)
    registration = Registration.objects.create(person=person, batch=batch, scheme=batch.scheme)
    RegistrationEvent.objects.create(registration=registration, by=by, to_status=S.DRAFT)
    audit.record("registration_started", registration, by=by, subject_id=by.pk, changes={"batch": ("", batch.code)})
    return registration


def _move_draft(registration: Registration, batch: Batch, *, by: User) -> Registration:
    registration = lock_registration(registration)
    before, registration.batch = registration.batch.code, batch
    registration.save(update_fields=["batch"])
    audit.record("draft_moved", registration, by=by, subject_id=by.pk, changes={"batch": (before, batch.code)})
    return registration


@patient
def save_part(
    registration: Registration, part: str, data: Mapping[str, Any], *, version: int, by: User, complete: bool
) -> ApplicationPart:
    """Stores the answers of one part (shapes: participants.facts) and counts its version up.

    `version` is the one the form was opened with, 0 for a part never saved: another one raises ChangedMeanwhile and
    overwrites nothing. NotEditable once sent. `complete`: the form had no errors; an autosave says False.
    """
    registration = lock_editable(registration)
    row = store_part(registration, Part(part), data, version=version, by=by, complete=complete)
    if part == Part.TARGET:
        registration.target_field = str(data.get("field", ""))[:200]
        registration.save(update_fields=["target_field"])
    return row


@patient
def accept_declarations(registration: Registration, codes: Iterable[str], *, by: User) -> ApplicationPart:
    """Records a consent per code (accounts.record_consent, about="registration:<code>"); complete when all asked are
    given. Codes that the scheme does not ask for are left out. NotEditable once sent."""
    registration = lock_editable(registration)
    asked = eligibility.required_declarations(rule_set_of(registration))
    for code in set(asked) & set(codes):
        record_consent(by, code, about=f"registration:{registration.code}")
    complete = set(asked) <= gather_facts(registration).declarations
    return store_part(registration, Part.DECLARATIONS, {}, version=None, by=by, complete=complete)


@patient
def submit_registration(registration: Registration, *, by: User) -> Registration:
    """DRAFT or RETURNED -> SUBMITTED, with snapshot, forms APL01/APL02 and a mail. A second call returns the first.

    Refuses: EmailNotVerified, RegistrationClosed, PartsIncomplete, DocumentsMissing (a returned one not replaced too).
    A twin with the same identity number gets the same receipt: its `identity_index` stays NULL and staff see the pair.
    """
    registration = lock_registration(registration)
    if registration.status in FOR_REVIEW:
        return registration
    if registration.status not in EDITABLE:  # only an objection leads from REJECTED to SUBMITTED
        raise TransitionNotAllowed(current=S(registration.status).label)
    _check_ready(registration)
    _make_forms(registration)
    claim_identity(registration)
    move(
        registration, S.SUBMITTED, by=by, mail="registration_submitted", claimed_at=None, claimed_by=None,
        return_due_on=None, review_due_on=promised_review_day(registration), identity_index=registration.identity_index,
        submitted_at=registration.submitted_at or clock.now(), submitted_by=registration.submitted_by or by,
    )  # fmt: skip
    take_snapshot(registration, EligibilityCheck.Stage.SUBMISSION, by=by)
    return registration


def lock_editable(registration: Registration) -> Registration:
    """The locked row, when the participant may change answers; NotEditable otherwise."""
    registration = lock_registration(registration)
    if registration.status not in EDITABLE:
        raise NotEditable
    return registration


def store_part(
    registration: Registration, part: str, data: Mapping[str, Any], *, version: int | None, by: User, complete: bool
) -> ApplicationPart:
    """Writes one part of a locked registration; `version` None skips the comparison (the data is not typed)."""
    row = ApplicationPart.objects.filter(registration=registration, part=part).first()
    if version is not None and version != (row.version if row else 0):
        raise ChangedMeanwhile
    row = row or ApplicationPart(registration=registration, part=part, version=0)
    row.data, row.is_complete, row.version = dict(data), complete, row.version + 1
    row.saved_at, row.saved_by = clock.now(), by
    row.save()
    registration.last_saved_at = row.saved_at
    registration.save(update_fields=["last_saved_at"])
    return row


def claim_identity(registration: Registration) -> bool:
    """Sets `identity_index` (not saved) when no other live registration of the scheme has the number."""
    index = registration.person.identity_index or None
    registration.identity_index = index
    if index is None:
        return False
    try:
        with transaction.atomic():  # two twins at once: the index lets one through
            registration.save(update_fields=["identity_index"])
    except IntegrityError as error:
        if "registration_one_per_identity" not in str(error):
            raise
        registration.identity_index = None
    return registration.identity_index is not None


def promised_review_day(registration: Registration) -> date:
    return clock.add_working_days(clock.today(registration.batch.time_zone), Lsp.current().review_working_days)


def take_snapshot(registration: Registration, stage: str, *, by: User | None) -> EligibilityCheck:
    """Keeps rules, facts and results; of the birth date only the age."""
    stored = stored_rule_set(registration)
    facts = gather_facts(registration)
    result = eligibility.evaluate(parse_stored(stored), facts, load_reference())
    age = age_on(facts.birth_date, facts.starts_on) if facts.birth_date else None
    return EligibilityCheck.objects.create(
        registration=registration,
        rule_set=stored,
        stage=stage,
        outcome=result.outcome.value,
        facts=facts.to_json() | {"birth_date": None, "age": age},
        results=result.to_json(),
        made_at=clock.now(),
        made_by=by,
    )


def _check_ready(registration: Registration) -> None:
    """Everything that sending needs; the cheapest refusal first."""
    batch = registration.batch
    if not is_verified(registration.person.user):
        raise EmailNotVerified
    open_to_mended = batch.status in SEATS_MOVE and not batch.has_started()
    if not (open_to_mended if registration.status == S.RETURNED else batch.accepts_registrations()):
        raise RegistrationClosed
    facts = gather_facts(registration)
    todo = [state for state in part_states(registration, facts) if not state.is_done and state.part != Part.DOCUMENTS]
    if todo:
        raise PartsIncomplete(parts=", ".join(str(state.label) for state in todo))
    if missing := missing_uploads(rule_set_of(registration), facts):
        raise DocumentsMissing(documents=missing_text(missing))


def _make_forms(registration: Registration) -> None:
    """The documents that the portal writes from the answers; an accepted one stays unless its answers changed."""
    asked = {document.code for document in eligibility.required_documents(rule_set_of(registration))}
    present = current_documents(registration)
    for code in asked & set(MADE_FROM):
        old = present.get(code)
        if old is not None and not is_mended_form(registration, old):
            continue
        if old is not None:
            old.superseded_at = clock.now()
            old.save(update_fields=["superseded_at"])
        Document.objects.create(
            registration=registration, type_id=code, source=Document.Source.FORM, verdict=Verdict.PENDING,
            fields={"versions": form_versions(registration, code)}, uploaded_at=clock.now(),
        )  # fmt: skip
