"""The common behaviour of the application's parts: stored answers in, stored answers out, and words to read."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from core.forms import PortalForm
from participants.eligibility import Reference
from participants.models import Registration

TYPED = "typed"  # key of `ApplicationPart.data` for what was typed and is not yet right


class Answer(NamedTuple):
    """One answer as it is read on the summary; `value` is "" when nothing was written."""

    label: str
    value: str
    is_optional: bool = False


class PartForm(PortalForm):
    """One part of the application. `stored` is ApplicationPart.data; shapes are told in participants.facts."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, registration: Registration, stored: Mapping[str, Any]
    ) -> None:
        self.registration = registration
        super().__init__(data, initial=self.initial_of(stored) | dict(stored.get(TYPED, {})))

    def initial_of(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """Values for the fields from stored answers."""
        return {key: value for key, value in stored.items() if key != TYPED}

    def answers(self) -> dict[str, Any]:
        """The good answers, in the shape that is stored."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    def draft(self) -> dict[str, Any]:
        """The good answers, and beside them what was typed and is not yet right, so that nothing is lost."""
        self.is_valid()
        typed = {name: self[name].data for name in self.errors if name in self.fields and _is_filled(self[name].data)}
        return self.answers() | ({TYPED: typed} if typed else {})

    def summary(self) -> list[Answer]:
        """Every answer in words: of what was posted when bound, else of what is stored."""
        if self.is_bound:
            self.is_valid()
        return [
            Answer(str(bound.label), self.words(bound), not bound.field.required) for bound in self.visible_fields()
        ]

    def words(self, bound: forms.BoundField) -> str:
        """One answer in words."""
        value = self.cleaned_data.get(bound.name, bound.data) if self.is_bound else bound.initial
        return in_words(bound.field, value)


def education_choices(reference: Reference) -> list[tuple[str, str]]:
    """Levels from the lowest to the highest, in the page's language."""
    codes = sorted(reference.education_ranks, key=reference.education_ranks.__getitem__)
    return [("", _("Pilih pendidikan terakhir")), *((code, reference.education_labels[code]) for code in codes)]


def in_words(field: forms.Field, value: Any) -> str:
    """A value as a person reads it."""
    if value in (None, "", [], ()):
        return ""
    if isinstance(value, bool):
        return _("Ya") if value else _("Tidak")
    if isinstance(value, date):
        return format_date(value, "j F Y")
    if isinstance(value, list):
        return " ".join(str(part) for part in value if part)
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))
    return str(getattr(value, "as_national", value))


def _is_filled(value: Any) -> bool:
    return any(value) if isinstance(value, list | tuple) else bool(value)
