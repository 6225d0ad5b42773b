"""From an agenda and days of the calendar to planned sessions: pure, in the local time of the place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from batches.models import SessionKind

KINDS = {  # as the agenda templates say it
    "seremoni": SessionKind.CEREMONY,
    "materi": SessionKind.LECTURE,
    "praktik": SessionKind.PRACTICE,
    "evaluasi": SessionKind.EVALUATION,
    "role_play": SessionKind.ROLE_PLAY,
    "uji": SessionKind.EXAM,
    "istirahat": SessionKind.BREAK,
}
WORDS = {kind: word for word, kind in KINDS.items()}
TAUGHT = {SessionKind.LECTURE, SessionKind.PRACTICE, SessionKind.EVALUATION, SessionKind.ROLE_PLAY}


@dataclass(frozen=True)
class PlannedSession:
    """One block of a timetable before it is kept; both moments are aware, in the zone of the place."""

    day: int
    order: int
    kind: SessionKind
    title: str
    unit: str
    jp: int
    needs_attendance: bool
    starts_at: datetime
    ends_at: datetime


def plan_sessions(agenda: Mapping[str, Any], dates: Sequence[date], zone: str) -> list[PlannedSession]:
    """The sessions of an agenda's content on these days, in its order; day n of the agenda is the n-th date.

    Sessions of days that have no date are left out.
    """
    planned: list[PlannedSession] = []
    orders: dict[int, int] = {}
    for block in agenda["sessions"]:
        number = block["day"]
        if number > len(dates):
            continue
        orders[number] = orders.get(number, 0) + 1
        planned.append(_planned(block, orders[number], dates[number - 1], zone))
    return planned


def _planned(block: Mapping[str, Any], order: int, on: date, zone: str) -> PlannedSession:
    return PlannedSession(
        day=block["day"],
        order=order,
        kind=KINDS[block["type"]],
        title=block["title"],
        unit=block.get("unit", ""),
        jp=block["jp"],
        needs_attendance=block["attendance"],
        starts_at=local_moment(on, time.fromisoformat(block["start"]), zone),
        ends_at=local_moment(on, time.fromisoformat(block["end"]), zone),
    )


def local_moment(on: date, at: time, zone: str) -> datetime:
    """That wall-clock time at the place."""
    return datetime.combine(on, at, ZoneInfo(zone))


def shifted(moment: datetime, days: int, before: str, after: str) -> datetime:
    """So many days later at the same wall-clock time, from the zone `before` to the zone `after`."""
    local = moment.astimezone(ZoneInfo(before)) + timedelta(days=days)
    return local.replace(tzinfo=ZoneInfo(after))


def shifts_of(before: Sequence[date], after: Sequence[date]) -> dict[int, int]:
    """Day of the agenda -> by how many days it moves."""
    return {number: (new - old).days for number, (old, new) in enumerate(zip(before, after, strict=False), start=1)}
