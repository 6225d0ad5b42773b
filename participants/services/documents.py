"""Documents: attached by the participant, judged by staff."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from accounts.models import User
from batches.models import DocumentType
from core import audit, clock
from core.errors import ChangedMeanwhile
from core.files import clean_upload_of, store_content
from core.patience import patient
from core.uploads import CleanUpload
from participants import eligibility
from participants.errors import DocumentLocked, DocumentNotAsked, NotEditable
from participants.facts import MADE_FROM, current_documents, rule_set_of
from participants.models import Document, Registration
from participants.services.applications import lock_editable
from participants.services.moves import needed
from participants.services.review import lock_claimed
from participants.states import EDITABLE, RegistrationStatus, Verdict


def attach_document(
    registration: Registration, type: DocumentType, upload: Any, fields: Mapping[str, Any] | None = None, *, by: User
) -> Document:
    """Cleans the file outside the transaction, stores it and supersedes the document of this type before it.

    While DRAFT any type the scheme names (DocumentNotAsked); while RETURNED only what was returned or is not there
    (DocumentLocked). `fields`: facts typed beside the file, keys as eligibility.DocumentFact.fields, dates ISO or date.
    UploadRefused and TooManyUploads come from core.
    """
    if registration.status not in EDITABLE:  # before the work of cleaning the file; checked again under the lock
        raise NotEditable
    _check_asked(registration, type.code)
    clean = clean_upload_of(by, upload, allowed=type.upload_formats, max_mb=type.max_mb)
    return _attach(registration, type, clean, fields or {}, by=by)


@patient
def _attach(
    registration: Registration, type: DocumentType, clean: CleanUpload, fields: Mapping[str, Any], *, by: User
) -> Document:
    registration = lock_editable(registration)
    _check_open(registration, type.code)
    stored = store_content(clean, purpose=type.code, by=by, subject=registration.person.user)
    now = clock.now()
    registration.documents.filter(type=type, superseded_at=None).update(superseded_at=now)
    document = Document.objects.create(
        registration=registration, type=type, file=stored, fields=plain_fields(fields), uploaded_at=now
    )
    _touch(registration)
    audit.record("document_attached", document, by=by, subject_id=registration.person.user_id, label=type.code)
    return document


@patient
def update_document_fields(document: Document, fields: Mapping[str, Any], *, by: User) -> Document:
    """Replaces the typed facts; same locks as attach_document."""
    document = _lock_open_document(document)
    before, document.fields = document.fields, plain_fields(fields)
    document.save(update_fields=["fields"])
    _touch(document.registration)
    changes = {"fields": (sorted(before), sorted(document.fields))}
    audit.record("document_facts_saved", document, by=by, subject_id=_subject(document), changes=changes)
    return document


@patient
def remove_document(document: Document, *, by: User) -> None:
    """Takes an upload away (superseded, the file stays until retention); same locks as attach_document."""
    document = _lock_open_document(document)
    document.superseded_at = clock.now()
    document.save(update_fields=["superseded_at"])
    _touch(document.registration)
    audit.record("document_removed", document, by=by, subject_id=_subject(document), label=document.type_id)


@patient
def judge_document(document: Document, verdict: str, reason: str = "", *, by: User) -> Document:
    """ACCEPTED, RETURNED (reason needed: ReasonNeeded) or back to PENDING, while IN_REVIEW with the judge."""
    registration = lock_claimed(document.registration, by=by)
    document = registration.documents.select_related("type").get(pk=document.pk, superseded_at=None)
    reason = needed(reason) if verdict == Verdict.RETURNED else ""
    before = document.verdict
    _judge(document, Verdict(verdict), reason, by=by)
    audit.record(
        "document_judged", document, by=by, subject_id=registration.person.user_id, reason=reason,
        changes={"verdict": (before, document.verdict)}, label=document.type_id,
    )  # fmt: skip
    return document


@patient
def accept_all_documents(registration: Registration, *, by: User) -> int:
    """Accepts every current document still pending, while IN_REVIEW with the judge; how many."""
    registration = lock_claimed(registration, by=by)
    pending = list(registration.documents.filter(superseded_at=None, verdict=Verdict.PENDING))
    for document in pending:
        _judge(document, Verdict.ACCEPTED, "", by=by)
    if pending:
        audit.record(
            "documents_accepted", registration, by=by, subject_id=registration.person.user_id,
            changes={"accepted": ([], [document.type_id for document in pending])},
        )  # fmt: skip
    return len(pending)


def plain_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The typed facts as JSON: dates as ISO text, blanks left out."""
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in fields.items()
        if value not in (None, "")
    }


def is_open_for(registration: Registration, code: str) -> bool:
    """Whether the person may change the document of this type now: when returned, what was returned or is not there,
    and what was uploaded since."""
    if registration.status == RegistrationStatus.DRAFT:
        return True
    if registration.status != RegistrationStatus.RETURNED:
        return False
    document = current_documents(registration).get(code)
    if document is None or document.verdict == Verdict.RETURNED:
        return True
    return document.verdict == Verdict.PENDING and document.uploaded_at >= registration.status_at


def _judge(document: Document, verdict: Verdict, reason: str, *, by: User) -> None:
    judged = verdict != Verdict.PENDING
    document.verdict, document.reason = verdict, reason
    document.judged_at, document.judged_by = (clock.now(), by) if judged else (None, None)
    document.save(update_fields=["verdict", "reason", "judged_at", "judged_by"])


def _check_asked(registration: Registration, code: str) -> None:
    asked = {document.code for document in eligibility.required_documents(rule_set_of(registration))}
    if code in MADE_FROM or code not in asked:
        raise DocumentNotAsked


def _check_open(registration: Registration, code: str) -> None:
    if not is_open_for(registration, code):
        raise DocumentLocked


def _lock_open_document(document: Document) -> Document:
    registration = lock_editable(document.registration)
    current = registration.documents.filter(pk=document.pk, superseded_at=None, source=Document.Source.UPLOAD).first()
    if current is None:  # removed or replaced by another click
        raise ChangedMeanwhile
    document, current.registration = current, registration
    _check_open(registration, document.type_id)
    return document


def _touch(registration: Registration) -> None:
    registration.last_saved_at = clock.now()
    registration.save(update_fields=["last_saved_at"])


def _subject(document: Document) -> int:
    return document.registration.person.user_id
