"""Reading the audit log: acts, kinds of objects, fields and values in the reader's language.

Each app names its own in `ready()`. What nobody named is shown as it is stored; a test demands the acts.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.templatetags.ui import day, moment

Words = Mapping[str, str | Promise]
_acts: dict[str, str | Promise] = {}
_kinds: dict[str, str | Promise] = {}
_fields: dict[str, str | Promise] = {}


def register(*, acts: Words | None = None, kinds: Words | None = None, fields: Words | None = None) -> None:
    """Names acts, kinds of objects ("participants.registration") and changed fields."""
    _acts.update(acts or {})
    _kinds.update(kinds or {})
    _fields.update(fields or {})


def act_title(act: str) -> str:
    return str(_acts.get(act, act))


def kind_title(kind: str) -> str:
    return str(_kinds.get(kind, kind))


def field_title(field: str) -> str:
    return str(_fields.get(field, field))


def value_title(kind: str, field: str, value: Any) -> str:
    """A stored value as people say it: labels of choices, yes and no, days and moments."""
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return _("Ya") if value else _("Tidak")
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    if isinstance(value, str):
        return _label(kind, field, value) or _date(value) or value
    return str(value)


def _label(kind: str, field: str, value: str) -> str:
    try:
        choices = apps.get_model(kind)._meta.get_field(field).flatchoices
    except (LookupError, ValueError, FieldDoesNotExist):
        return ""
    return str(dict(choices or ()).get(value, ""))


def _date(value: str) -> str:
    try:
        if len(value) == len("2026-01-31"):
            return day(date.fromisoformat(value))
        return moment(datetime.fromisoformat(value)) if value[4:5] == "-" else ""
    except ValueError:
        return ""
