"""What the other apps use of the outbox."""

from notifications.registry import Attachment, Message, Variable, add_context, register
from notifications.rendering import render_templates
from notifications.services.delivery import LOST_AFTER, deliver_email, sweep_outbox
from notifications.services.moves import (
    cancel_email,
    cancel_emails,
    release_held,
    retry_all,
    retry_email,
    retry_emails,
)  # fmt: skip
from notifications.services.owing import queue_email, queue_ready_email
from notifications.services.reminding import owe_reminders
from notifications.services.staging import Released, discard_group, release_group
from notifications.services.trial import send_test_email

__all__ = [
    "LOST_AFTER", "Attachment", "Message", "Released", "Variable", "add_context", "cancel_email", "cancel_emails",
    "deliver_email", "discard_group", "owe_reminders", "queue_email", "queue_ready_email", "register", "release_group", "release_held",
    "render_templates", "retry_all", "retry_email", "retry_emails", "send_test_email", "sweep_outbox",
]  # fmt: skip
