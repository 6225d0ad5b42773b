"""The sweep calls its service."""

import pytest

from batches import services, tasks
from batches.services import QUIET
from core import clock
from notifications.models import Email
from tests.factories.batches import make_planner
from tests.factories.schedule import as_planned, first_session, make_scheduled

pytestmark = pytest.mark.django_db


def test_tell_schedule_changes_twice_is_once():
    session = first_session(make_scheduled())
    services.update_session(session, as_planned(session, title="Judul baru"), version=1, by=make_planner())

    with clock.at(clock.now() + QUIET):
        tasks.tell_schedule_changes()
        tasks.tell_schedule_changes()

    assert Email.objects.filter(kind="schedule_changed").count() == 4
