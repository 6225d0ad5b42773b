"""What the other apps use of the outbox."""

from notifications.registry import Attachment, Message, Variable, add_context, register, register_groups
from notifications.rendering import render_templates
from notifications.services.delivery import LOST_AFTER, deliver_email, deliver_within_transaction, sweep_outbox
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
    "LOST_AFTER", "MANY_AT_ONCE", "Attachment", "Message", "Outcome", "Released", "Variable", "add_context",
    "cancel_email", "cancel_emails", "deliver_email", "deliver_within_transaction", "discard_group",
    "mark_all_read", "mark_read", "owe_reminders", "put_wording", "queue_email", "queue_ready_email", "register",
    "register_groups", "release_group", "release_held", "render_templates", "restore_wording", "retry_all",
    "retry_email", "retry_emails", "send_test_email", "send_wording_test", "sweep_outbox",
    "use_portal_words",
]  # fmt: skip
