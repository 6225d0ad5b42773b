"""Writing the audit log: inside the transaction of the act, changed fields only, secrets masked."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from core.models import AuditEntry
from core.request_context import current

SECRET_FIELDS = frozenset({"identity", "password", "phone", "address", "birth_place", "birth_date", "token"})
MASK = "••••"


def record(
    act: str,
    obj: models.Model,
    *,
    by: models.Model | None,
    subject_id: int | None = None,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    reason: str = "",
    label: str = "",
) -> AuditEntry:
    """Adds one entry: `by` (None = the portal itself) did `act` to `obj`.

    `changes` maps field -> (before, after); values of SECRET_FIELDS are masked, equal pairs dropped.
    """
    request = current.get()
    return AuditEntry.objects.create(
        actor_id=by.pk if by else None,
        actor_label=getattr(by, "code", ""),
        act=act,
        object_kind=obj._meta.label_lower,
        object_id=str(obj.pk),
        object_label=label or str(getattr(obj, "code", "")),
        subject_id=subject_id,
        changes=_masked(changes or {}),
        reason=reason,
        request_id=request.request_id,
        ip=request.ip,
    )


def _masked(changes: Mapping[str, tuple[Any, Any]]) -> dict[str, list[Any]]:
    return {
        field: [_value(field, before), _value(field, after)]
        for field, (before, after) in changes.items()
        if before != after
    }


def _value(field: str, value: Any) -> Any:
    if value in (None, ""):
        return value
    if field in SECRET_FIELDS:
        return MASK
    return value if isinstance(value, bool | int | float | list | dict) else str(value)
