"""Owing reminders: one per cause, from many connections at once. The control without the key must double."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from django.db import connection, transaction

from core import clock
from notifications.models import Email
from notifications.registry import Message, register
from notifications.reminders import Reminder, waking_zones
from notifications.services import cancel_email, deliver_email, owe_reminders, queue_email, reminding
from notifications.states import EmailStatus
from tests.factories.accounts import make_user

BEATS, CAUSES = 8, 12


@pytest.fixture
def kind(own_kinds):
    """A kind of reminder that exists for one test."""
    register("test_reminder", lambda params, language: Message("Besok", "Besok."), title="Besok")
    return "test_reminder"


def reminders(kind: str, user, count: int = CAUSES) -> list[Reminder]:
    return [Reminder(kind, user, {"thing_id": number, "on": "2026-12-01"}) for number in range(count)]


def at_once(act: Callable[[], object]) -> list[object]:
    """What the same act says on several connections, begun together."""
    begin = Barrier(BEATS)

    def work(_number: int) -> object:
        begin.wait(timeout=30)
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(BEATS) as pool:
        return list(pool.map(work, range(BEATS)))


@pytest.mark.django_db(transaction=True)
def test_beats_at_once_owe_each_reminder_once(kind):
    found = reminders(kind, make_user("siti@contoh.test"))

    counts = at_once(lambda: owe_reminders(found))

    assert sum(counts) == Email.objects.count() == CAUSES


@pytest.mark.django_db(transaction=True)
def test_control_without_the_key_doubles(kind):
    """Looks whether the mail is there and owes it, as one would without a unique key."""
    user = make_user("siti@contoh.test")
    looked = Barrier(BEATS)

    def naive() -> None:
        with transaction.atomic():
            known = Email.objects.filter(kind=kind).exists()
            looked.wait(timeout=30)
            if not known:
                queue_email(kind, to=user, thing_id=1)

    at_once(naive)

    assert Email.objects.count() > 1


@pytest.mark.django_db
def test_reminder_is_owed_once_by_its_ids(kind):
    user = make_user("siti@contoh.test")
    moved = Reminder(kind, user, {"thing_id": 0, "on": "2026-12-02"})

    assert owe_reminders(reminders(kind, user)) == CAUSES
    assert owe_reminders([*reminders(kind, user), moved]) == 1
    assert Email.objects.filter(once_key="test_reminder:0:2026-12-02").count() == 1


@pytest.mark.django_db
def test_many_reminders_are_owed_in_portions(kind, monkeypatch):
    monkeypatch.setattr(reminding, "AT_ONCE", 5)
    found = reminders(kind, make_user("siti@contoh.test"))

    assert [owe_reminders(found) for _sweep in range(4)] == [5, 5, 2, 0]


@pytest.mark.django_db
def test_reminder_whose_cause_went_and_came_back_is_owed_again(kind):
    found = reminders(kind, make_user("siti@contoh.test"), count=1)
    owe_reminders(found)
    register(kind, lambda params, language: None, title="Besok")
    deliver_email(Email.objects.get().pk)
    assert Email.objects.get().status == EmailStatus.CANCELLED

    assert owe_reminders(found) == 0  # still gone
    register(kind, lambda params, language: Message("Besok", "Besok."), title="Besok")
    assert [owe_reminders(found), owe_reminders(found)] == [1, 0]


@pytest.mark.django_db
def test_reminder_that_a_hand_took_back_stays_away(kind):
    user = make_user("siti@contoh.test")
    found = reminders(kind, user, count=1)
    owe_reminders(found)
    cancel_email(Email.objects.get(), by=user)

    assert owe_reminders(found) == 0


@pytest.mark.parametrize(
    ("hour", "awake"),
    [  # UTC; Jakarta is seven hours ahead, Makassar eight, Jayapura nine
        (21, set()),
        (22, {"Asia/Jayapura"}),
        (23, {"Asia/Jayapura", "Asia/Makassar"}),
        (0, {"Asia/Jayapura", "Asia/Makassar", "Asia/Jakarta"}),
        (11, {"Asia/Makassar", "Asia/Jakarta"}),
        (13, set()),
    ],
)
def test_people_are_reminded_while_they_are_awake(hour, awake):
    with clock.at(datetime(2026, 12, 1, hour, tzinfo=UTC)):
        assert set(waking_zones()) == awake


def test_day_is_that_of_the_place():
    with clock.at(datetime(2026, 12, 1, 22, tzinfo=UTC)):
        assert waking_zones() == {"Asia/Jayapura": date(2026, 12, 2)}
