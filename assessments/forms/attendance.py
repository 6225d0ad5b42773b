"""Input of the roll call and of a make-up."""

from collections.abc import Iterator, Sequence
from typing import Any, Self

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.selectors.roll_call import RollCallRow
from assessments.services import Mark
from assessments.states import ROLL_CALL, AttendanceStatus
from core.forms import PortalForm

MOST_MINUTES = 480
REASON_LENGTH = 300


class RollCallForm(PortalForm):
    """One choice per person. While nobody is marked everybody starts as present; saving is what records it.

    An approved make-up shows no choice: choosing one is a correction of it.
    """

    mark_optional = False
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Alasan koreksi"),
        help_text=gettext_lazy("Perlu bila Anda mengubah kehadiran yang sudah tercatat pada hari sebelumnya."),
        required=False,
        max_length=REASON_LENGTH,
    )

    def __init__(self, data: Any = None, *, rows: Sequence[RollCallRow], seen: int, **kwargs: Any) -> None:
        super().__init__(data, initial={"seen": seen}, **kwargs)
        self.rows, self.marks_now = rows, seen
        self.starts_present = not any(row.mark for row in rows)
        for row in rows:
            status, minutes = self._fields_of(row)
            self.fields[f"status_{row.registration.code}"] = status
            self.fields[f"minutes_{row.registration.code}"] = minutes
            for field in (status, minutes):
                self._give_sentences("", field)

    def _fields_of(self, row: RollCallRow) -> tuple[forms.ChoiceField, forms.IntegerField]:
        name = row.registration.person.display_name
        marked = row.mark.status if row.mark and row.mark.status in ROLL_CALL else ""
        status = forms.ChoiceField(
            label=name,
            choices=[(one.value, one.label) for one in ROLL_CALL],
            required=False,
            initial=marked or (AttendanceStatus.PRESENT.value if self.starts_present else ""),
            widget=forms.RadioSelect,
        )
        minutes = forms.IntegerField(
            label=_("Menit terlambat %(name)s") % {"name": name},
            required=False,
            min_value=1,
            max_value=MOST_MINUTES,
            initial=row.mark.minutes_late if row.mark else None,
            widget=forms.NumberInput({"inputmode": "numeric", "class": "form-control"}),
        )
        return status, minutes

    def lines(self) -> Iterator[tuple[RollCallRow, BoundField, BoundField]]:
        for row in self.rows:
            code = row.registration.code
            yield row, self[f"status_{code}"], self[f"minutes_{code}"]

    def clean(self) -> dict[str, Any]:
        """Minutes belong to who was late; typed elsewhere they are asked about, never dropped."""
        cleaned = super().clean() or self.cleaned_data
        for row in self.rows:
            code = row.registration.code
            if cleaned.get(f"minutes_{code}") and cleaned.get(f"status_{code}") != AttendanceStatus.LATE:
                text = _("Pilih Terlambat untuk %(name)s, atau kosongkan menitnya.")
                self.add_error(f"minutes_{code}", text % {"name": row.registration.person.display_name})
        return cleaned

    def renewed(self) -> Self:
        """The same choices over the marks of now, for somebody who has seen that they changed."""
        data = self.data.copy()
        data["seen"] = str(self.marks_now)
        return type(self)(data, rows=self.rows, seen=self.marks_now)

    def marks(self) -> dict[int, Mark]:
        """What was chosen, by registration id; people without a choice are left out."""
        chosen = {}
        for row in self.rows:
            status = self.cleaned_data.get(f"status_{row.registration.code}")
            if status:
                minutes = self.cleaned_data.get(f"minutes_{row.registration.code}")
                chosen[row.registration.pk] = Mark(status, minutes, self.cleaned_data["reason"])
        return chosen


class MakeUpForm(PortalForm):
    """Why a missed session counts after all."""

    reason = forms.CharField(
        label=gettext_lazy("Alasan persetujuan"),
        help_text=gettext_lazy("Misalnya tugas pengganti yang diselesaikan, dan kapan. Peserta membaca alasan ini."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea({"rows": 3}),
    )
