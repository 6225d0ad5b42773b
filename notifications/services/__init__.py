"""What the other apps use of the outbox."""

from notifications.registry import Attachment, Message, add_context, register
from notifications.rendering import render_templates
from notifications.services.delivery import LOST_AFTER, MOST_ATTEMPTS, RETRY_MINUTES, deliver_email, sweep_outbox
from notifications.services.moves import cancel_email, release_held, retry_email
from notifications.services.owing import queue_email, queue_ready_email

__all__ = [
    "LOST_AFTER", "MOST_ATTEMPTS", "RETRY_MINUTES", "Attachment", "Message", "add_context", "cancel_email",
    "deliver_email", "queue_email", "queue_ready_email", "register", "release_held", "render_templates", "retry_email",
    "sweep_outbox",
]  # fmt: skip
