"""The page of a new batch: plan, staff and perhaps a new venue, right or wrong together."""

from typing import Any

from django.http import QueryDict

from batches.forms.planning import BatchForm
from batches.forms.staff import StaffForm
from batches.forms.venue import VenueForm
from batches.models import Scheme
from batches.plan import BatchPlan
from batches.suggestions import suggest

VENUE = "tempat"


class NewBatch:
    """Three forms under one button."""

    def __init__(self, data: QueryDict | None, scheme: Scheme) -> None:
        suggestion = suggest(scheme)
        self.has_new_venue = bool(data) and any(data.get(f"{VENUE}-{name}") for name in ("name", "address", "city"))
        if data and self.has_new_venue:
            data = data.copy()
            data["venue"] = ""  # what was typed counts, not what the list proposed
        self.plan = BatchForm(data, scheme=scheme, initial=suggestion.plan)
        self.staff = StaffForm(data, initial=suggestion.staff)
        self.venue = VenueForm(data if self.has_new_venue else None, prefix=VENUE, has_zone=False)

    @property
    def forms(self) -> list[Any]:
        """Those that were filled in, for the summary of errors."""
        return [self.plan, self.venue, self.staff] if self.has_new_venue else [self.plan, self.staff]

    @property
    def has_errors(self) -> bool:
        return any(form.errors for form in self.forms)

    def is_valid(self) -> bool:
        verdicts = [form.is_valid() for form in self.forms]  # all of them: each shall say what it misses
        return all(verdicts)

    def batch_plan(self) -> BatchPlan:
        """Plan and staff, once all is right."""
        people = {name: list(self.staff.cleaned_data[name]) for name in ("facilitators", "examiners")}
        return self.plan.plan(**people)

    def new_venue(self) -> dict[str, Any] | None:
        """The venue to be added; it is in the zone of the batch."""
        if not self.has_new_venue:
            return None
        return self.venue.cleaned_data | {"time_zone": self.plan.cleaned_data["time_zone"]}
