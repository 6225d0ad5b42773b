"""The sweeps call their services."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from assessments import services, tasks
from assessments.selectors.plays import rounds_of
from assessments.states import RolePlayStatus
from core import clock
from core.models import AuditEntry
from notifications.models import Email
from tests.assessments.rotation_helpers import practice
from tests.assessments.test_services_following import LATER, move
from tests.factories.batches import make_planner
from tests.factories.classes import make_class
from tests.factories.plays import make_play

pytestmark = pytest.mark.django_db


def test_follow_sessions_twice_is_once():
    rotation = services.publish_rotation(practice(make_class(3, starts_in=2)), by=make_planner())
    before = [one.starts_at for one in rounds_of(rotation)]
    for session in {one.session for one in rounds_of(rotation)}:
        move(session, LATER)

    tasks.follow_sessions()
    tasks.follow_sessions()

    assert [one.starts_at for one in rounds_of(rotation)] == [one + LATER for one in before]
    assert AuditEntry.objects.filter(act="rotation_moved").count() == 1


def test_remind_twice_is_once():
    play = make_play(status=RolePlayStatus.FINISHED)
    zone = ZoneInfo(play.round.rotation.batch.time_zone)
    tomorrow = datetime.combine(play.round.starts_at.astimezone(zone), time(12), zone) + timedelta(days=1)

    with clock.at(tomorrow):
        tasks.remind()
        tasks.remind()

    assert Email.objects.get(kind="records_unsigned").recipient == play.assessor
