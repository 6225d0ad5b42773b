"""A place of assessment."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from batches.models import Venue
from core.forms import PortalModelForm


class VenueForm(PortalModelForm):
    """`has_zone=False` where the batch beside it already says the zone."""

    class Meta:
        model = Venue
        fields = ["name", "kind", "address", "city", "time_zone"]
        labels = {
            "name": _("Nama tempat"),
            "kind": _("Jenis TUK"),
            "address": _("Alamat"),
            "city": _("Kota atau kabupaten"),
            "time_zone": _("Zona waktu"),
        }
        error_messages = {
            "name": {"unique": _("Tempat dengan nama ini sudah ada. Pilih dari daftar, atau tulis nama lain.")}
        }
        widgets = {"address": forms.TextInput}

    def __init__(self, *args: Any, has_zone: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_zone:
            del self.fields["time_zone"]
        self.fields["kind"].choices = [("", _("Pilih jenis TUK")), *Venue.Kind.choices]
