"""The LSP's own identity and thresholds."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Lsp, User
from core import audit, clock
from core.files import store_upload

LOGO_KINDS = frozenset({"jpg", "png"})
LOGO_MB = 1
FIELDS = (
    "name", "short_name", "kind", "licence_number", "address", "phone", "email", "office_hours", "time_zone",
    "review_working_days", "return_days", "uses_bnsp_approval", "bnsp_lead_working_days", "signatories",
    "appeal_working_days", "appeal_answer_working_days", "certificate_code", "hold_decisions",
)  # fmt: skip


@transaction.atomic
def update_lsp(values: Mapping[str, Any], *, logo: UploadedFile | None = None, by: User | None) -> Lsp:
    """Writes those of FIELDS that `values` has, and a new logo; makes the one row when there is none yet.

    Errors: UploadRefused, TooManyUploads (the logo).
    """
    lsp = Lsp.objects.select_for_update(no_key=True).filter(pk=1).first() or Lsp.current()
    before = {field: getattr(lsp, field) for field in FIELDS}
    for field in FIELDS:
        setattr(lsp, field, values.get(field, before[field]))
    changes = {field: (before[field], getattr(lsp, field)) for field in FIELDS}
    changes["signatories"] = (_signers(before["signatories"]), _signers(lsp.signatories))
    if logo is not None:
        old = str(lsp.logo.code) if lsp.logo_id else ""
        lsp.logo = store_upload(logo, purpose="LOGO", allowed=LOGO_KINDS, max_mb=LOGO_MB, by=by)
        changes["logo"] = (old, str(lsp.logo.code))
    lsp.updated_at = clock.now()
    lsp.save()
    if any(old != new for old, new in changes.values()):
        audit.record("lsp_changed", lsp, by=by, changes=changes, label=lsp.short_name)
    return lsp


def _signers(rows: list[dict[str, str]]) -> list[str]:
    """As the log shows them."""
    return [f"{row['name']} ({row['title']})" for row in rows]
