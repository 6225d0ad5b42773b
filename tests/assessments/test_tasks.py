"""The sweep calls its service."""

import pytest

from assessments import services, tasks
from assessments.selectors.plays import rounds_of
from core.models import AuditEntry
from tests.assessments.rotation_helpers import practice
from tests.assessments.test_services_following import LATER, move
from tests.factories.batches import make_planner
from tests.factories.classes import make_class

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
