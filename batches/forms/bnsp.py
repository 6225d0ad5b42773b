"""The letter to BNSP and its answer."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.clock import today
from core.forms import DateField3, PortalForm


class _PaperForm(PortalForm):
    """Number and day of a letter that exists already."""

    number = forms.CharField(label=_("Nomor surat"), max_length=80, widget=forms.TextInput({"autocomplete": "off"}))
    on = DateField3(label=_("Tanggal surat"), example="3 8 2026")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].years = (today().year - 1, today().year)

    def clean_on(self) -> date:
        on = self.cleaned_data["on"]
        if on > today():
            raise forms.ValidationError(gettext("Tanggal surat belum tiba. Catat setelah suratnya ada."))
        return on


class LetterForm(_PaperForm):
    """The application letter."""

    number = forms.CharField(
        label=_("Nomor surat permohonan"), max_length=80, widget=forms.TextInput({"autocomplete": "off"})
    )


class ApprovalForm(_PaperForm):
    """BNSP's approval."""

    number = forms.CharField(
        label=_("Nomor persetujuan BNSP"), max_length=80, widget=forms.TextInput({"autocomplete": "off"})
    )
