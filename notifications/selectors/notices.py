"""Notices: what the mails say, read in the portal. There is no second store: a notice is a mail."""

from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from notifications import registry
from notifications.models import Email, EmailEvent, EmailQuerySet
from notifications.states import EmailStatus

NOTICED = (EmailStatus.QUEUED, EmailStatus.SENDING, EmailStatus.RETRYING, EmailStatus.SENT, EmailStatus.FAILED)


def _notices() -> EmailQuerySet:
    told = Email.objects.filter(status__in=NOTICED, clear_after_sending=False)
    return told.exclude(kind__in=registry.ready_kinds())


def notices_of(user: models.Model) -> EmailQuerySet:
    """What the portal has to tell this person, whether or not the mail came through; newest first.

    Not: mails that arrive with their text (links that open accounts, trials), held ones, and those whose cause is gone.
    """
    return _notices().filter(recipient=user)


def with_visible_at(notices: EmailQuerySet) -> EmailQuerySet:
    """Each notice with `visible_at`: when it was first queued to go out, which for held mails is later than their row.

    Sending it again tells its reader nothing new.
    """
    queued = EmailEvent.objects.filter(email=OuterRef("pk"), status=EmailStatus.QUEUED).order_by("id").values("at")[:1]
    return notices.annotate(visible_at=Coalesce(Subquery(queued), "created_at"))


def unread_count(user: models.Model) -> int:
    """Notices that the person has not read; one indexed query."""
    return notices_of(user).filter(read_at=None).count()


def unread_per_person() -> Coalesce:
    """The same as a column of a query over people."""
    unread = _notices().filter(recipient=OuterRef("pk"), read_at=None).order_by().values("recipient")
    return Coalesce(Subquery(unread.annotate(n=Count("pk")).values("n")), 0)
