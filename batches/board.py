"""What the desk's board asks of batches."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, Q, QuerySet, When

from batches.models import Batch, Session, SessionKind
from batches.readiness import with_facts
from batches.states import BEFORE_START, BatchStatus
from core import clock

S = BatchStatus
UNDER_WAY = (S.RUNNING, S.EXAMINING)


def begins_today() -> Q:
    """Sessions that begin today on the portal's clock; breaks, and what was called off, left out."""
    midnight = datetime.combine(clock.today(settings.TIME_ZONE), time(), ZoneInfo(settings.TIME_ZONE))
    today = Q(period__startswith__gte=midnight, period__startswith__lt=midnight + timedelta(days=1))
    called_off = Q(kind=SessionKind.BREAK) | Q(batch__status__in=[S.CANCELLED, S.ARCHIVED])
    return today & Q(cancelled_at=None) & ~called_off


def sessions_today() -> QuerySet[Session]:
    """Today's sessions of all batches, the next first."""
    return Session.objects.filter(begins_today()).select_related("batch").order_by("period", "order", "id")


def batches_at_hand(also: Collection[int] = (), *, most: int = 12) -> list[Batch]:
    """Running batches first, then those that are being prepared, then those of `also` (ids) that have ended.

    They carry the facts that their lists of readiness ask for; one query.
    """
    turn = Case(When(status__in=UNDER_WAY, then=0), When(status__in=BEFORE_START, then=1), default=2)
    rows = with_facts(Batch.objects.filter(Q(status__in=[*UNDER_WAY, *BEFORE_START]) | Q(pk__in=also)))
    return list(rows.select_related("scheme", "venue", "agenda").order_by(turn, "starts_on", "id")[:most])
