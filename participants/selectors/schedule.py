"""The sessions that a person attends or instructs, for the own page and the own calendar."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from icalendar import Event

from accounts.models import User
from batches.calendar import KEPT, instructors_of, schedule_url, with_takers
from batches.ics import session_event
from batches.models import Session, SessionKind
from batches.states import BatchStatus
from core import clock
from participants.models import Registration
from participants.states import SEATED

REMEMBERED = timedelta(days=180)  # how far back a calendar looks


def own_sessions(user: User) -> list[tuple[Session, bool]]:
    """(session, whether the person instructs it) of all that he or she attends or instructs; breaks left out.

    Cancelled ones stay, so that calendars take them away. Two queries.
    """
    since = clock.now() - REMEMBERED
    seats = Registration.objects.owned_by(user).filter(status__in=SEATED)
    mine = Q(batch__in=seats.order_by().values("batch")) | Q(bookings__person=user)
    sessions = Session.objects.filter(
        mine, batch__status__in=(*KEPT, BatchStatus.CANCELLED), period__endswith__gt=since
    ).exclude(kind=SessionKind.BREAK)
    found = with_takers(sessions.select_related("batch__venue").order_by("period", "pk").distinct())
    return [(session, user.pk in {person.pk for person in instructors_of(session)}) for session in found]


def own_events(user: User) -> Iterator[Event]:
    """The calendar entries of a person; three queries."""
    seats = Registration.objects.owned_by(user).filter(status__in=SEATED).values_list("batch", "code")
    own_pages = {batch: reverse("participants:my_schedule", args=[code]) for batch, code in seats}
    for session, instructs in own_sessions(user):
        path = schedule_url(session) if instructs else own_pages.get(session.batch_id, reverse("participant_home"))
        people = [str(person) for person in instructors_of(session)]
        yield session_event(session, path, people=people, is_private=True)
