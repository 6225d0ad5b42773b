"""Whom the acts are about: people and classes made by the tests' factories while the run goes on, and their cookies."""

import random
from collections import deque
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

from django.db import transaction

from accounts.models import Lsp, User
from accounts.roles import Role
from assessments.models import Record
from assessments.records import rubric_of
from batches.states import BatchStatus
from bench import seed
from participants.models import Registration
from tests.factories.accounts import make_user
from tests.factories.batches import make_batch, make_venue
from tests.factories.certificates import make_ready_class
from tests.factories.classes import make_class, people_of
from tests.factories.participants import fill, make_registration
from tests.factories.plays import make_play
from tests.factories.records import make_record, sign

SEATS, APPLICANTS = 4, 6  # of each open batch: the last seats are wanted by more people than there are
READY = 10  # people of a class that is ready for its certificates


@dataclass
class Application:
    """A filled draft on its way to a seat: which step comes next, and who holds the pen."""

    pk: int
    code: str
    person: User
    step: int = 0
    tries: int = 0


@dataclass
class Device:
    """A tablet on one sheet: what it sends next, and which version it knows of each criterion."""

    pk: int
    code: str
    recorder: User
    items: list[str]
    client: str = field(default_factory=lambda: str(uuid4()))
    seq: Any = field(default_factory=lambda: count(1))
    versions: dict[str, int] = field(default_factory=dict)


class Scene:
    """The pools from which actors draw. deque's append and pop are safe between threads; each thing has one holder."""

    def __init__(self) -> None:
        self.applications: deque[Application] = deque()
        self.seated: deque[Application] = deque()
        self.ready: deque[tuple[str, list[Registration]]] = deque()
        self.certificates: deque[str] = deque()
        self.devices: deque[Device] = deque()
        self.recommended: deque[tuple[str, str, str]] = deque()  # batch, attempt, record
        self.decided: deque[tuple[str, list[str]]] = deque()
        self.eligible: deque[str] = deque()  # batches whose people are confirmed by a job
        self.cookies: dict[int, str] = {}

    def open(self) -> None:
        """The staff, and a little of everything."""
        values = {"name": "LSP Contoh", "short_name": "LSP", "uses_bnsp_approval": False}
        values["hold_decisions"] = False  # a held mail waits for a person
        Lsp.objects.update_or_create(pk=1, defaults=values)
        self.admin = make_user(name="Rina Kusumawardani", role=Role.ADMIN)
        self.director = make_user(name="Hendra Wijaya", role=Role.DIRECTOR)
        for make in (self.make_applications, self.make_ready, self.make_devices, self.make_results, self.make_eligible):
            make()

    def cookies_of(self, user: User) -> str:
        if user.pk not in self.cookies:
            self.cookies[user.pk] = seed.cookies_of(user)
        return self.cookies[user.pk]

    # --- each makes a handful, whole or not at all

    @transaction.atomic
    def make_applications(self) -> None:
        batch = make_batch(capacity=SEATS, venue=make_venue())
        made = [fill(make_registration(batch=batch)) for _number in range(APPLICANTS)]
        found = [Application(one.pk, str(one.code), one.person.user) for one in made]
        for one in found:
            self.cookies_of(one.person)
        transaction.on_commit(lambda: self.applications.extend(found))

    @transaction.atomic
    def make_ready(self) -> None:
        batch = make_ready_class(READY, capacity=READY)
        people = people_of(batch)
        transaction.on_commit(lambda: self.ready.append((str(batch.code), people)))

    @transaction.atomic
    def make_devices(self) -> None:
        batch = make_class(4, status=BatchStatus.EXAMINING)
        for person in people_of(batch)[:3]:
            record = Record.objects.with_play().get(pk=make_record(make_play(batch, asesor=person), evidence="").pk)
            items = [one.id for one in rubric_of(record.role_play).criteria()]
            self.cookies_of(record.recorder)
            self.devices.append(Device(record.pk, str(record.code), record.recorder, items))

    @transaction.atomic
    def make_results(self) -> None:
        batch = make_class(4, status=BatchStatus.EXAMINING)
        for person in people_of(batch):
            record = sign(make_record(make_play(batch, asesor=person)))
            attempt = record.role_play.assessment
            found = (str(batch.code), str(attempt.code), str(record.code))
            transaction.on_commit(lambda found=found: self.recommended.append(found))

    @transaction.atomic
    def make_eligible(self) -> None:
        batch, _people = seed.contested_batch(SEATS, APPLICANTS + 2)
        transaction.on_commit(lambda: self.eligible.append(str(batch.code)))

    def pick_certificate(self, dice: random.Random) -> str | None:
        """The code of one in force, out of the pool; its holder puts back what stands in its place."""
        if not self.certificates:
            return None
        self.certificates.rotate(dice.randrange(len(self.certificates)))
        return self.certificates.popleft()
