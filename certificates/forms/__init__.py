"""Input about certificates."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from certificates import rendering
from certificates.states import CertificateStatus
from core.errors import DomainError
from core.forms import PortalForm

LONGEST_NAME = 160


def _printable(name: str) -> str:
    try:
        return rendering.check_printable(name)
    except DomainError as error:
        raise ValidationError(str(error)) from error


def _name_field(label: object) -> forms.CharField:
    hint = _("Persis seperti yang akan dicetak, dengan gelar bila Anda ingin gelarnya dicetak.")
    return forms.CharField(label=label, max_length=LONGEST_NAME, help_text=hint)


def _reason_field(label: object) -> forms.CharField:
    return forms.CharField(label=label, max_length=500, widget=forms.Textarea({"rows": 3}))


class ConfirmNameForm(PortalForm):
    """The participant's own name, as it will be printed."""

    name = _name_field(_("Nama pada sertifikat"))
    agree = forms.BooleanField(label=_("Nama ini sudah benar dan boleh dicetak"))

    def clean_name(self) -> str:
        return _printable(self.cleaned_data["name"])


class CorrectNameForm(PortalForm):
    """Another name proposed by the desk."""

    name = _name_field(_("Nama pada sertifikat"))
    reason = _reason_field(_("Alasan perbaikan"))

    def clean_name(self) -> str:
        return _printable(self.cleaned_data["name"])


class ReasonForm(PortalForm):
    """Why a certificate ends or is replaced; everybody who verifies it may read a revocation's reason."""

    reason = _reason_field(_("Alasan"))


class RegisterFilterForm(PortalForm):
    """Narrows the register; anything unknown in the address is ignored."""

    mark_optional = False
    q = forms.CharField(
        label=_("Nama atau nomor sertifikat"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )
    year = forms.ChoiceField(label=_("Tahun terbit"), required=False)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Semua status")), *CertificateStatus.choices]
    )
    batch = forms.ChoiceField(label=_("Angkatan"), required=False)

    def __init__(self, *args, years: list[int], batches: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", _("Semua tahun")), *((str(year), str(year)) for year in years)]
        self.fields["batch"].choices = [("", _("Semua angkatan")), *batches]

    def chosen(self) -> dict[str, str]:
        """What was understood of the address line."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class SearchForm(PortalForm):
    """Number and name of a certificate, for people without its QR code."""

    mark_optional = False
    number = forms.CharField(label=_("Nomor sertifikat"), max_length=80)
    name = forms.CharField(
        label=_("Nama pemegang"), max_length=LONGEST_NAME, help_text=_("Nama lengkap atau nama belakang.")
    )

    def clean_number(self) -> str:
        return re.sub(r"\s+", " ", self.cleaned_data["number"]).strip()
