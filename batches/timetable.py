"""From the days of an agenda to days of the calendar."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from batches.models import AgendaTemplate, Batch, Session, SessionKind
from batches.schedule import WORDS
from core.clock import is_working_day


@dataclass(frozen=True)
class AgendaDay:
    """One day of a timetable; `on` is None while no batch gives it a date."""

    number: int
    on: date | None
    is_exam: bool
    sessions: list[dict[str, Any]]

    @property
    def jp(self) -> int:
        return sum(session["jp"] for session in self.sessions)

    @property
    def hours(self) -> dict[str, str]:
        """From the first start to the last end, in the shape of a session."""
        return {"start": self.sessions[0]["start"], "end": self.sessions[-1]["end"]}


def agenda_dates(starts_on: date, ends_on: date, days: int) -> list[date]:
    """The `days` training days of a period, its first and last among them.

    A period longer than the agenda leaves out Sundays and holidays first, then Saturdays, then the latest days.
    """
    period = [starts_on + timedelta(days=number) for number in range((ends_on - starts_on).days + 1)]
    return sorted(sorted(period, key=lambda day: (_leisure(day, {starts_on, ends_on}), day))[:days])


def agenda_days(agenda: AgendaTemplate, dates: list[date] | None = None) -> list[AgendaDay]:
    """The timetable day by day."""
    training, sessions = agenda.content["training_days"], agenda.content["sessions"]
    return [
        AgendaDay(
            number,
            dates[number - 1] if dates and len(dates) >= number else None,
            number > training,
            [session for session in sessions if session["day"] == number],
        )
        for number in range(1, agenda.days + 1)
    ]


def scheduled_days(batch: Batch) -> list[AgendaDay]:
    """The timetable of a batch as it stands: its sessions, or what the agenda plans while it has none. One query."""
    zone = ZoneInfo(batch.time_zone)
    found: dict[date, list[Session]] = {}
    for session in Session.objects.live().filter(batch=batch).order_by("period", "order"):
        found.setdefault(session.starts_at.astimezone(zone).date(), []).append(session)
    return [
        AgendaDay(
            number, on, any(one.kind == SessionKind.EXAM for one in found[on]), [_block(one, zone) for one in found[on]]
        )
        for number, on in enumerate(sorted(found), start=1)
    ] or batch_days(batch)


def _block(session: Session, zone: ZoneInfo) -> dict[str, Any]:
    """A session in the shape of an agenda's."""
    start, end = (f"{at.astimezone(zone):%H:%M}" for at in (session.starts_at, session.ends_at))
    word = WORDS[SessionKind(session.kind)]
    return {"start": start, "end": end, "title": session.title, "type": word, "unit": session.unit, "jp": session.jp}


def batch_days(batch: Batch) -> list[AgendaDay]:
    """The timetable of a batch with its dates."""
    return agenda_days(batch.agenda, agenda_dates(batch.starts_on, batch.ends_on, batch.agenda.days))


def day_number(batch: Batch, moment: datetime) -> int:
    """The day of the agenda on which `moment` falls; between two days, the one before; at least the first."""
    on = moment.astimezone(ZoneInfo(batch.time_zone)).date()
    dates = agenda_dates(batch.starts_on, batch.ends_on, batch.agenda.days)
    return max(1, sum(day <= on for day in dates))


def exam_starts_on(batch: Batch) -> date:
    """The first day of the examination."""
    return next((day.on for day in batch_days(batch) if day.is_exam and day.on), batch.ends_on)


def _leisure(day: date, fixed: set[date]) -> int:
    if day in fixed:
        return 0
    if is_working_day(day):
        return 1
    return 2 if day.weekday() == 5 else 3
