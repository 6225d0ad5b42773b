"""Narrowing of the report of results."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from batches.models import Scheme
from batches.wording import localized
from core.forms import PortalForm


class ReportFilterForm(PortalForm):
    """Anything unknown in the address is ignored."""

    mark_optional = False
    year = forms.ChoiceField(label=_("Tahun mulai"), required=False)
    scheme = forms.ChoiceField(label=_("Skema"), required=False)

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", _("Semua tahun")), *((str(year), str(year)) for year in years)]
        titles = [(scheme.code, localized(scheme.title)) for scheme in Scheme.objects.all()]
        self.fields["scheme"].choices = [("", _("Semua skema")), *titles]

    def chosen(self) -> dict[str, str]:
        """What was understood of the address line."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
