"""Input of the desk about rotations and single plays."""

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from assessments.models import RolePlay
from assessments.rubric import RubricView
from assessments.states import Mode
from batches.models import Room
from batches.wording import localized
from core.forms import DateTimeField3, PortalForm
from participants.models import Registration

LEAST_MINUTES, MOST_MINUTES = 10, 240
DEFAULT_MINUTES = {Mode.FORMATIVE: 45, Mode.SUMMATIVE: 30}
GROUP_SIZES = [(size, str(size)) for size in range(3, 7)]
SEEDS = 2**31 - 1


def method_field(rubric: RubricView | None, *, is_exam: bool) -> forms.MultipleChoiceField:
    """Tick boxes of the rubric's methods; those with direct evidence say so, because an exam needs one."""
    choices = [
        (one.code, f"{localized(one.label)} ({_('bukti langsung')})" if one.is_direct else localized(one.label))
        for one in (rubric.methods if rubric else ())
    ]
    return forms.MultipleChoiceField(
        label=_("Metode yang dipakai"), choices=choices, required=is_exam, widget=forms.CheckboxSelectMultiple,
        initial=[code for code, _label in choices if code in {"OBS", "WAW"}],
    )  # fmt: skip


def minutes_field(initial: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Menit per putaran"), min_value=LEAST_MINUTES, max_value=MOST_MINUTES, initial=initial,
        widget=forms.NumberInput({"class": "input-short"}),
    )  # fmt: skip


class RotationForm(PortalForm):
    """How a rotation is made. The seed travels hidden: the same one gives the same plan, "again" draws another."""

    mark_optional = False
    seed = forms.IntegerField(required=False, min_value=0, max_value=SEEDS, widget=forms.HiddenInput)

    def __init__(self, *args: Any, mode: Mode, rubric: RubricView | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"] = minutes_field(DEFAULT_MINUTES[mode])
        if not mode.is_exam:
            self.fields["group_size"] = forms.TypedChoiceField(
                label=_("Orang per kelompok, paling banyak"), choices=GROUP_SIZES, coerce=int, initial=3,
                help_text=_("Kelompok lebih kecil berarti putaran lebih sedikit. Tanpa pengamat bila hanya berdua."),
            )  # fmt: skip
        self.fields["methods"] = method_field(rubric, is_exam=mode.is_exam)
        self.fields["has_objection"] = forms.BooleanField(
            label=_("Skenario memuat keberatan asesi"), required=False,
            help_text=_("Bila tidak dicentang, bagian penanganan keberatan tidak dinilai."),
        )  # fmt: skip
        for name, field in self.fields.items():
            self._give_sentences(name, field)

    def clean_seed(self) -> int:
        given = self.cleaned_data.get("seed")
        return secrets.randbelow(SEEDS) if given is None else given


class AssessorField(forms.ModelChoiceField):
    """One of the staff of a batch under their public code; what blocks somebody stands beside the name."""

    def __init__(self, people: Sequence[User], blocked: dict[int, str], **options: Any) -> None:
        queryset = User.objects.filter(pk__in=[person.pk for person in people])
        super().__init__(queryset, to_field_name="code", label=_("Asesor senior yang merekam"), **options)
        marks = {person.code: f" – {_('terhalang')}" for person in people if blocked.get(person.pk)}
        self.choices = [("", _("Belum ditentukan"))] + [
            (person.code, f"{person}{marks.get(person.code, '')}") for person in people
        ]


class RoomField(forms.ModelChoiceField):
    def __init__(self, rooms: Sequence[Room], **options: Any) -> None:
        queryset = Room.objects.filter(pk__in=[room.pk for room in rooms])
        super().__init__(queryset, to_field_name="code", label=_("Ruang"), required=False, **options)
        self.choices = [("", _("Belum ditentukan"))] + [(room.code, room.name) for room in rooms]


def external_name_field(help_text: str) -> forms.CharField:
    return forms.CharField(label=_("Asesi dari luar"), max_length=120, required=False, help_text=help_text)


class PlayForm(PortalForm):
    """Who records one play, where, and perhaps an asesi from outside."""

    def __init__(
        self, *args: Any, play: RolePlay, people: Sequence[User], blocked: dict[int, str], rooms: Sequence[Room],
        external_name: str, **kwargs: Any,
    ) -> None:  # fmt: skip
        initial = {
            "assessor": play.assessor.code if play.assessor else "", "room": play.room.code if play.room else "",
            "external_name": external_name,
        }  # fmt: skip
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["assessor"] = AssessorField(people, blocked, required=False)
        if play.assessor:  # somebody else may take over, but a play is not left without
            self.fields["assessor"].choices = self.fields["assessor"].choices[1:]
        if rooms:
            self.fields["room"] = RoomField(rooms)
        self.fields["external_name"] = external_name_field(
            _("Isi hanya bila asesi bukan peserta angkatan ini. Namanya menggantikan peserta yang tertulis.")
        )
        for name, field in self.fields.items():
            self._give_sentences(name, field)


class CancelPlayForm(PortalForm):
    reason = forms.CharField(
        label=gettext_lazy("Alasan"), max_length=300, help_text=gettext_lazy("Dibaca peserta dan penguji.")
    )


class ExamPlayForm(PortalForm):
    """One exam play outside the class's plan."""

    def __init__(
        self, *args: Any, rubric: RubricView | None, zone: str, people: Sequence[User], blocked: dict[int, str],
        others: Sequence[Registration], rooms: Sequence[Room], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["assessor"] = AssessorField(people, blocked)
        asesi = forms.ModelChoiceField(
            Registration.objects.filter(pk__in=[one.pk for one in others]), to_field_name="code", required=False,
            label=_("Peserta yang menjadi asesi"),
        )  # fmt: skip
        asesi.choices = [("", _("Asesi dari luar"))] + [(one.code, str(one.person)) for one in others]
        self.fields["asesi"] = asesi
        self.fields["external_name"] = external_name_field(_("Isi bila asesi bukan peserta angkatan ini."))
        self.fields["starts_at"] = DateTimeField3(label=_("Mulai"), zone=zone)
        self.fields["minutes"] = minutes_field(DEFAULT_MINUTES[Mode.SUMMATIVE])
        if rooms:
            self.fields["room"] = RoomField(rooms)
        self.fields["methods"] = method_field(rubric, is_exam=True)
        for name, field in self.fields.items():
            self._give_sentences(name, field)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("asesi") and values.get("external_name"):
            self.add_error("external_name", _("Pilih peserta atau tulis nama dari luar, jangan keduanya."))
        return values
