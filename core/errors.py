"""Refusals that a person caused and can act on: a stable reason code and a sentence for the screen."""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A rule refused the act. `code` names the rule; `message` says which rule and how to clear it.

    Subclasses set `code` and `message`; `context` fills the message's %(name)s places.
    """

    code: str = "refused"
    message: ClassVar[str | Promise] = _("Tindakan ini belum dapat dilakukan.")

    def __init__(self, message: str | Promise | None = None, *, code: str | None = None, **context: Any) -> None:
        self.text = message if message is not None else self.message
        self.code = code or self.code
        self.context = context
        super().__init__(self.code)

    def __str__(self) -> str:
        text = str(self.text)
        return text % self.context if self.context else text


class TransitionNotAllowed(DomainError):
    """The state moved on meanwhile, or the act does not fit the present state."""

    code = "transition_not_allowed"
    message = _("Statusnya sekarang “%(current)s”, sehingga tindakan ini tidak dapat dilakukan. Muat ulang halaman.")


class ChangedMeanwhile(DomainError):
    """Somebody else saved the same thing after this page was opened; nothing was overwritten."""

    code = "changed_meanwhile"
    message = _("Data ini sudah diubah di tempat lain. Bandingkan isian terbaru di bawah, lalu simpan lagi.")


class SystemBusy(DomainError):
    """What the act needs stayed locked by somebody else, twice in a row; nothing was changed."""

    code = "system_busy"
    message = _("Sistem sedang ramai. Coba lagi sebentar lagi.")
