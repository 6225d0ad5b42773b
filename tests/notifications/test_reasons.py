"""Sorting what went wrong: when another try makes sense, and the words for the admin."""

import smtplib
import ssl

import pytest

from notifications.reasons import SENTENCES, Pace, Reason, explain, sentence, server_answer
from notifications.smtp import AnswerMissing

TO = "siti@contoh.test"


def refused(code, answer):
    return smtplib.SMTPRecipientsRefused({TO: (code, answer)})


CASES = [
    (ConnectionRefusedError(111, "refused"), "no_connection", Pace.SOON),
    (TimeoutError("timed out"), "no_connection", Pace.SOON),
    (smtplib.SMTPServerDisconnected("gone"), "no_connection", Pace.SOON),
    (ssl.SSLEOFError(8, "EOF"), "no_connection", Pace.SOON),
    (smtplib.SMTPConnectError(421, b"too many"), "server_busy", Pace.SOON),
    (smtplib.SMTPConnectError(554, b"no service here"), "server_busy", Pace.SOON),
    (smtplib.SMTPConnectError(-1, b""), "no_connection", Pace.SOON),
    (smtplib.SMTPAuthenticationError(454, b"later"), "server_busy", Pace.SOON),
    (smtplib.SMTPDataError(471, b"odd"), "server_busy", Pace.SOON),
    (refused(450, b"4.2.0 later"), "deferred", Pace.LATER),
    (smtplib.SMTPDataError(451, b"4.7.1 later"), "deferred", Pace.LATER),
    (smtplib.SMTPDataError(421, b"Greylisted"), "deferred", Pace.LATER),
    (refused(452, b"4.2.2 over quota"), "mailbox_full", Pace.LATER),
    (refused(552, b"5.2.2 mailbox full"), "mailbox_full", Pace.LATER),
    (smtplib.SMTPDataError(552, b"storage exceeded"), "mailbox_full", Pace.LATER),
    (refused(550, b"5.4.5 Daily user sending quota exceeded"), "sending_limit", Pace.LATER),
    (smtplib.SMTPSenderRefused(554, b"5.7.1 rate limited", "b"), "sending_limit", Pace.LATER),
    (smtplib.SMTPDataError(450, b"4.7.1 hourly limit exceeded"), "sending_limit", Pace.LATER),
    (AnswerMissing("closed"), "unsure", Pace.ONCE),
    (ssl.SSLCertVerificationError("expired"), "certificate", Pace.LATER),
    (smtplib.SMTPDataError(552, b"5.3.4 too large"), "mail_refused", Pace.NEVER),
    (refused(550, b"5.1.1 mailbox unavailable"), "address_refused", Pace.NEVER),
    (refused(550, b"no such user"), "address_refused", Pace.NEVER),
    (smtplib.SMTPSenderRefused(553, b"not yours", "b"), "mail_refused", Pace.NEVER),
    (smtplib.SMTPSenderRefused(530, b"log in first", "b"), "login_refused", Pace.NEVER),
    (smtplib.SMTPDataError(554, b"spam"), "mail_refused", Pace.NEVER),
    (smtplib.SMTPAuthenticationError(535, b"5.7.8 bad"), "login_refused", Pace.NEVER),
    (smtplib.SMTPNotSupportedError("no STARTTLS"), "not_supported", Pace.NEVER),
    (ValueError("odd"), "unknown", Pace.NEVER),
]


@pytest.mark.parametrize(("error", "code", "pace"), CASES, ids=lambda value: str(value)[:40])
def test_failure_is_sorted(error, code, pace):
    reason = explain(error)

    assert (reason.code, reason.pace) == (code, pace)
    assert sentence(reason.stored()) == SENTENCES[code]


def test_answer_of_the_server_is_kept_readable():
    stored = explain(smtplib.SMTPDataError(554, b"spam\r\n\x00here")).stored()

    assert server_answer(stored) == "554 spam here"


def test_unknown_code_and_no_reason_have_words():
    assert sentence(Reason("old_code").stored()) == SENTENCES["unknown"]
    assert sentence("") == ""
