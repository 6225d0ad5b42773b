"""Rounds of a published rotation go where their sessions go."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from assessments import services
from assessments.models import Round
from assessments.selectors.plays import rounds_of
from assessments.services import following
from assessments.states import RotationStatus
from assessments.timing import warnings
from batches.models import Batch, Session
from batches.states import BatchStatus
from core import clock
from core.errors import SystemBusy
from core.models import AuditEntry
from tests.assessments.rotation_helpers import practice
from tests.factories.batches import make_planner
from tests.factories.classes import make_class

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=12)  # when the class does nothing else


def move(session: Session, by: timedelta) -> None:
    """As a row: which moves the schedule allows is another matter."""
    period = DateTimeTZRange(session.starts_at + by, session.ends_at + by)
    Session.objects.filter(pk=session.pk).update(period=period)


def times(rotation) -> list:
    return [one.starts_at for one in rounds_of(rotation)]


@pytest.fixture
def rotation():
    """Three rounds of 25 minutes on the sessions of a class to come, in use."""
    batch = make_class(people=3, starts_in=2)
    return services.publish_rotation(practice(batch, minutes=25), by=make_planner())


@pytest.fixture
def session(rotation):
    """The one of the first round, with all three of them."""
    first = rounds_of(rotation)[0].session
    rotation.rounds.update(session=first)
    for place, one in enumerate(rounds_of(rotation)):
        Round.objects.filter(pk=one.pk).update(starts_at=first.starts_at + place * timedelta(minutes=25))
    return first


def test_moved_session_takes_its_rounds_along_once(rotation, session):
    before = times(rotation)
    move(session, LATER)

    assert services.follow_sessions(rotation.batch) == 3
    assert services.follow_sessions(rotation.batch) == 0

    assert times(rotation) == [one + LATER for one in before]
    entry = AuditEntry.objects.get(act="rotation_moved")
    assert entry.changes["round"] == ["", "1, 2, 3"]


def test_rounds_of_other_sessions_stay(rotation):
    rounds = rounds_of(rotation)
    first = [one for one in rounds if one.session_id == rounds[0].session_id]
    assert 0 < len(first) < len(rounds)
    before = times(rotation)
    move(rounds[0].session, LATER)

    assert services.follow_sessions(rotation.batch) == len(first)

    assert times(rotation)[len(first) :] == before[len(first) :]


def test_rounds_in_place_are_left_alone(rotation):
    before = times(rotation)

    assert services.follow_all_sessions() == 0

    assert times(rotation) == before
    assert not AuditEntry.objects.filter(act="rotation_moved").exists()


def test_started_round_stays_and_keeps_its_place(rotation, session):
    first, second, third = times(rotation)
    Round.objects.filter(rotation=rotation, number=1).update(started_at=clock.now(), ended_at=clock.now())
    move(session, LATER)

    assert services.follow_all_sessions() == 2

    assert times(rotation) == [first, second + LATER, third + LATER]


def test_rounds_of_a_cancelled_session_stay_with_the_warning_of_the_desk(rotation, session):
    before = times(rotation)
    move(session, LATER)
    Session.objects.filter(pk=session.pk).update(
        cancelled_at=clock.now(), cancelled_by=make_planner(), cancel_reason="Listrik padam"
    )

    assert services.follow_all_sessions() == 0

    assert times(rotation) == before
    assert "1, 2, 3" in warnings(rounds_of(rotation), rotation.batch.time_zone)[0]


def test_replaced_rotation_and_ended_batch_are_history(rotation, session):
    move(session, LATER)

    type(rotation).objects.filter(pk=rotation.pk).update(status=RotationStatus.REPLACED)
    assert services.follow_all_sessions() == 0

    type(rotation).objects.filter(pk=rotation.pk).update(status=RotationStatus.PUBLISHED)
    Batch.objects.filter(pk=rotation.batch_id).update(status=BatchStatus.COMPLETED)
    assert services.follow_all_sessions() == services.follow_sessions(rotation.batch) == 0


def test_busy_batch_does_not_hold_up_the_others(rotation, session, monkeypatch):
    other = services.publish_rotation(practice(make_class(people=3, starts_in=9)), by=make_planner())
    for one in {session, *(one.session for one in rounds_of(other))}:
        move(one, LATER)
    follow = following.follow_sessions

    def busy_first(batch: Batch) -> int:
        if batch == rotation.batch:
            raise SystemBusy
        return follow(batch)

    monkeypatch.setattr(following, "follow_sessions", busy_first)

    assert services.follow_all_sessions() == other.rounds.count()
