"""Narrowing of lists; anything unknown in the address is ignored."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from batches.models import Scheme
from batches.states import BatchStatus
from batches.wording import localized
from core.forms import PortalForm


class _FilterForm(PortalForm):
    mark_optional = False

    def chosen(self) -> dict[str, str]:
        """What was understood of the address line."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class BatchFilterForm(_FilterForm):
    """Of the admin's list; the states are pills."""

    q = forms.CharField(
        label=_("Cari nama angkatan"), required=False, max_length=80, widget=forms.TextInput({"type": "search"})
    )
    scheme = forms.ChoiceField(label=_("Skema"), required=False)
    status = forms.ChoiceField(required=False, choices=BatchStatus.choices, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = [(scheme.code, localized(scheme.title)) for scheme in Scheme.objects.all()]
        self.fields["scheme"].choices = [("", _("Semua skema")), *titles]


class OpenBatchFilterForm(_FilterForm):
    """Of the public list: only what there is to choose from."""

    skema = forms.ChoiceField(label=_("Skema"), required=False)
    kota = forms.ChoiceField(label=_("Kota"), required=False)

    def __init__(self, *args: Any, schemes: Iterable[Scheme], cities: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = sorted({(scheme.code, localized(scheme.title)) for scheme in schemes})
        self.fields["skema"].choices = [("", _("Semua skema")), *titles]
        self.fields["kota"].choices = [("", _("Semua kota")), *((city, city) for city in sorted(set(cities)))]
