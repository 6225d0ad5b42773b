"""What comes in about a record: one tap, the whole sheet, methods, the signature, a reason, a decision."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.records import Sheet
from assessments.rubric import RubricView
from assessments.selectors.sheets import mark_of, place_name
from assessments.states import Aspect, Result, Value
from assessments.taps import Entry, Tap
from core.forms import PortalForm

NOTE_LENGTH = 1000
MOST = 2_147_483_647  # a whole number of the database
YEARS = range(1900, 3000)  # of a device's clock, however wrong; the database could not read back what is far beyond


class MomentField(forms.DateTimeField):
    """A moment as text; JSON may hold anything else in its place."""

    def to_python(self, value: Any) -> datetime | None:
        moment = super().to_python(value if isinstance(value, str) else "")
        if moment and moment.year not in YEARS:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class TapForm(forms.Form):
    """The body of one tap, as JSON: names as in assessments.taps.Tap."""

    key = forms.UUIDField()
    client_id = forms.UUIDField()
    seq = forms.IntegerField(min_value=1, max_value=MOST)
    item = forms.CharField(max_length=20)
    aspect = forms.ChoiceField(choices=Aspect, required=False)
    value = forms.ChoiceField(choices=Value, required=False)
    note = forms.CharField(max_length=NOTE_LENGTH, required=False)
    base_version = forms.IntegerField(min_value=0, max_value=MOST)
    tapped_at = MomentField()

    def tap(self) -> Tap:
        return Tap(**self.cleaned_data)


class SheetForm(forms.Form):
    """The whole sheet at once: which showing of it (`client`), what it had shown (`seen`), and every place by name."""

    client = forms.UUIDField()
    seen = forms.CharField(max_length=10_000, required=False)

    def __init__(self, data: Mapping[str, Any], *, sheet: Sheet) -> None:
        super().__init__(data)
        self.sheet = sheet

    def clean(self) -> dict[str, Any]:
        self.entries = [entry for place in self.sheet.places() if (entry := self._changed(place_name(*place), *place))]
        if any(len(entry.note) > NOTE_LENGTH for entry in self.entries):
            raise forms.ValidationError(_("Catatan paling panjang %(most)s huruf.") % {"most": NOTE_LENGTH})
        return self.cleaned_data

    @property
    def client_id(self) -> UUID:
        return self.cleaned_data["client"]

    def _changed(self, name: str, item: str, aspect: str) -> Entry | None:
        """The place, if it says something else than the page had shown; what nobody touched is not sent again."""
        if f"n-{name}" not in self.data:  # the page had no such place: methods were set meanwhile
            return None
        value, note = self.data.get(name, ""), self.data.get(f"n-{name}", "").replace("\r\n", "\n").strip()
        version, mark = self._seen().get(name, (0, mark_of("", "")))
        if mark_of(value, note) == mark:
            return None
        return Entry(item, aspect, value, note, version)

    def _seen(self) -> dict[str, tuple[int, str]]:
        if not hasattr(self, "_shown"):
            self._shown = dict(_seen_places(self.data.get("seen", "")))
        return self._shown


def _seen_places(text: str) -> list[tuple[str, tuple[int, str]]]:
    found = []
    for part in text.split(";"):
        name, _equals, rest = part.partition("=")
        version, _dot, mark = rest.partition(".")
        if version.isascii() and version.isdigit() and len(version) < 9:
            found.append((name, (int(version), mark)))
    return found


class MethodsForm(PortalForm):
    """Methods of the play, and whether the asesi objects."""

    mark_optional = False
    methods = forms.MultipleChoiceField(
        label=gettext_lazy("Metode yang dipakai"), required=False, widget=forms.CheckboxSelectMultiple
    )
    has_objection = forms.BooleanField(label=gettext_lazy("Asesi mengajukan keberatan"), required=False)

    def __init__(self, *args: Any, rubric: RubricView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["methods"].choices = [(method.code, method.label) for method in rubric.methods]


class SignForm(PortalForm):
    """What the recorder adds to the sheet and signs: a note and next steps per unit that is BK, and the own name."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    shown = forms.IntegerField(min_value=0, max_value=MOST, widget=forms.HiddenInput)
    summary = forms.CharField(
        label=gettext_lazy("Ringkasan"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Kesan umum dan saran, sebagai bahan umpan balik."),
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("Tanda tangan: ketik nama Anda"), max_length=120)

    def __init__(self, *args: Any, rubric: RubricView, units: Collection[str], signer: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units, self.signer = tuple(units), signer
        steps = [(one.code, one.label) for one in rubric.followups]
        for unit in self.units:
            self.fields[f"gap_{unit}"] = forms.CharField(
                label=_("Kekurangan"), max_length=2000, widget=forms.Textarea({"rows": 3}),
                help_text=_("Apa yang belum terlihat, sebagai fakta."),
                error_messages={"required": _("Tulis kekurangan pada unit %(unit)s.") % {"unit": unit}},
            )  # fmt: skip
            self.fields[f"next_{unit}"] = forms.MultipleChoiceField(
                label=_("Tindak lanjut"), choices=steps, widget=forms.CheckboxSelectMultiple,
                error_messages={"required": _("Pilih tindak lanjut untuk unit %(unit)s.") % {"unit": unit}},
            )  # fmt: skip
        self.fields["name"].help_text = _("Nama Anda di portal: %(name)s.") % {"name": signer}
        self.order_fields([*(name for name in self.fields if name != "name"), "name"])

    def clean_name(self) -> str:
        typed = " ".join(self.cleaned_data["name"].split())
        if typed.casefold() != " ".join(self.signer.split()).casefold():
            raise forms.ValidationError(_("Ketik nama Anda seperti di portal: %(name)s.") % {"name": self.signer})
        return typed

    def explained(self) -> dict[str, tuple[str, list[str]]]:
        data = self.cleaned_data
        return {unit: (data[f"gap_{unit}"], data[f"next_{unit}"]) for unit in self.units}

    def of_unit(self, unit: str) -> list[Any]:
        """The fields of one unit, for its card."""
        return [self[f"gap_{unit}"], self[f"next_{unit}"]] if unit in self.units else []


class RecordReasonForm(PortalForm):
    """Why a record is corrected or given up."""

    reason = forms.CharField(label=gettext_lazy("Alasan"), max_length=500, widget=forms.Textarea({"rows": 3}))


class PlayDecisionForm(PortalForm):
    """K or BK of the asesi, with its reason."""

    result = forms.ChoiceField(
        label=gettext_lazy("Keputusan Anda atas asesi"), choices=Result, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Alasan"), max_length=2000, widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("Sebutkan bukti yang menjadi dasar keputusan."),
    )  # fmt: skip
