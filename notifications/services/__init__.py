"""The use cases of the outbox. `by` is who acts (None: the portal itself)."""

from notifications.services.delivery import deliver_email, deliver_within_transaction, sweep_outbox
from notifications.services.moves import (
    MANY_AT_ONCE,
    Outcome,
    cancel_email,
    cancel_emails,
    release_held,
    retry_all,
    retry_email,
    retry_emails,
)
from notifications.services.notices import mark_all_read, mark_read
from notifications.services.owing import queue_email, queue_ready_email
from notifications.services.reminding import owe_reminders
from notifications.services.staging import Released, discard_group, release_group
from notifications.services.trial import send_test_email, send_wording_test
from notifications.services.wording import put_wording, restore_wording, use_portal_words

__all__ = [
    "MANY_AT_ONCE", "Outcome", "Released", "cancel_email", "cancel_emails", "deliver_email",
    "deliver_within_transaction", "discard_group", "mark_all_read", "mark_read", "owe_reminders", "put_wording",
    "queue_email", "queue_ready_email", "release_group", "release_held", "restore_wording", "retry_all", "retry_email",
    "retry_emails", "send_test_email", "send_wording_test", "sweep_outbox", "use_portal_words",
]  # fmt: skip
