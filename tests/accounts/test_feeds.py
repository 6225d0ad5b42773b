"""The secret address of a calendar: found by its owner's present token only."""

import pytest

from accounts.feeds import feed_token, user_of_feed
from accounts.services import replace_feed
from core.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_token_leads_to_its_person(participant, stranger):
    assert user_of_feed(feed_token(participant)) == participant
    assert feed_token(participant) != feed_token(stranger)


def test_replaced_token_leads_nowhere(participant):
    old = feed_token(participant)

    participant = replace_feed(participant, by=participant)

    assert user_of_feed(old) is None
    assert user_of_feed(feed_token(participant)) == participant
    assert AuditEntry.objects.filter(act="calendar_address_replaced", subject_id=participant.pk).exists()


@pytest.mark.parametrize("forge", [
    lambda token: "", lambda token: "x~y", lambda token: token[:-2], lambda token: token.upper(),
    lambda token: token.replace("-1~", "-2~"), lambda token: token.split("~")[0],
])  # fmt: skip
def test_forged_token_leads_nowhere(participant, forge):
    assert user_of_feed(forge(feed_token(participant))) is None


def test_closed_account_has_no_calendar(participant):
    token = feed_token(participant)
    participant.is_active = False
    participant.save()

    assert user_of_feed(token) is None
