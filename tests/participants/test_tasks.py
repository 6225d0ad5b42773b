"""The sweeps call their services."""

from datetime import timedelta

import pytest

from batches.models import Batch
from core import clock
from participants import tasks
from participants.models import Registration
from participants.states import RegistrationStatus as S
from tests.factories.batches import make_batch
from tests.factories.participants import make_registration

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
