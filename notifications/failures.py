"""Why a mail did not go out: sorted into hopeless and worth another try, and said in words.

The row keeps `<code>: <the mail server's own words>`; the sentence is made when somebody reads it.
"""

import re
import smtplib
import ssl
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "login_refused": _("Server email menolak nama pengguna atau kata sandi SMTP. Periksa pengaturan SMTP."),
    "not_supported": _("Server email tidak mendukung cara masuk atau enkripsi yang diatur. Periksa pengaturan SMTP."),
    "address_refused": _("Server email menolak alamat penerima. Periksa penulisan alamatnya."),
    "mail_refused": _("Server email menolak surat ini."),
    "server_busy": _("Server email meminta dicoba lagi nanti."),
    "certificate": _("Sertifikat keamanan server email tidak dapat dipercaya. Periksa nama server SMTP."),
    "no_connection": _("Server email tidak dapat dihubungi. Periksa nama server dan port SMTP."),
    "template": _("Isi surat tidak dapat dibuat."),
    "lost": _("Proses pengirim berhenti berulang kali saat mengirim surat ini."),
    "unknown": _("Surat tidak terkirim karena sebab yang belum dikenali."),
}


@dataclass(frozen=True)
class Failure:
    """`final` means that another try cannot help. `detail` is the other side's answer, for the admin."""

    code: str
    final: bool
    detail: str = ""

    def stored(self) -> str:
        return f"{self.code}: {self.detail}".strip()[:500]


def sentence(stored: str) -> str:
    """The reason in the reader's language."""
    return str(SENTENCES.get(stored.partition(":")[0], SENTENCES["unknown"])) if stored else ""


def server_answer(stored: str) -> str:
    """The other side's own words, as kept."""
    return stored.partition(":")[2].strip()


def explain(error: Exception) -> Failure:
    """Sorts an error of the SMTP dialogue: permanent refusals and wrong settings end it, the rest is tried again."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        return Failure("address_refused" if code >= 500 else "server_busy", code >= 500, _answer(code, answer))
    if isinstance(error, smtplib.SMTPResponseException):
        return _by_code(error)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Failure("not_supported", True, str(error))
    if isinstance(error, ssl.SSLError):
        return Failure("certificate", False, str(error))
    if isinstance(error, smtplib.SMTPException | OSError):
        return Failure("no_connection", False, f"{type(error).__name__} {error}")
    return Failure("unknown", True, type(error).__name__)


def _by_code(error: smtplib.SMTPResponseException) -> Failure:
    code, detail = error.smtp_code, _answer(error.smtp_code, error.smtp_error)
    if not 500 <= code <= 599:  # 4xx, and -1 for an answer that was none
        return Failure("server_busy" if code > 0 else "no_connection", False, detail)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Failure("login_refused", True, detail)
    return Failure("mail_refused", True, detail)


def _answer(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return f"{code} {re.sub(r'[^ -~]+', ' ', text)}".strip()
