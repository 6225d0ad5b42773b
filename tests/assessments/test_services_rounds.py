"""The timer of a round and what runs with it."""

from datetime import timedelta

import pytest

from assessments import services
from assessments.errors.plays import (
    AnotherRoundRuns,
    NothingToPlay,
    RotationNotPublished,
    RoundNotNow,
    RoundNotRunning,
    RoundStarted,
)
from assessments.states import RolePlayStatus
from batches.models import Assignment
from batches.states import BatchStatus
from core import clock
from core.models import AuditEntry
from tests.assessments.rotation_helpers import plays_of_rotation, practice
from tests.factories.attendance import attend_all
from tests.factories.batches import make_assessor, make_planner
from tests.factories.classes import make_class

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return make_planner()


@pytest.fixture
def batch():
    return make_class(people=6)


@pytest.fixture
def ready(batch):
    """A class whose people all pass the exam gate."""
    attend_all(batch)
    return batch


# --- rounds


def test_round_runs_with_its_plays_and_ends_with_them(batch, by):
    rotation = services.publish_rotation(practice(batch), by=by)
    first = rotation.rounds.first()
    with clock.at(clock.now()):
        started = services.start_round(first, by=by)
        assert started.planned_end == clock.now() + timedelta(minutes=45)
    assert {play.status for play in first.plays.all()} == {RolePlayStatus.RUNNING}
    ended = services.end_round(first, by=by)
    assert ended.ended_at >= ended.started_at
    assert {play.status for play in first.plays.all()} == {RolePlayStatus.FINISHED}
    assert list(AuditEntry.objects.filter(act__startswith="round_").values_list("act", flat=True).order_by("id")) == [
        "round_started",
        "round_ended",
    ]


def test_one_round_runs_at_a_time(batch, by):
    rotation = services.publish_rotation(practice(batch), by=by)
    first, second, _third = rotation.rounds.all()
    services.start_round(first, by=by)
    with pytest.raises(AnotherRoundRuns, match="1"):
        services.start_round(second, by=by)
    with pytest.raises(RoundStarted):
        services.start_round(first, by=by)
    with pytest.raises(RoundNotRunning):
        services.end_round(second, by=by)


def test_round_of_a_draft_or_of_a_class_that_is_over_does_not_start(batch, by):
    first = practice(batch).rounds.first()
    with pytest.raises(RotationNotPublished):
        services.start_round(first, by=by)
    type(batch).objects.filter(pk=batch.pk).update(status=BatchStatus.COMPLETED)
    with pytest.raises(RoundNotNow):
        services.start_round(first, by=by)


def test_round_without_plays_does_not_start(batch, by):
    rotation = services.publish_rotation(practice(batch), by=by)
    first = rotation.rounds.first()
    for play in first.plays.all():
        services.cancel_play(play, "Banjir", by=by)
    with pytest.raises(NothingToPlay):
        services.start_round(first, by=by)


def test_staff_of_another_function_are_no_facilitators(batch, by):
    Assignment.objects.filter(function="facilitator").update(released_at=clock.now(), released_by=by)
    make_assessor()
    rotation = services.publish_rotation(practice(batch), by=by)
    assert {play.assessor for play in plays_of_rotation(rotation)} == {None}
