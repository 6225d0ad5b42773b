"""A portal with many people on a database and a folder of its own, to be backed up, lost and restored."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import connection, connections, transaction
from django.test import override_settings
from psycopg2 import sql

from accounts.models import Lsp, User
from batches.models import Batch
from batches.states import BatchStatus
from core import clock
from core.audit import record
from core.crypto import keyed_hash
from core.files import discard_files, store_generated
from core.models import StoredFile
from participants.models import Person, Registration
from participants.nik import mask_identity
from participants.states import RegistrationStatus
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.batches import make_batch
from tests.factories.certificates import make_director, put_certificate, sign
from tests.factories.classes import make_class, people_of
from tests.factories.participants import make_nik, make_registration

numbers = count(1)
CERTIFICATES = 20
SIGNS_IN = "masuk@contoh.test"
PLAIN = "tot_plain"


@contextmanager
def databases() -> Iterator["Databases"]:
    """New databases beside the test database, gone at the end; the connection comes back to where it was."""
    given = dict(connection.settings_dict)
    assert given["NAME"].startswith("test"), "only the tests' own database is copied"
    connections.close_all()
    made = Databases(given["NAME"])
    try:
        yield made
    finally:
        connections.close_all()
        connection.settings_dict.update(given)
        made.remove()


class Databases:
    """Makes databases and points Django at them."""

    def __init__(self, template: str) -> None:
        self.template = template
        self.given = dict(connection.settings_dict)
        self.names: list[str] = []

    def copy(self) -> str:
        """One with the schema of the tests' database; a connection that some test left open would forbid it."""
        self._run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {name_text}")
        return self._create("CREATE DATABASE {name} TEMPLATE {template}")

    def empty(self) -> str:
        """One with nothing in it, owned by a role without any rights but to make databases."""
        self._run("DO $$ BEGIN CREATE ROLE {role} LOGIN CREATEDB PASSWORD 'plain'; "
                  "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$")  # fmt: skip
        return self._create("CREATE DATABASE {name} TEMPLATE template0 OWNER {role}")

    @contextmanager
    def use(self, name: str, *, plain: bool = False) -> Iterator[None]:
        """Everything reads and writes `name`; `plain`: as the role without rights."""
        before = dict(connection.settings_dict)
        connections.close_all()
        connection.settings_dict.update({"NAME": name} | ({"USER": PLAIN, "PASSWORD": "plain"} if plain else {}))
        try:
            yield
        finally:
            connections.close_all()
            connection.settings_dict.update(before)

    def remove(self) -> None:
        for name in self.names:
            self._run("DROP DATABASE IF EXISTS {name} WITH (FORCE)", name)

    def _create(self, text: str) -> str:
        name = f"{self.template}_drill_{uuid.uuid4().hex[:8]}"
        self.names.append(name)
        self._run(text, name)
        return name

    def _run(self, text: str, name: str = "") -> None:
        beside = connection.copy()
        beside.settings_dict.update(self.given | {"NAME": "postgres"})
        parts = {"name": name, "template": self.template, "role": PLAIN}
        names = {key: sql.Identifier(value) for key, value in parts.items() if value}
        statement = sql.SQL(text).format(**names, name_text=sql.Literal(self.template))
        try:
            with beside.cursor() as cursor:
                cursor.execute(statement)
        finally:
            beside.close()


class Drill:
    """The filled portal: `source` is its database, `files` its folder."""

    def __init__(self, made: Databases, folder: Path, people: int) -> None:
        self.made, self.folder = made, folder
        self.source, self.files = made.copy(), folder / "files"
        with self.at_home():
            self.batch = fill(people)

    @contextmanager
    def at_home(self) -> Iterator[None]:
        with self.made.use(self.source), override_settings(PRIVATE_FILES_ROOT=self.files):
            yield

    @contextmanager
    def at_new_place(self) -> Iterator[None]:
        """After the loss: an empty database of a plain role, and an empty folder."""
        files = self.folder / uuid.uuid4().hex
        with self.made.use(self.made.empty(), plain=True), override_settings(PRIVATE_FILES_ROOT=files):
            yield


@contextmanager
def make_drill(folder: Path, people: int) -> Iterator[Drill]:
    with databases() as made:
        yield Drill(made, folder, people)


def fill(people: int) -> Batch:
    """A class of 20 with certificates, somebody who signs in, and a batch to which `people` applied."""
    with transaction.atomic():
        sign()
        Lsp.objects.update(uses_bnsp_approval=False)
        director = make_director()
        for registration in people_of(make_class(CERTIFICATES, status=BatchStatus.EXAMINING, starts_in=-30)):
            put_certificate(registration, by=director)
        make_user(SIGNS_IN, name="Siti Rahmawati", password=PASSWORD)
        batch = make_batch()
        apply_many(batch, people)
    return batch


def apply_many(batch: Batch, people: int) -> None:
    """Applications as rows, with identities sealed like real ones."""
    now, password = clock.now(), make_password(None)
    users = User.objects.bulk_create(
        User(email=f"pelamar{number}@contoh.test", name=f"Pelamar {number}", password=password)
        for number in range(people)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=one, email=one.email, primary=True, verified=True) for one in users
    )
    persons = Person.objects.bulk_create(map(_person, users))
    Registration.objects.bulk_create(
        Registration(
            person=person, batch=batch, scheme=batch.scheme, status=RegistrationStatus.SUBMITTED, submitted_at=now,
            submitted_by=person.user, identity_index=person.identity_index,
        )
        for person in persons
    )  # fmt: skip


def _person(user: User) -> Person:
    nik = make_nik()
    return Person(
        user=user, full_name=user.name, nationality="WNI", identity_kind="nik", identity=nik,
        identity_index=keyed_hash(f"nik:{nik}", "identity"), identity_mask=mask_identity("nik", nik),
        identity_tail=nik[-4:], sex="P", birth_date="1990-08-17", phone="+6281234567890",
    )  # fmt: skip


class Writers:
    """People who apply, keep files and throw others away, while something else happens."""

    def __init__(self, batch: Batch, threads: int = 2) -> None:
        self.batch, self.done, self.faults = batch, 0, []
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self._work) for _number in range(threads)]

    def __enter__(self) -> "Writers":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def wait_until_they_write(self) -> None:
        while not self.done and any(thread.is_alive() for thread in self.threads):
            self.stop.wait(0.01)

    def _work(self) -> None:
        kept: list[int] = []
        try:
            while not self.stop.is_set():
                kept.append(self._act())
                if len(kept) > 3:
                    with transaction.atomic():
                        discard_files(StoredFile.objects.filter(pk=kept.pop(0)))
                self.done += 1
        except Exception as error:  # shown by the test
            self.faults.append(error)
        finally:
            connection.close()

    def _act(self) -> int:
        with transaction.atomic():
            registration = make_registration(RegistrationStatus.SUBMITTED, batch=self.batch)
            stored = store_generated(b"%PDF " * 200, content_type="application/pdf", purpose="daftar", keep_days=30)
            record("registration_submitted", registration, by=registration.person.user)
        return stored.pk
