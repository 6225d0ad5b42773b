"""Why a mail did not go out, or not as it was owed: sorted by when another try makes sense, and said in words.

The row keeps `<code>: <the mail server's own words>`; the sentence is made when somebody reads it.
"""

import re
import smtplib
import ssl
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.smtp import AnswerMissing


class Pace(Enum):
    """When another try makes sense."""

    SOON = "soon"  # the connection, or the server for a moment
    ONCE = "once"  # the server may have the mail: one more try, then a person decides
    LATER = "later"  # the server wants to be asked again in some time
    NEVER = "never"  # only a person can help: the address, the mail itself, the settings


SENTENCES: dict[str, str | Promise] = {
    "login_refused": _("Server email menolak nama pengguna atau kata sandi SMTP. Periksa pengaturan SMTP."),
    "not_supported": _("Server email tidak mendukung cara masuk atau enkripsi yang diatur. Periksa pengaturan SMTP."),
    "wrong_settings": _("Pengaturan layanan email tidak lengkap atau tidak cocok. Periksa pengaturan email."),
    "address_refused": _("Server email menolak alamat penerima. Periksa penulisan alamatnya."),
    "mail_refused": _("Server email menolak surat ini."),
    "server_busy": _("Server email meminta dicoba lagi nanti."),
    "deferred": _("Server email menunda surat ini dan menerimanya nanti."),
    "mailbox_full": _("Kotak surat penerima penuh."),
    "certificate": _("Sertifikat keamanan server email tidak dapat dipercaya. Periksa nama server SMTP."),
    "no_connection": _("Server email tidak dapat dihubungi. Periksa nama server dan port SMTP."),
    "unsure": _(
        "Server email tidak menjawab setelah menerima isi surat ini. Mungkin penerima sudah mendapatnya; "
        "surat yang dikirim lagi memakai Message-ID yang sama."
    ),
    "sending_limit": _("Batas pengiriman akun email portal tercapai. Surat dicoba lagi nanti."),
    "template": _("Isi surat tidak dapat dibuat."),
    "not_read": _("Basis data atau penyimpanan berkas tidak menjawab saat isi surat dibuat."),
    "lost": _(
        "Proses pengirim berhenti saat mengirim surat ini. Mungkin penerima mendapatnya dua kali, "
        "dengan Message-ID yang sama."
    ),
    "gone": _("Sebab surat ini sudah tidak ada, sehingga surat tidak dikirim."),
    "expired": _(
        "Tautan di surat ini sudah tidak berlaku, sehingga surat tidak dikirim. Orangnya dapat meminta yang baru."
    ),
    "readdressed": _("Alamat email orang ini sudah diganti; surat dikirim ke alamat yang baru."),
    "superseded": _("Surat yang lebih baru kepada orang ini menyatakan keadaan yang sekarang."),
    "discarded": _("Dibuang sebelum dilepas."),
    "unknown": _("Surat tidak terkirim karena sebab yang belum dikenali."),
}
PACES = {
    **dict.fromkeys(["no_connection", "server_busy", "not_read"], Pace.SOON),
    **dict.fromkeys(["deferred", "mailbox_full", "certificate", "sending_limit"], Pace.LATER),
    "unsure": Pace.ONCE,
}  # all others: never
DOUBTS = ("lost", "unsure")  # nobody knows whether the mail was taken
OF_THE_SERVER = frozenset({
    "login_refused", "not_supported", "wrong_settings", "certificate", "no_connection", "server_busy", "unsure",
    "sending_limit",
})  # fmt: skip
UNREACHABLE = ("no_connection", "server_busy", "certificate")  # the server as a whole, not this one mail

_LATER_CODES = {450, 451, 452}
_LOGIN_CODES = {530, 534, 535, 538}
_FULL = re.compile(r"\b[45]\.2\.2\b|mailbox (is )?full|over ?quota|quota exceeded", re.IGNORECASE)
_LIMIT = re.compile(  # of our own account, whoever the recipient is
    r"\b[45]\.4\.5\b|\brate\W+limit|\b(sending|daily|hourly)\W+(\w+\W+){0,2}(limit|quota)", re.IGNORECASE
)
_TOO_LARGE = re.compile(r"\b5\.(3\.4|2\.3)\b")


