"""Documents: attached by the participant, judged by staff."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from batches.models import DocumentType
from participants.models import Document, Registration


def attach_document(
    registration: Registration, type: DocumentType, upload: Any, fields: Mapping[str, Any] | None = None, *, by: User
) -> Document:
    """Stores the file (core.files.store_upload) and supersedes the document of this type before it.

    While DRAFT any type the scheme names; while RETURNED only types that were returned or are missing
    (DocumentLocked). `fields`: facts typed beside the file (keys of eligibility.DocumentFact.fields, dates ISO or date).
    """
    raise NotImplementedError


def update_document_fields(document: Document, fields: Mapping[str, Any], *, by: User) -> Document:
    """Replaces the typed facts; same locks as attach_document."""
    raise NotImplementedError


def remove_document(document: Document, *, by: User) -> None:
    """Takes an upload away (superseded, the file stays until retention); same locks as attach_document."""
    raise NotImplementedError


def judge_document(document: Document, verdict: str, reason: str = "", *, by: User) -> Document:
    """ACCEPTED, RETURNED (reason needed: ReasonNeeded) or back to PENDING, while the registration is IN_REVIEW."""
    raise NotImplementedError


def accept_all_documents(registration: Registration, *, by: User) -> int:
    """Accepts every current document still pending; how many."""
    raise NotImplementedError
