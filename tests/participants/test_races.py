"""Many real connections at once: seats, the one registration per person, the one submission.

The control repeats the first race without the lock and without the database's guards, and must go wrong: so the race
is really there.
"""

import random
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import sleep

import pytest
from django.db import connection, transaction
from django.db.models import F

from accounts.models import User
from batches.models import Batch
from core import clock
from core.crypto import keyed_hash
from core.errors import DomainError, TransitionNotAllowed
from notifications.models import Email
from participants import services
from participants.models import Person, Registration, RegistrationEvent
from participants.services.seats import waitlist_key
from participants.states import RegistrationStatus as S
from tests.factories.batches import make_batch
from tests.factories.participants import fill, make_admin, make_registration, make_user

pytestmark = pytest.mark.django_db(transaction=True)
CONNECTIONS, SEATS = 32, 24


def at_once(acts: Iterable[Callable[[], object]]) -> list[object]:
    """Shares the acts out to threads with a connection each, all begun together; results, or the errors raised."""
    acts = list(acts)
    threads = min(CONNECTIONS, len(acts))
    begin = Barrier(threads)

    def work(mine: list[Callable[[], object]]) -> list[object]:
        begin.wait(timeout=30)
        try:
            return [attempt(act) for act in mine]
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        shares = pool.map(work, [acts[first::threads] for first in range(threads)])
        return [result for share in shares for result in share]


def attempt(act: Callable[[], object]) -> object:
    try:
        return act()
    except Exception as error:  # the test looks at what came out
        return error


def eligible_people(batch: Batch, number: int) -> list[Registration]:
    """Verified a second apart, in the order of the list; written in bulk."""
    start = clock.now() - timedelta(days=1)
    users = User.objects.bulk_create(User(email=f"p{i}@example.test", name=f"Peserta {i}") for i in range(number))
    people = Person.objects.bulk_create(
        Person(
            user=user, full_name=user.name, identity_kind="nik", identity=f"31{i:014d}", identity_mask="31",
            identity_index=keyed_hash(str(i), "identity"),
        )
        for i, user in enumerate(users)
    )  # fmt: skip
    stamps = [start + timedelta(seconds=i) for i in range(number)]
    return Registration.objects.bulk_create(
        Registration(
            person=person, batch=batch, scheme=batch.scheme, status=S.ELIGIBLE, identity_index=person.identity_index,
            submitted_at=at, submitted_by=person.user, claimed_at=at, claimed_by=person.user, verified_at=at,
            verified_by=person.user,
        )
        for person, at in zip(people, stamps, strict=True)
    )  # fmt: skip


def counts(batch: Batch) -> tuple[int, int, int]:
    """(seats held, confirmed, waiting)"""
    rows = Registration.objects.filter(batch=batch)
    held = Batch.objects.get(pk=batch.pk).seats_held
    return held, rows.filter(status=S.CONFIRMED).count(), rows.filter(status=S.WAITLISTED).count()


