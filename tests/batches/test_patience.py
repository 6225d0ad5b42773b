"""A batch that somebody else holds locked: the desk reads a sentence, and a second try is a whole one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from django.db import OperationalError, connection, transaction
from django.urls import reverse

from accounts.models import Lsp
from batches import services
from batches.models import Room
from batches.services import rooms, staffing
from core import audit
from core.models import AuditEntry
from core.patience import LOCK_NOT_AVAILABLE
from tests.batches.test_schedule_views import typed
from tests.factories.batches import make_planner
from tests.factories.schedule import first_session, make_room, make_scheduled

pytestmark = pytest.mark.django_db(transaction=True)
BUSY = "Sistem sedang ramai. Coba lagi sebentar lagi."


@pytest.fixture
def batch():
    Lsp.objects.create(pk=1, name="LSP Contoh", short_name="LSP", uses_bnsp_approval=False)
    return make_scheduled(name="Angkatan 12")


@contextmanager
def held_elsewhere(batch) -> Iterator[None]:
    """Another connection holds the batch's lock; this one waits for a tenth of a second only."""
    held, enough = Event(), Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                services.lock_batch(batch.pk)
                held.set()
                enough.wait(timeout=30)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, connection.cursor() as cursor:
        holder = pool.submit(hold)
        held.wait(timeout=30)
        cursor.execute("SET lock_timeout = '100ms'")
        try:
            yield
        finally:
            cursor.execute("RESET lock_timeout")
            enough.set()
            holder.result()


def test_edit_of_a_session_that_has_to_wait_too_long_keeps_what_was_typed(batch, admin, client_of):
    session, desk = first_session(batch), client_of(admin)
    data = typed(session, title="Judul baru")
    desk.get("/")  # the first request also writes the session of the browser

    with held_elsewhere(batch):
        page = desk.post(reverse("batches:update_session", args=[batch.code, session.code]), data)

    session.refresh_from_db()
    assert page.status_code == 422
    assert BUSY in page.content.decode()
    assert "Judul baru" in page.content.decode()
    assert session.title != "Judul baru"


@pytest.mark.parametrize("act", ["make_sessions", "close_registration"])
def test_button_that_has_to_wait_too_long_says_so(batch, admin, client_of, act):
    desk = client_of(admin)
    page = reverse("batches:manage_batch", args=[batch.code])

    with held_elsewhere(batch):
        desk.post(reverse(f"batches:{act}", args=[batch.code]), headers={"Referer": f"http://testserver{page}"})

    assert BUSY in desk.get(page).content.decode()


class Busy(Exception):
    pgcode = LOCK_NOT_AVAILABLE


def busy_at_first(real):
    """Works like `real` from the second call on."""
    tries = []

    def act(*args, **kwargs):
        tries.append(args)
        if len(tries) == 1:
            raise OperationalError from Busy()
        return real(*args, **kwargs)

    return act


def test_release_that_is_tried_twice_is_whole(batch, monkeypatch):
    assignment = batch.assignments.filter(released_at=None).first()
    monkeypatch.setattr(staffing, "unbook", busy_at_first(staffing.unbook))

    services.release_person(assignment, by=make_planner())

    assignment.refresh_from_db()
    assert assignment.released_at is not None
    assert AuditEntry.objects.filter(act="person_released", subject_id=assignment.person_id).count() == 1


def test_room_that_is_saved_at_the_second_try_has_its_change_on_record(batch, monkeypatch):
    room = make_room(batch, name="Melati")
    monkeypatch.setattr(rooms.audit, "record", busy_at_first(audit.record))

    services.save_room(batch.venue, room, name="Mawar", capacity=room.capacity, by=make_planner())

    assert Room.objects.get(pk=room.pk).name == "Mawar"
    assert AuditEntry.objects.filter(act="room_saved").latest("pk").changes["name"] == ["Melati", "Mawar"]
