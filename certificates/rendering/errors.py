"""What the printer refuses."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class NameNotPrintable(DomainError):
    """A text on the certificate cannot be printed as it is. `message` names the letter or the length."""

    code = "name_not_printable"
    message = _("Nama ini belum dapat dicetak. Periksa penulisannya.")


class RenderingFailed(Exception):
    """The page that came out is not the certificate that was asked for: a fault of ours, never of the person.

    The message says what is wrong and holds no personal data.
    """
