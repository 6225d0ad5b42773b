"""The check without an account: a few questions in the address, nothing stored."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.clock import today
from core.forms import PortalForm
from participants.eligibility import Facts, Reference, RuleSet, quick_facts, uses
from participants.facts import load_reference
from participants.forms.base import education_choices


class QuickCheckForm(PortalForm):
    """Only what the scheme's rules look at is asked; an open question stays open in the result."""

    mark_optional = False

    education = forms.ChoiceField(label=_("Pendidikan terakhir Anda"), required=False)
    years = forms.IntegerField(
        label=_("Lama bekerja di bidang yang akan Anda ases, dalam tahun"),
        help_text=_("Hitung tahun penuh saja, misalnya 5."),
        min_value=0,
        max_value=60,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "class": "input-short", "maxlength": "2"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Tulis lama bekerja dengan angka dari 0 sampai 60, misalnya 5.")
        ),
    )
    certificate = forms.ChoiceField(
        label=_("Apakah Anda memiliki sertifikat kompetensi teknis?"),
        choices=[
            ("yes", _("Ya, masih berlaku")),
            ("expired", _("Ada, tetapi masa berlakunya habis")),
            ("no", _("Tidak ada")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    birth_year = forms.IntegerField(
        label=_("Tahun lahir"),
        help_text=_("Misalnya 1990."),
        required=False,
        error_messages={"invalid": _("Tulis tahun lahir dengan empat angka, misalnya 1990.")},
        widget=forms.TextInput({"inputmode": "numeric", "class": "input-short", "maxlength": "4"}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        rule_set: RuleSet | None = None,
        reference: Reference | None = None,
    ) -> None:
        super().__init__(data)
        self.fields["education"].choices = education_choices(reference or load_reference())
        if rule_set:
            self._drop_unasked(rule_set)

    def _drop_unasked(self, rule_set: RuleSet) -> None:
        asked = {
            "education": uses(rule_set, "education_min"),
            "years": uses(rule_set, "experience_min_years"),
            "certificate": uses(rule_set, "certificate_held"),
            "birth_year": uses(rule_set, "age_between"),
        }
        for name in (name for name, is_asked in asked.items() if not is_asked):
            del self.fields[name]

    def clean_birth_year(self) -> int | None:
        year = self.cleaned_data["birth_year"]
        if year is not None and not 1930 <= year <= today().year - 15:
            message = _("Tahun lahir harus antara %(least)s dan %(most)s.")
            raise forms.ValidationError(message, params={"least": 1930, "most": today().year - 15}, code="year")
        return year

    def facts(self, starts_on: date | None = None, ends_on: date | None = None) -> Facts:
        """The good answers as facts, measured at the start of a training."""
        self.is_valid()
        good = getattr(self, "cleaned_data", {})
        return quick_facts(
            today=today(),
            education_level=good.get("education", ""),
            experience_years=good.get("years"),
            certificate=good.get("certificate", ""),
            birth_year=good.get("birth_year"),
            training_starts_on=starts_on,
            training_ends_on=ends_on,
        )
