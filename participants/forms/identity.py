"""Who the person is. The number is never shown again: a stored one stays unless another is typed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField
from phonenumber_field.phonenumber import PhoneNumber

from core.clock import today
from core.forms import DateField3
from participants.forms.base import Answer, PartForm
from participants.models import Person, Registration
from participants.nik import NIK, SENTENCES, WARNINGS, NikReport, inspect, mask_identity, passport_findings

PLAIN = ("full_name", "title_front", "title_back", "nationality", "identity_kind", "birth_place", "sex", "address")
NUMBER_OF = {Person.IdentityKind.NIK: "nik", Person.IdentityKind.PASSPORT: "passport"}


class IdentityForm(PartForm):
    """Name, identity number of the chosen kind, birth, sex, phone and address.

    A NIK that differs from birth date or sex is no error: `notes` tells it, staff look at the KTP.
    """

    full_name = forms.CharField(
        label=_("Nama lengkap"),
        help_text=_("Tanpa gelar, sama seperti pada KTP atau paspor."),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name", "autocapitalize": "words"}),
        error_messages={"required": _("Tulis nama lengkap sesuai KTP atau paspor.")},
    )
    title_front = forms.CharField(label=_("Gelar di depan nama"), max_length=40, required=False)
    title_back = forms.CharField(
        label=_("Gelar di belakang nama"), help_text=_("Misalnya S.T., M.M."), max_length=60, required=False
    )
    nationality = forms.ChoiceField(
        label=_("Kewarganegaraan"),
        choices=[("WNI", _("Warga negara Indonesia")), ("WNA", _("Warga negara asing"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih kewarganegaraan Anda.")},
    )
    identity_kind = forms.ChoiceField(
        label=_("Jenis identitas"),
        choices=Person.IdentityKind,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih NIK atau paspor.")},
    )
    nik = forms.CharField(
        label=_("NIK"),
        help_text=_("16 angka pada KTP."),
        max_length=40,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    passport = forms.CharField(
        label=_("Nomor paspor"),
        help_text=_("6 sampai 15 huruf atau angka."),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )
    birth_place = forms.CharField(label=_("Tempat lahir"), help_text=_("Kota atau kabupaten."), max_length=80)
    birth_date = DateField3(label=_("Tanggal lahir"), help_text=_("Misalnya 17 8 1990."), years=(1930, 2015))
    sex = forms.ChoiceField(
        label=_("Jenis kelamin"),
        choices=Person.Sex,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih jenis kelamin.")},
    )
    phone = PhoneNumberField(
        label=_("Nomor WhatsApp"),
        help_text=_("Misalnya 0812-3456-7890. Kami memakainya hanya untuk pendaftaran ini."),
        region="ID",
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("Tulis nomor WhatsApp yang diawali 08 atau +62, misalnya 0812-3456-7890.")
        ),
    )
    address = forms.CharField(
        label=_("Alamat tempat tinggal"),
        help_text=_("Jalan, nomor, desa atau kelurahan, kecamatan, kota atau kabupaten."),
        max_length=300,
        widget=forms.Textarea({"rows": 3, "autocomplete": "street-address"}),
    )

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        self.person: Person = registration.person
        super().__init__(*args, registration=registration, **kwargs)
        chosen = self.data.get("identity_kind") if self.is_bound else None
        for kind, name in NUMBER_OF.items():
            field = self.fields[name]
            is_stored = self.has_stored_number and self.person.identity_kind == kind
            field.required = not is_stored and chosen in (None, kind)
            field.error_messages["required"] = SENTENCES["nik_empty" if kind == NIK else "passport_format"]
            if is_stored:
                words = {"mask": self.person.identity_mask}
                field.help_text = gettext("Tersimpan: %(mask)s. Isi hanya bila ingin mengganti.") % words

    @property
    def has_stored_number(self) -> bool:
        return bool(self.person.identity_mask)

    def initial_of(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """From the person, not from the part: identifiers live sealed there. Most people are WNI with a NIK."""
        person = self.person
        values = {name: getattr(person, name) for name in PLAIN}
        values["full_name"] = person.full_name or person.user.name
        values["nationality"] = person.nationality or "WNI"
        values["identity_kind"] = person.identity_kind or Person.IdentityKind.NIK
        values["birth_date"] = date.fromisoformat(person.birth_date) if person.birth_date else None
        values["phone"] = _phone(person.phone)
        return values

    def clean_birth_date(self) -> date:
        born = self.cleaned_data["birth_date"]
        if born >= today():
            raise forms.ValidationError(gettext("Tanggal lahir harus sebelum hari ini."), code="future")
        return born

    def clean(self) -> dict[str, Any]:
        kind = self.cleaned_data.get("identity_kind")
        if kind in NUMBER_OF:
            self._check_number(kind, NUMBER_OF[kind])
        return self.cleaned_data

    def _check_number(self, kind: str, name: str) -> None:
        typed = self.cleaned_data.get(name, "")
        if name in self.errors or not typed:
            return
        if kind == NIK:
            report = self._nik_report(typed)
            for sentence in report.sentences(report.faults):
                self.add_error(name, sentence)
        elif passport_findings(typed):
            self.add_error(name, SENTENCES["passport_format"])

    def _nik_report(self, typed: str) -> NikReport:
        return inspect(typed, self.cleaned_data.get("birth_date"), self.cleaned_data.get("sex", ""))

    def answers(self) -> dict[str, Any]:
        """The keys of `services.save_identity`; what is not good is left out and stays as it was."""
        good = {name: value for name, value in self.cleaned_data.items() if name not in ("nik", "passport")}
        if "phone" in good:
            good["phone"] = good["phone"].as_e164 if good["phone"] else ""
        number = self.cleaned_data.get(NUMBER_OF.get(good.get("identity_kind", ""), ""), "")
        if number:
            good["identity"] = number
        elif good.get("identity_kind") != self.person.identity_kind:
            good.pop("identity_kind", None)  # a kind without its number would belong to the number stored before
        return good

    def draft(self) -> dict[str, Any]:
        self.is_valid()
        return self.answers()

    def unsaved_labels(self) -> list[str]:
        """Names of the fields whose text a draft cannot keep: identifiers are stored sealed or not at all."""
        return [str(self[name].label) for name in self.errors if name in self.fields and self[name].data]

    def summary(self) -> list[Answer]:
        hidden = {"nik", "passport"}
        rows = super().summary()
        labels = {str(self.fields[name].label) for name in hidden}
        kept = [row for row in rows if row.label not in labels]
        kind = str(self.fields["identity_kind"].label)
        place = next(index for index, row in enumerate(kept) if row.label == kind) + 1
        return [*kept[:place], Answer(gettext("Nomor identitas"), self._mask()), *kept[place:]]

    def _mask(self) -> str:
        if not self.is_bound:
            return self.person.identity_mask
        kind = self.cleaned_data.get("identity_kind", "")
        number = self.cleaned_data.get(NUMBER_OF.get(kind, ""), "")
        return mask_identity(kind, number) if number else self.person.identity_mask

    def words(self, bound: forms.BoundField) -> str:
        if bound.name == "phone" and self.is_bound and "phone" in self.cleaned_data:
            return getattr(self.cleaned_data["phone"], "as_national", "")
        return super().words(bound)


def identity_notes(person: Person) -> list[str]:
    """The differences that the stored number has, one sentence each."""
    return [str(SENTENCES[code]) for code in person.identity_findings if code in WARNINGS]


def _phone(stored: str) -> PhoneNumber | str:
    """A stored number as people here write it."""
    return PhoneNumber.from_string(stored, region="ID") if stored else ""