@dataclass(frozen=True)
class Reason:
    """`code` names the sentence and the pace. `detail` is the other side's answer, for the admin."""

    code: str
    detail: str = ""

    @property
    def pace(self) -> Pace:
        return PACES.get(self.code, Pace.NEVER)

    def stored(self) -> str:
        return f"{self.code}: {self.detail}".strip()[:500]


def code_of(stored: str) -> str:
    """The code that a stored reason begins with."""
    return stored.partition(":")[0]


def sentence(stored: str) -> str:
    """The reason in the reader's language."""
    return str(SENTENCES.get(code_of(stored), SENTENCES["unknown"])) if stored else ""


def server_answer(stored: str) -> str:
    """The other side's own words, as kept."""
    return stored.partition(":")[2].strip()


def explain(error: Exception) -> Reason:
    """Sorts an error of the SMTP dialogue, or of a mail service's API, into one of the codes."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        return _by_code(code, _answer(code, answer), refused="address_refused")
    if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500:
        return Reason("login_refused", _answer(error.smtp_code, error.smtp_error))
    if isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError) and error.smtp_code >= 500:
        return Reason("server_busy", _answer(error.smtp_code, error.smtp_error))  # nobody's mail, for now
    if isinstance(error, smtplib.SMTPResponseException):
        return _by_code(error.smtp_code, _answer(error.smtp_code, error.smtp_error), refused="mail_refused")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Reason("not_supported", str(error))
    if isinstance(error, ssl.SSLCertVerificationError):
        return Reason("certificate", str(error))
    if _is_of_a_service(error):
        return _by_service(error)
    if isinstance(error, AnswerMissing):
        return Reason("unsure", str(error))
    if isinstance(error, smtplib.SMTPException | OSError):
        return Reason("no_connection", f"{type(error).__name__} {error}")
    return Reason("unknown", type(error).__name__)


def _by_code(code: int, detail: str, *, refused: str) -> Reason:
    """By the SMTP reply code: 4xx passes, 5xx stays but for a full mailbox; -1 stands for an answer that was none."""
    if code <= 0:
        return Reason("no_connection", detail)
    if code in _LOGIN_CODES:
        return Reason("login_refused", detail)
    if _LIMIT.search(detail):
        return Reason("sending_limit", detail)
    if (code == 552 and not _TOO_LARGE.search(detail)) or _FULL.search(detail):
        return Reason("mailbox_full", detail)
    if 500 <= code <= 599:
        return Reason(refused, detail)
    is_deferred = code in _LATER_CODES or "greylist" in detail.lower()
    return Reason("deferred" if is_deferred else "server_busy", detail)


# --- services with an API of their own: anymail's errors are known by their names, it is imported only where chosen
def _is_of_a_service(error: Exception) -> bool:
    return any(kind.__module__.startswith("anymail.") for kind in type(error).__mro__)


def _by_service(error: Exception) -> Reason:
    """An HTTP answer tells: 401 and 403 the key, 429 and 5xx the service for a moment, other 4xx this mail."""
    names = {kind.__name__ for kind in type(error).__mro__}
    status = getattr(error, "status_code", None)
    detail = _answer(status or type(error).__name__, str(error))
    if "AnymailRecipientsRefused" in names:
        return Reason("address_refused", detail)
    if names & {"AnymailConfigurationError", "AnymailImproperlyInstalled"}:
        return Reason("wrong_settings", detail)
    if "AnymailAPIError" not in names:
        return Reason("mail_refused", detail)
    if status is None:  # no answer at all; of one that came too late nobody knows
        return Reason("unsure" if type(error.__cause__).__name__ == "ReadTimeout" else "no_connection", detail)
    if status in {401, 403}:
        return Reason("login_refused", detail)
    if status in {408, 429} or status >= 500:
        return Reason("server_busy", detail)
    return Reason("mail_refused", detail)


def _answer(code: int | str, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return f"{code} {re.sub(r'[^ -~]+', ' ', text)}".strip()
