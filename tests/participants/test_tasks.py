"""The sweeps call their services."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from batches import services as batches
from batches.models import Batch
from core import clock
from notifications.models import Email
from participants import tasks
from participants.models import Registration
from participants.states import RegistrationStatus as S
from tests.factories.batches import make_batch, make_planner
from tests.factories.participants import make_registration
from tests.factories.schedule import as_planned, first_session, make_scheduled

pytestmark = pytest.mark.django_db


def test_purge_old_drafts():
    make_registration(last_saved_at=clock.now() - timedelta(days=31))

    tasks.purge_old_drafts()

    assert not Registration.objects.exists()


def test_sweep_seats():
    batch = make_batch(capacity=1)
    waiting = make_registration(S.WAITLISTED, batch=batch)

    tasks.sweep_seats()

    assert Registration.objects.get(pk=waiting.pk).status == S.CONFIRMED
    assert Batch.objects.get(pk=batch.pk).seats_held == 1


def test_tell_schedule_changes_twice_is_once():
    batch = make_scheduled()
    seated, session = make_registration(S.CONFIRMED, batch=batch), first_session(batch)
    batches.update_session(session, as_planned(session, title="Judul baru"), version=1, by=make_planner())

    with clock.at(clock.now() + batches.QUIET):
        tasks.tell_schedule_changes()
        tasks.tell_schedule_changes()

    assert Email.objects.get(kind="my_schedule_changed").recipient == seated.person.user
    assert Registration.objects.get(pk=seated.pk).told_schedule_version == 1


def test_remind_twice_is_once():
    one = make_registration(S.RETURNED, status_at=clock.now() - timedelta(days=3), return_due_on=clock.today())
    midday = datetime.combine(clock.today(), time(12), ZoneInfo(one.batch.time_zone))

    with clock.at(midday):
        tasks.remind()
        tasks.remind()

    assert Email.objects.get(kind="corrections_due").recipient == one.person.user
