"""What a mail would say if it went out now, for the admin's eyes."""

from notifications import registry
from notifications.models import Email
from notifications.registry import Message


def text_of(email: Email) -> Message | None:
    """As sent, or as it would be sent now; None when its cause is gone, its writer fails, or it is private.

    The text of account mails stays hidden even from admins: its links open accounts.
    """
    if email.clear_after_sending:
        return None
    if email.body_text:
        return Message(email.subject, email.body_text, email.body_html)
    try:
        return registry.render(email.kind, email.params, email.language)
    except Exception:  # whatever a renderer may raise: that is what the page is opened for
        return None
