"""What the desk's board asks of batches."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, Q, QuerySet, When

from batches.models import Batch, Session, SessionKind
from batches.states import BEFORE_START, BatchStatus
from core import clock

S = BatchStatus
UNDER_WAY = (S.RUNNING, S.EXAMINING)


def sessions_today() -> QuerySet[Session]:
    """Sessions that begin today on the portal's clock, the next first; breaks and cancelled batches left out."""
    midnight = datetime.combine(clock.today(settings.TIME_ZONE), time(), ZoneInfo(settings.TIME_ZONE))
    today = Session.objects.live().filter(
        period__startswith__gte=midnight, period__startswith__lt=midnight + timedelta(days=1)
    )
    called_off = [S.CANCELLED, S.ARCHIVED]
    rows = today.exclude(kind=SessionKind.BREAK).exclude(batch__status__in=called_off)
    return rows.select_related("batch").order_by("period", "order", "id")


def batches_at_hand(also: Collection[int] = (), *, most: int = 12) -> list[Batch]:
    """Running batches first, then those that are being prepared, then those of `also` (ids) that have ended."""
    turn = Case(When(status__in=UNDER_WAY, then=0), When(status__in=BEFORE_START, then=1), default=2)
    rows = Batch.objects.filter(Q(status__in=[*UNDER_WAY, *BEFORE_START]) | Q(pk__in=also))
    return list(rows.select_related("scheme", "venue", "agenda").order_by(turn, "starts_on", "id")[:most])
