"""The demo fills an empty portal through the services, and shows every state."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Lsp, User
from batches.models import Batch
from certificates.models import Certificate
from core.models import AuditEntry
from notifications.models import Email
from participants.models import Registration
from participants.selectors.decision_mails import held_per_batch
from participants.states import RegistrationStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    call_command("load_reference", stdout=io.StringIO())


def test_production_refuses_the_demo():
    with pytest.raises(CommandError):
        call_command("seed_demo")


def test_staff_alone_when_no_story_is_wanted(demo, settings):
    settings.DEMO_STORY = False

    call_command("seed_demo", stdout=io.StringIO())

    assert Lsp.objects.get().name == "LSP Contoh Nusantara"
    assert not Registration.objects.exists()


def test_filled_portal_is_left_alone(demo, settings):
    settings.DEMO_STORY = False
    call_command("seed_demo", stdout=io.StringIO())
    before = User.objects.count()

    call_command("seed_demo", "--if-empty", stdout=io.StringIO())

    assert User.objects.count() == before
    with pytest.raises(CommandError):
        call_command("seed_demo")


@pytest.mark.long
def test_story_lives_four_batches_and_every_state(demo):
    call_command("seed_demo", stdout=io.StringIO())

    assert set(Registration.objects.values_list("status", flat=True)) == set(RegistrationStatus.values)
    assert Registration.objects.count() == 63
    assert sorted(Batch.objects.values_list("status", flat=True)) == ["closed", "completed", "examining", "open"]
    full = Batch.objects.get(status="closed")
    assert full.seats_held == full.capacity == 6
    assert Certificate.objects.count() == 17
    assert Email.objects.count() > 60
    assert set(held_per_batch()) == {Batch.objects.get(status="open").pk}  # a small group waits for who looks around
    assert AuditEntry.objects.filter(act__contains="confirm").count() >= 30
