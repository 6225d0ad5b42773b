"""What has changed on a timetable since somebody last heard of it, from the facts as they are."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from batches.models import Batch, Session, SessionKind
from batches.wording import localized, period_text

MOST_LISTED = 20


@dataclass(frozen=True)
class Change:
    """One line: `kind` is cancelled, moved, added or edited; `was` only where the time moved."""

    kind: str
    label: str
    title: str
    time: str
    was: str = ""
    reason: str = ""
    place: str = ""


@dataclass(frozen=True)
class Changes:
    """The lines of a mail, and how many more there are."""

    lines: list[Change]
    more: int

    def __bool__(self) -> bool:
        return bool(self.lines)


def changes_since(batch: Batch, version: int) -> Changes:
    """Sessions that changed after `version`, in order of time; breaks concern nobody. Two queries."""
    changed = Session.objects.filter(batch=batch, schedule_version__gt=version).exclude(kind=SessionKind.BREAK)
    sessions = list(changed.prefetch_related("bookings__room").order_by("period", "order"))
    return Changes([_change(batch, one) for one in sessions[:MOST_LISTED]], max(0, len(sessions) - MOST_LISTED))


def _change(batch: Batch, session: Session) -> Change:
    kind = _kind(session)
    labels = {"cancelled": _("Dibatalkan"), "moved": _("Pindah waktu"), "added": _("Baru"), "edited": _("Diperbarui")}
    rooms = ", ".join(booking.room.name for booking in session.bookings.all() if booking.room)
    return Change(
        kind,
        labels[kind],
        localized(session.title),
        period_text(session.period, batch.time_zone),
        was=period_text(session.moved_from, batch.time_zone) if kind == "moved" else "",
        reason=session.cancel_reason,
        place=rooms,
    )


def _kind(session: Session) -> str:
    if session.is_cancelled:
        return "cancelled"
    if session.moved_from:
        return "moved"
    return "added" if session.is_new else "edited"
