"""People and rooms that sessions take: locked in one order, guarded by the database, explained when refused."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, connection, transaction

from accounts.models import User
from batches.clashes import Wanted, find_clashes, overlap, serves, taken_times, whole_span
from batches.errors import ScheduleClash
from batches.models import Assignment, Batch, Booking, Room, Session
from core import clock

GUARDS = {"session_class_free", "booking_person_free", "booking_room_free"}


def lock_takers(people: Iterable[int], rooms: Iterable[int] = ()) -> None:
    """Rooms, then people, each by ascending id; the caller holds the batch's lock.

    Two acts that book the same person wait here for each other. Without it both would insert and then wait for the
    other's end: a deadlock instead of an answer.
    """
    list(Room.objects.select_for_update(no_key=True).filter(pk__in=list(rooms)).order_by("pk"))
    list(User.objects.select_for_update(no_key=True).filter(pk__in=list(people)).order_by("pk"))


@contextmanager
def nobody_in_two_places(batch: Batch, wanted: list[Wanted]) -> Iterator[None]:
    """Runs its block, then has the database look: ScheduleClash explains and undoes the block.

    Meanwhile sessions may pass over each other: a whole timetable shifts at once.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS session_class_free, booking_person_free, booking_room_free DEFERRED")
            yield
            cursor.execute("SET CONSTRAINTS session_class_free, booking_person_free, booking_room_free IMMEDIATE")
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") not in GUARDS:
            raise
        raise ScheduleClash(find_clashes(batch, wanted)) from error


def book_staff(batch: Batch, assignments: Iterable[Assignment], sessions: Iterable[Session]) -> None:
    """Books each for the sessions of his or her duty; who is elsewhere is left out and named by clashes.left_out.

    The caller holds the batch's lock.
    """
    assignments, sessions = list(assignments), list(sessions)
    if not assignments or not sessions:
        return
    lock_takers(assignment.person_id for assignment in assignments)
    elsewhere: dict[int, list[Session]] = {}
    span = whole_span(session.period for session in sessions)
    for booking in taken_times([one.person_id for one in assignments], span):
        elsewhere.setdefault(booking.person_id, []).append(booking.session)
    Booking.objects.bulk_create(
        Booking(session=session, person_id=assignment.person_id)
        for assignment in assignments
        for session in sessions
        if serves(assignment.function, session.kind)
        and not any(overlap(session.period, other.period) for other in elsewhere.get(assignment.person_id, []))
    )


def coming_sessions(batch: Batch) -> list[Session]:
    """Live sessions that have not ended."""
    return list(Session.objects.live().filter(batch=batch, period__endswith__gt=clock.now()))


def unbook(batch: Batch, person: User) -> None:
    """Takes a person out of the sessions that have not ended; the caller holds the batch's lock."""
    Booking.objects.filter(person=person, session__in=coming_sessions(batch)).delete()


def set_takers(session: Session, people: Iterable[int], rooms: Iterable[int]) -> None:
    """Exactly these people and rooms are taken by the session."""
    people, rooms = set(people), set(rooms)
    for booking in session.bookings.all():
        wanted = booking.person_id in people if booking.person_id else booking.room_id in rooms
        if not wanted:
            booking.delete()
        people.discard(booking.person_id)
        rooms.discard(booking.room_id)
    Booking.objects.bulk_create(Booking(session=session, person_id=pk) for pk in sorted(people))
    Booking.objects.bulk_create(Booking(session=session, room_id=pk) for pk in sorted(rooms))
