"""Reads over mails: the outbox, held groups, notices, previews."""

from notifications.selectors.outbox import (
    EmailLine,
    MailTrouble,
    email_counts,
    emails_of,
    forget_mail_trouble,
    lines,
    mail_trouble,
    narrowed,
    with_doubt,
)

__all__ = [
    "EmailLine", "MailTrouble", "email_counts", "emails_of", "forget_mail_trouble", "lines", "mail_trouble", "narrowed",
    "with_doubt",
]  # fmt: skip