@pytest.mark.parametrize("attempts", [640, pytest.param(2_000, marks=pytest.mark.long)])
def test_attempts_of_32_connections_for_24_seats(attempts):
    batch, admin = make_batch(capacity=SEATS), make_admin()
    people = eligible_people(batch, attempts // 16)  # each clicked sixteen times
    clicks = people * 16
    random.Random(24).shuffle(clicks)

    results = at_once(lambda one=one: services.confirm_registration(one, by=admin) for one in clicks)

    strange = [one for one in results if isinstance(one, Exception) and not isinstance(one, TransitionNotAllowed)]
    assert strange == []
    assert counts(batch) == (SEATS, SEATS, len(people) - SEATS)
    waiting = list(Registration.objects.waiting().filter(batch=batch))
    assert waiting == sorted(waiting, key=lambda one: one.verified_at)
    assert Email.objects.count() == len(people)  # one mail each, however often it was clicked
    assert RegistrationEvent.objects.count() == len(people)


def confirm_without_lock(registration: Registration) -> None:
    """What the service would be without the batch's lock: look, then write."""
    with transaction.atomic():
        batch = Batch.objects.get(pk=registration.batch_id)
        free = batch.seats_held < batch.capacity
        sleep(0.002)  # any page does some work between the look and the write
        status = S.CONFIRMED if free else S.WAITLISTED
        key = None if free else waitlist_key(registration)
        Registration.objects.filter(pk=registration.pk).update(status=status, waitlist_key=key)
        if free:
            Batch.objects.filter(pk=batch.pk).update(seats_held=F("seats_held") + 1)


@pytest.fixture
def unguarded():
    """Without the database's own guards, for one test; truncated tables let them come back unharmed."""
    check = "ALTER TABLE batches_batch ADD CONSTRAINT batch_seats_within_capacity CHECK (seats_held <= capacity)"
    triggers = [("participants_registration", "registration_seats_counted"), ("batches_batch", "batch_seats_counted")]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE batches_batch DROP CONSTRAINT batch_seats_within_capacity")
        for table, trigger in triggers:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE participants_person, batches_batch CASCADE")
        cursor.execute(check)
        for table, trigger in triggers:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


def test_control_without_the_lock_oversells(unguarded):
    batch = make_batch(capacity=SEATS)
    people = eligible_people(batch, 200)

    at_once(lambda one=one: confirm_without_lock(one) for one in people)

    assert counts(batch)[1] > SEATS


def test_guards_of_the_database_stop_what_passes_the_services():
    batch = make_batch(capacity=SEATS)
    people = eligible_people(batch, 200)

    results = at_once(lambda one=one: confirm_without_lock(one) for one in people)

    held, confirmed, _waiting = counts(batch)
    assert held == confirmed <= SEATS
    assert any(isinstance(one, Exception) for one in results)


def test_50_parallel_starts_make_one_registration():
    batch, user = make_batch(), make_user()

    results = at_once(lambda: services.start_registration(batch, by=user).pk for _ in range(50))

    assert len(set(results)) == 1
    assert Registration.objects.get().pk == results[0]
    assert RegistrationEvent.objects.count() == 1


def test_50_parallel_submissions_are_one_with_one_mail():
    registration = fill(make_registration())
    user = registration.person.user

    results = at_once(lambda: services.submit_registration(registration, by=user).submitted_at for _ in range(50))

    assert len(set(results)) == 1
    assert Email.objects.count() == 1
    assert RegistrationEvent.objects.filter(to_status=S.SUBMITTED).count() == 1


def test_withdrawals_and_confirmations_that_cross_keep_the_counts():
    batch, admin = make_batch(capacity=SEATS), make_admin()
    people = eligible_people(batch, 80)
    acts = [lambda one=one: services.confirm_registration(one, by=admin) for one in people * 2]
    acts += [lambda one=one: services.withdraw_registration(one, by=one.person.user) for one in people[:40]]
    random.Random(7).shuffle(acts)

    results = at_once(acts)

    assert [one for one in results if isinstance(one, Exception) and not isinstance(one, DomainError)] == []
    held, confirmed, waiting = counts(batch)
    assert held == confirmed == SEATS
    assert waiting == 40 - SEATS  # forty stayed, and no seat lies empty while they wait


def test_freed_seat_is_given_exactly_once():
    batch = make_batch(capacity=1)
    people = eligible_people(batch, 12)
    for one in people:
        services.confirm_registration(one, by=None)

    acts = [lambda: services.withdraw_registration(people[0], by=people[0].person.user)] * 4
    acts += [services.sweep_seats] * 8
    at_once(acts)

    assert counts(batch) == (1, 1, 10)
    assert Registration.objects.get(pk=people[1].pk).status == S.CONFIRMED
    assert Email.objects.filter(kind="registration_promoted").count() == 1
