"""Labels of the shipped reference data in the reader's language.

The data is Indonesian; its English stands in the same catalogue as the screens' sentences. A label that an LSP wrote
itself has no translation and is shown as it is.
"""

from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

SESSION_KINDS = {
    "seremoni": _("Seremoni"),
    "materi": _("Materi"),
    "praktik": _("Praktik"),
    "evaluasi": _("Evaluasi"),
    "role_play": _("Role play"),
    "uji": _("Uji"),
    "istirahat": _("Istirahat"),
}


def localized(text: str) -> str:
    """The label in the active language; '' stays ''."""
    return gettext(text) if text else ""


def session_kind(kind: str) -> str:
    """Materi, Praktik, Uji …"""
    return str(SESSION_KINDS.get(kind, kind))


def session_time(session: dict[str, Any]) -> str:
    """08.00–09.30, local time of the place; 08:00–09:30 on English pages."""
    text = f"{session['start']}–{session['end']}"
    return text if (get_language() or "id").startswith("en") else text.replace(":", ".")
