"""Places of assessment."""

from typing import Any

from django.db import transaction

from accounts.models import User
from batches.models import Venue
from core import audit


@transaction.atomic
def save_venue(venue: Venue | None, values: dict[str, Any], *, by: User) -> Venue:
    """Adds a venue, or changes one. Keys: name, kind, address, city, time_zone."""
    venue = venue or Venue()
    before = {name: getattr(venue, name) for name in values} if venue.pk else dict.fromkeys(values, "")
    for name, value in values.items():
        setattr(venue, name, value)
    venue.save()
    audit.record("venue_saved", venue, by=by, changes={name: (before[name], values[name]) for name in values})
    return venue
