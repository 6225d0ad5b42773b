"""Held decisions on real connections: two releases at once, and a release while a decision changes.

The control leaves out the locks on the people, and releases a mail about a decision that no longer holds.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from notifications.errors import GroupChanged, NothingHeld
from notifications.models import Email, EmailEvent
from participants import services
from participants.selectors.decision_mails import decision_mails
from participants.services import decision_mails as release
from participants.states import RegistrationStatus as S
from tests.factories.batches import make_batch
from tests.factories.participants import make_admin, make_registration
from tests.factories.staging import hold_decision
from tests.participants.test_races import at_once, attempt
from tests.tot_portal.processes_helper import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def test_eight_releases_at_once_queue_each_mail_once():
    batch, admin = make_batch(), make_admin()
    mails = [hold_decision(make_registration(S.ELIGIBLE, batch=batch)) for _ in range(4)]
    seen = decision_mails(batch).comparison.mark

    results = at_once([lambda: services.release_decisions(batch, seen=seen, by=admin)] * 8)

    won = [one for one in results if one == (4, 0)]
    assert (len(won), {type(one) for one in results if one not in won}) == (1, {NothingHeld})
    queued = EmailEvent.objects.filter(status="queued").values_list("email", flat=True)
    assert sorted(queued) == [mail.pk for mail in mails]


@pytest.mark.parametrize("is_locked", [True, False], ids=["locked", "control"])
def test_release_waits_for_a_decision_under_way_and_is_then_refused(is_locked, monkeypatch):
    batch, admin = make_batch(), make_admin()
    registration = make_registration(S.REJECTED, batch=batch)
    mail = hold_decision(registration)
    seen = decision_mails(batch).comparison.mark
    if not is_locked:
        monkeypatch.setattr(release, "_lock_people", lambda group: None)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            services.reopen_after_objection(registration, "Benar, syaratnya ada.", by=admin)
            asked = pool.submit(in_own_connection, lambda: services.release_decisions(batch, seen=seen, by=admin))
            assert wait_until(lambda: asked.done() or somebody_waits(), 20)
        outcome = asked.result(timeout=30)

    if is_locked:
        assert isinstance(outcome, GroupChanged)
        assert Email.objects.get(pk=mail.pk).status == "held"
    else:
        assert outcome == (1, 0)  # the person is told of a rejection that was lifted: the race is really there


def in_own_connection(act):
    try:
        return attempt(act)
    finally:
        connection.close()


def somebody_waits():
    """For a lock of this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
        return cursor.fetchone() is not None
