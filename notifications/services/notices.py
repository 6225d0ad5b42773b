"""Mails as notices in the portal: what a person has read."""

from datetime import datetime

from django.db import models, transaction

from core import clock
from notifications.models import Email
from notifications.selectors.notices import notices_of, with_visible_at


@transaction.atomic
def mark_read(notice: Email, *, by: models.Model) -> None:
    """Keeps when `by` read this notice for the first time; does nothing for somebody else's."""
    notices_of(by).filter(pk=notice.pk, read_at=None).update(read_at=clock.now())


@transaction.atomic
def mark_all_read(*, until: datetime, by: models.Model) -> int:
    """Marks what `by` had not read when a page of that moment was shown; later ones stay unread. How many.

    What was held then was not on that page, however old its row is.
    """
    unread = with_visible_at(notices_of(by).filter(read_at=None))
    return unread.filter(visible_at__lte=until).update(read_at=clock.now())
