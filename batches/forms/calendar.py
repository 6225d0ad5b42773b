"""What a calendar is narrowed to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from batches.calendar import batches_in_calendar
from batches.models import Room
from batches.selectors import assessors
from core.forms import PortalForm


class CalendarFilterForm(PortalForm):
    """Batch, room and person; `bulan` is kept."""

    mark_optional = False
    bulan = forms.CharField(required=False, widget=forms.HiddenInput)
    angkatan = forms.ChoiceField(label=_("Angkatan"), required=False)
    ruang = forms.ChoiceField(label=_("Ruang"), required=False)
    orang = forms.ChoiceField(label=_("Pengajar"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = Room.objects.select_related("venue").order_by("venue__name", "name")
        offered = {
            "angkatan": (_("Semua angkatan"), [(batch.code, batch.name) for batch in batches_in_calendar()]),
            "ruang": (_("Semua ruang"), [(room.code, f"{room.name}, {room.venue.name}") for room in rooms]),
            "orang": (_("Semua pengajar"), [(person.code, str(person)) for person in assessors()]),
        }
        for name, (everything, choices) in offered.items():
            self.fields[name].choices = [("", everything), *choices]

    def chosen(self) -> dict[str, str]:
        """What is really on offer; anything else counts as not chosen."""
        self.full_clean()
        values = getattr(self, "cleaned_data", {})
        return {name: values[name] for name in ("angkatan", "ruang", "orang") if values.get(name)}
