"""The audit log: changed fields only, secrets masked, never changed afterwards."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from core import audit
from core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def rina():
    return User.objects.create_user("rina@example.test", name="Rina")


def test_record_keeps_changed_fields_only_and_masks_secrets(rina):
    entry = audit.record(
        "changed", rina, by=rina, changes={"name": ("Rina", "Rina A"), "phone": ("1", "2"), "email": ("a", "a")}
    )

    assert entry.changes == {"name": ["Rina", "Rina A"], "phone": ["••••", "••••"]}
    assert (entry.actor_id, entry.object_kind, entry.object_label) == (rina.pk, "accounts.user", rina.code)


@pytest.mark.parametrize("act", ["UPDATE core_auditentry SET act = 'x'", "DELETE FROM core_auditentry"])
def test_entry_cannot_be_changed_or_deleted(rina, act):
    audit.record("changed", rina, by=None)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)

    assert AuditEntry.objects.count() == 1
