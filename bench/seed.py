"""Data of the bench's own, in the bench's own database: rows in bulk, and single things through the tests' factories.

The factories make a class, a play or a sheet as the tests know them; nothing here runs in a portal.
"""

from datetime import timedelta
from http.cookies import SimpleCookie
from uuid import uuid4

from django.conf import settings

from accounts.models import User
from accounts.roles import Role
from batches.models import Batch
from core import clock
from core.crypto import keyed_hash
from participants.models import Person, Registration
from participants.states import RegistrationStatus as S
from tests.factories.accounts import client_of, make_user
from tests.factories.batches import make_batch, make_venue

QUEUE_STATES = [S.SUBMITTED, S.SUBMITTED, S.IN_REVIEW, S.RETURNED, S.ELIGIBLE]
NAMES = ["Siti Rahmawati", "Agus Prasetyo", "Ni Made Ayu", "Yohanes Wattimena", "Nurul Hidayah", "Budi Santoso"]


def people(count: int) -> list[Person]:
    """So many persons with accounts; in bulk."""
    mark = uuid4().hex[:8]
    users = User.objects.bulk_create(
        User(email=f"p{number}-{mark}@{settings.SITE.hostname}", name=f"{NAMES[number % len(NAMES)]} {number}")
        for number in range(count)
    )
    return Person.objects.bulk_create(
        Person(
            user=user, full_name=user.name, nationality="WNI", identity_kind="nik", identity=f"31{number:014d}",
            identity_index=keyed_hash(f"{mark}{number}", "identity"), identity_mask="31", identity_tail="0001",
        )
        for number, user in enumerate(users)
    )  # fmt: skip


def registrations(batch: Batch, count: int, states: list[str]) -> list[Registration]:
    """So many sent registrations, a minute apart, in these states in turn; in bulk."""
    start = clock.now() - timedelta(minutes=count)
    rows = []
    for number, person in enumerate(people(count)):
        status, at, by = states[number % len(states)], start + timedelta(minutes=number), person.user
        values = {"submitted_at": at, "submitted_by": by, "identity_index": person.identity_index}
        if status in (S.IN_REVIEW, S.ELIGIBLE):
            values |= {"claimed_at": at, "claimed_by": by}
        if status == S.ELIGIBLE:
            values |= {"verified_at": at, "verified_by": by}
        if status == S.RETURNED:
            values |= {"return_due_on": clock.today() + timedelta(days=7), "reason": "Ijazah belum lengkap."}
        rows.append(Registration(person=person, batch=batch, scheme=batch.scheme, status=status, **values))
    return Registration.objects.bulk_create(rows)


def contested_batch(seats: int, candidates: int) -> tuple[Batch, list[Registration]]:
    """An open batch with fewer seats than eligible people."""
    batch = make_batch(capacity=seats, venue=make_venue())
    return batch, registrations(batch, candidates, [S.ELIGIBLE])


def admins(count: int) -> list[User]:
    """Admins with a second factor, as every staff member has."""
    return [make_user(name=f"Admin {number}", role=Role.ADMIN) for number in range(count)]


def cookies_of(user: User | None) -> str:
    """The Cookie header of a browser in which `user` is signed in and has shown the second factor."""
    jar = SimpleCookie()
    if user is not None:
        client = client_of(user)
        session = client.session
        session["second_factor_seen"] = True
        session.save()
        jar = client.cookies
    jar[settings.CSRF_COOKIE_NAME] = CSRF
    return "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())


CSRF = "b" * 32
