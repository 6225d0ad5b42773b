"""Labels of the shipped reference data in the reader's language.

The data is Indonesian; its English stands in the same catalogue as the screens' sentences. A label that an LSP wrote
itself has no translation and is shown as it is.
"""

from typing import Any
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from core.templatetags.ui import weekday_date, zone_label

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


def period_hours(period: DateTimeTZRange | None, zone: str) -> str:
    """08.00–09.30 WIB"""
    if not period:
        return ""
    pattern = "H:i" if (get_language() or "id").startswith("en") else "H.i"
    start, end = (format_date(at.astimezone(ZoneInfo(zone)), pattern) for at in (period.lower, period.upper))
    return f"{start}–{end} {zone_label(zone)}"


def period_text(period: DateTimeTZRange | None, zone: str) -> str:
    """Senin, 3 Agustus 2026 pukul 08.00–09.30 WIB"""
    if not period:
        return ""
    words = {"day": weekday_date(period.lower.astimezone(ZoneInfo(zone)).date()), "time": period_hours(period, zone)}
    return gettext("%(day)s pukul %(time)s") % words
