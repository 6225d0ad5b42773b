"""Django's SMTP backend, which can tell a mail that was refused from one of which nobody knows."""

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

LAST_ANSWER_SECONDS = 30  # servers look into a mail before they take it; a task may last 45 s


class AnswerMissing(smtplib.SMTPException):
    """The connection ended, or fell silent, after the mail's text had been handed over: it may have been taken."""


class _Unsure:
    """Says where the dialogue broke: before the text, nothing was taken."""

    def data(self, message: str | bytes) -> tuple[int, bytes]:
        self.sock.settimeout(max(LAST_ANSWER_SECONDS, self.timeout or 0))
        try:
            return super().data(message)
        except smtplib.SMTPResponseException:
            raise
        except OSError as error:
            raise AnswerMissing(str(error)) from error


class _Connection(_Unsure, smtplib.SMTP):
    pass


class _SealedConnection(_Unsure, smtplib.SMTP_SSL):
    pass


class SmtpBackend(EmailBackend):
    """One connection for each send; its errors are sorted by notifications.reasons."""

    @property
    def connection_class(self) -> Any:
        return _SealedConnection if self.use_ssl else _Connection
