"""Two at once, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connections

from accounts import services
from accounts.errors import LastAdmin
from accounts.models import RoleGrant
from accounts.roles import Role
from notifications import services as outbox
from notifications.registry import Message
from tests.factories.accounts import make_admin

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Runs the acts side by side; returns what each returned or raised."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.parametrize("act", ["revoke", "deactivate"])
def test_two_admins_who_remove_each_other_leave_one(act):
    for _round in range(5):
        RoleGrant.objects.all().delete()
        one, other = make_admin(), make_admin()

        def remove(who, by):
            if act == "revoke":
                return services.revoke_role(who, Role.ADMIN, by=by)
            return services.deactivate_user(who, by=by)

        done = at_once(partial(remove, other, one), partial(remove, one, other))

        assert sum(isinstance(result, LastAdmin) for result in done) == 1
        assert RoleGrant.objects.live().filter(role=Role.ADMIN, user__is_active=True).count() == 1


def test_eight_workers_send_one_mail_once(mailoutbox):
    email = outbox.queue_ready_email("tests.ready", "siti@contoh.test", Message("Salam", "Isi"), recipient=None)

    at_once(*[partial(outbox.deliver_email, email.pk)] * 8)

    assert len(mailoutbox) == 1
