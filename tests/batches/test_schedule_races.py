"""Many real connections at once: one person, one room, one class is in one place, and one change is one mail.

The control drops the database's guard for the time of the test and books the naive way: it must double-book, so the
race is really there.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import sleep

import pytest
from django.db import connection

from batches import services
from batches.errors import ScheduleClash
from batches.models import Booking, Session
from core import clock
from notifications.models import Email
from tests.factories.batches import make_assessor, make_batch, make_planner, make_venue
from tests.factories.schedule import as_planned, evening, make_room

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 16
GUARD = (
    "ALTER TABLE batches_booking ADD CONSTRAINT booking_person_free EXCLUDE USING gist "
    "(int8range(person_id, person_id, '[]') WITH &&, blocked WITH &&) WHERE (person_id IS NOT NULL) "
    "DEFERRABLE INITIALLY IMMEDIATE"
)


def at_once(acts):
    """Each act on a connection of its own, all begun together; results, or the errors raised."""
    begin = Barrier(len(acts))

    def work(act):
        begin.wait(timeout=30)
        try:
            return act()
        except Exception as error:  # the test looks at what came out
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(work, acts))


@pytest.fixture
def batches():
    """Sixteen batches on the same days."""
    venue = make_venue()
    return [make_batch(venue=venue) for _number in range(AT_ONCE)]


@pytest.fixture
def plans(batches):
    """An hour of the same evening in each of them."""
    return [evening(batch) for batch in batches]


def add(batch, plan, **changes):
    by = make_planner()
    values = {name: getattr(plan, name) for name in plan.__dataclass_fields__}
    return lambda: services.add_session(batch, type(plan)(**values | changes), by=by)


def test_one_person_is_booked_once_by_sixteen_at_once(batches, plans):
    person = make_assessor()

    results = at_once([add(batch, plan, instructors=[person]) for batch, plan in zip(batches, plans, strict=True)])

    assert Booking.objects.filter(person=person).count() == 1
    assert sum(isinstance(one, Session) for one in results) == 1
    refused = [one for one in results if isinstance(one, ScheduleClash)]
    assert len(refused) == AT_ONCE - 1
    assert all(str(person) in str(one) and str(one).count("Angkatan") >= 2 for one in refused)


def test_one_room_is_booked_once_by_sixteen_at_once(batches, plans):
    room = make_room(batches[0])

    results = at_once([add(batch, plan, rooms=[room]) for batch, plan in zip(batches, plans, strict=True)])

    assert Booking.objects.filter(room=room).count() == 1
    assert sum(isinstance(one, ScheduleClash) for one in results) == AT_ONCE - 1


def test_one_class_has_one_session_at_a_time(batches, plans):
    results = at_once([add(batches[0], plans[0]) for _number in range(AT_ONCE)])

    assert Session.objects.filter(title="Tugas malam").count() == 1
    assert sum(isinstance(one, ScheduleClash) for one in results) == AT_ONCE - 1


def test_two_who_swap_their_people_do_not_wait_for_each_other_for_ever(batches, plans):
    """Both want both: whoever comes second is refused with a sentence, nobody is a deadlock's victim."""
    one, other = make_assessor(), make_assessor()

    results = at_once([
        add(batch, plan, instructors=[one, other] if number % 2 else [other, one])
        for number, (batch, plan) in enumerate(zip(batches, plans, strict=True))
    ])  # fmt: skip

    assert sorted(type(result).__name__ for result in results) == ["ScheduleClash"] * (AT_ONCE - 1) + ["Session"]


def test_control_that_looks_before_it_books_books_twice(batches, plans):
    person = make_assessor()
    sessions = [
        Session.objects.create(batch=batch, day=1, order=99, kind="lecture", title="Malam", period=plan.period)
        for batch, plan in zip(batches, plans, strict=True)
    ]

    def look_then_book(session):
        def act():
            if Booking.objects.filter(person=person, blocked__overlap=session.period).exists():
                return None
            sleep(0.05)  # what a form and a person's thoughts take
            return Booking.objects.create(session=session, person=person)

        return act

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE batches_booking DROP CONSTRAINT booking_person_free")
    try:
        at_once([look_then_book(session) for session in sessions])
        booked = Booking.objects.filter(person=person).count()
    finally:
        Booking.objects.filter(person=person).delete()
        with connection.cursor() as cursor:
            cursor.execute(GUARD)

    assert booked > 1


def test_guard_of_the_control_is_the_one_of_the_migration():
    """What the control puts back is what it took away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'booking_person_free'")
        before = cursor.fetchone()
        cursor.execute("ALTER TABLE batches_booking DROP CONSTRAINT booking_person_free")
        cursor.execute(GUARD)
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'booking_person_free'")

        assert cursor.fetchone() == before


def test_two_sweeps_at_once_tell_once():
    by, batch = make_planner(), make_batch(staffed=True)
    session = batch.sessions.filter(day=1).order_by("period").last()
    services.update_session(session, as_planned(session, later=60), version=1, by=by)

    def sweep():
        with clock.at(clock.now() + timedelta(minutes=2)):
            return services.tell_schedule_changes()

    told = at_once([sweep] * 4)

    assert sum(told) == Email.objects.filter(kind="schedule_changed").count() == 4
