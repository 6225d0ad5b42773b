"""What a mail says: as it was made, else as it would read now."""

import logging
from typing import Any

from django.db import Error, connection

from notifications import registry
from notifications.models import Email
from notifications.registry import Message

logger = logging.getLogger(__name__)


def written(email: Email, params: dict[str, Any] | None = None) -> Message | None:
    """The kept text, else the mail from the facts of now; None when its cause is gone.

    `params` are those of the mail with what `registry.load_many` has read for them. Raises what its writer raises.
    """
    if email.body_text:
        return Message(email.subject, email.body_text, email.body_html)
    return registry.render(email.kind, email.params if params is None else params, email.language)


def read_safely(email: Email, params: dict[str, Any] | None = None) -> tuple[Message | None, bool]:
    """The same, and whether it could not be written just now: then the message is None, and the log says why."""
    try:
        return written(email, params), False
    except Exception as error:  # whatever a writer may raise: one mail must hide neither its page nor other mails
        if isinstance(error, Error) and connection.in_atomic_block:
            raise  # the caller's transaction is broken, not the mail
        logger.exception("A mail could not be written: %s, %s", email.kind, email.code)
        return None, True
