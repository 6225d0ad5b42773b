"""What the pages of attendance show: a class by sessions and people, one roll call, one person's own record."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models import Attendance
from assessments.selectors.attendance import (
    AttendanceFacts,
    Gate,
    certificate_gate,
    countable_sessions,
    exam_gate,
    facts_of,
    jp_of,
)
from assessments.states import COUNTS, AttendanceStatus
from batches.models import Batch, Booking, Session
from core import clock
from core.templatetags.ui import in_zone
from participants.models import Registration
from participants.states import SEATED

MET = ("met", "ok", _("Memenuhi syarat"))
MAKE_UP = ("make_up", "warn", _("Perlu susulan"))
UNMARKED = ("unmarked", "warn", _("Belum dicatat"))
UNDER_WAY = ("under_way", "plain", _("Berjalan"))
LETTERS = {"present": "H", "late": "T", "excused": "I", "sick": "S", "absent": "A", "made_up": "SU"}


@dataclass(frozen=True)
class Cell:
    """One person in one session. `is_due`: the session is over and nobody has marked the person."""

    session: Session
    mark: Attendance | None
    is_due: bool

    @property
    def is_missed(self) -> bool:
        """Marked as not attended."""
        return self.mark is not None and self.mark.status not in COUNTS

    @property
    def letter(self) -> str:
        return LETTERS[self.mark.status] if self.mark else "?" if self.is_due else "·"

    @property
    def label(self) -> str | Promise:
        if self.mark:
            return self.mark.get_status_display()
        return _("Belum dicatat") if self.is_due else _("Belum berlangsung")

    @property
    def tone(self) -> str:
        return AttendanceStatus(self.mark.status).tone if self.mark else "warn" if self.is_due else "plain"


@dataclass(frozen=True)
class PersonRow:
    """One person's marks, percent and gates, and where that leads."""

    registration: Registration
    cells: list[Cell]
    facts: AttendanceFacts
    exam: Gate
    certificate: Gate
    standing: tuple[str, str, str | Promise]  # code, tone, label

    @property
    def code(self) -> str:
        return self.standing[0]

    @property
    def failing_gate(self) -> Gate | None:
        """The first gate that is not reached."""
        return next((gate for gate in (self.exam, self.certificate) if not gate.met), None)

    @property
    def so_far(self) -> list[Cell]:
        """Sessions that are marked, or over and not marked."""
        return [cell for cell in self.cells if cell.mark or cell.is_due]

    @property
    def coming(self) -> int:
        """Number of the others."""
        return len(self.cells) - len(self.so_far)

    @property
    def missed(self) -> list[Cell]:
        """What an approved make-up would mend: missed sessions that weigh something."""
        return [cell for cell in self.cells if cell.is_missed and cell.session.jp]


@dataclass(frozen=True)
class SessionRow:
    """One session with how its people were marked. `is_open`: its day has come; `is_due`: some are unmarked."""

    session: Session
    counts: list[tuple[AttendanceStatus, int]]
    marked: int
    is_open: bool
    is_due: bool


@dataclass(frozen=True)
class Board:
    """Attendance of a whole batch."""

    days: list[tuple[date, list[SessionRow]]]
    people: list[PersonRow]

    @property
    def sessions(self) -> list[SessionRow]:
        return [row for _day, rows in self.days for row in rows]

    @property
    def open_days(self) -> set[date]:
        """Days whose sessions wait for marks; when none does, the next one."""
        waiting = {day for day, rows in self.days if any(row.is_due for row in rows)}
        coming = [day for day, rows in self.days if not rows[-1].is_open]
        return waiting or set(coming[:1])

    @property
    def due(self) -> list[SessionRow]:
        return [row for row in self.sessions if row.is_due]

    @property
    def make_ups(self) -> list[PersonRow]:
        return [row for row in self.people if row.code == "make_up"]


@dataclass(frozen=True)
class RollCallRow:
    """One person in a roll call: the mark now, and those that it superseded, the latest first."""

    registration: Registration
    mark: Attendance | None
    earlier: list[Attendance]

    @property
    def status(self) -> AttendanceStatus | None:
        return AttendanceStatus(self.mark.status) if self.mark else None

    @property
    def is_missed(self) -> bool:
        return self.mark is not None and self.mark.status not in COUNTS

    @property
    def is_told(self) -> bool:
        """Has more to say than the choice that the form shows."""
        return bool(self.earlier or (self.mark and (self.mark.reason or self.mark.status == AttendanceStatus.MADE_UP)))


def attendance_board(batch: Batch) -> Board:
    """Sessions and seated people of a batch; three queries for any number of people."""
    sessions, people = countable_sessions(batch), seated_people(batch)
    marks = Attendance.objects.current().filter(session__batch=batch, registration__in=[one.pk for one in people])
    by_person: dict[int, dict[int, Attendance]] = {one.pk: {} for one in people}
    by_session: dict[int, Counter[str]] = {one.pk: Counter() for one in sessions}
    for mark in marks:
        by_person[mark.registration_id][mark.session_id] = mark
        if mark.session_id in by_session:
            by_session[mark.session_id][mark.status] += 1
    rows = [_session_row(one, batch, by_session[one.pk], len(people)) for one in sessions]
    days = [(day, list(group)) for day, group in groupby(rows, lambda row: _day_of(row.session, batch))]
    return Board(days, [_person_row(one, batch, sessions, by_person[one.pk]) for one in people])


def own_attendance(registration: Registration) -> PersonRow:
    """One person's record; two queries besides the batch's own."""
    batch = registration.batch
    marks = Attendance.objects.current().filter(session__batch=batch, registration=registration)
    by_session = {mark.session_id: mark for mark in marks.select_related("marked_by")}
    return _person_row(registration, batch, countable_sessions(batch), by_session)


def roll_call(session: Session) -> tuple[list[RollCallRow], int]:
    """Seated people by name with their marks in this session, and the number of its marks; two queries."""
    marks = list(Attendance.objects.filter(session=session).select_related("marked_by").order_by("-id"))
    rows = []
    for one in seated_people(session.batch):
        own = [mark for mark in marks if mark.registration_id == one.pk]
        current = next((mark for mark in own if mark.superseded_at is None), None)
        rows.append(RollCallRow(one, current, [mark for mark in own if mark.superseded_at]))
    return rows, len(marks)


def seated_people(batch: Batch) -> list[Registration]:
    """Who holds a seat, by name; one query."""
    seated = Registration.objects.filter(batch=batch, status__in=SEATED).select_related("person")
    return list(seated.order_by("person__full_name", "id"))


def rooms_and_instructors(session: Session) -> tuple[list[str], list[User]]:
    """What the session has booked; one query."""
    bookings = list(Booking.objects.filter(session=session).select_related("room", "person").order_by("id"))
    return [str(one.room) for one in bookings if one.room], [one.person for one in bookings if one.person]


def has_come(session: Session, batch: Batch) -> bool:
    """The session's day has begun in the batch's zone."""
    return _day_of(session, batch) <= clock.today(batch.time_zone)


def is_today(session: Session, batch: Batch) -> bool:
    """The batch's zone has the session's day."""
    return _day_of(session, batch) == clock.today(batch.time_zone)


def _day_of(session: Session, batch: Batch) -> date:
    return in_zone(session.starts_at, batch.time_zone).date()


def _session_row(session: Session, batch: Batch, counts: Counter[str], seated: int) -> SessionRow:
    shown = [(status, counts[status]) for status in AttendanceStatus if counts[status]]
    marked, is_open = counts.total(), has_come(session, batch)
    return SessionRow(session, shown, marked, is_open, is_due=is_open and marked < seated)


def _person_row(
    registration: Registration, batch: Batch, sessions: Iterable[Session], marks: Mapping[int, Attendance]
) -> PersonRow:
    now = clock.now()
    cells = [Cell(one, marks.get(one.pk), one.pk not in marks and one.ends_at <= now) for one in sessions]
    facts = facts_of(sessions, {cell.session.pk for cell in cells if cell.mark and not cell.is_missed})
    exam, certificate = exam_gate(batch, facts), certificate_gate(batch, facts)
    standing = _standing(cells, facts, exam, certificate)
    return PersonRow(registration, cells, facts, exam, certificate, standing)


def _standing(
    cells: list[Cell], facts: AttendanceFacts, exam: Gate, certificate: Gate
) -> tuple[str, str, str | Promise]:
    """Reached; out of reach without a make-up; waiting for a mark; or simply not over yet."""
    if exam.met and certificate.met:
        return MET
    lost = {cell.session.pk for cell in cells if cell.is_missed}
    if _best(facts.training_countable_jp, facts.training_missed, lost) < exam.needed:
        return MAKE_UP
    if _best(facts.countable_jp, facts.missed, lost) < certificate.needed:
        return MAKE_UP
    return UNMARKED if any(cell.is_due and cell.session.jp for cell in cells) else UNDER_WAY


def _best(countable: int, missed: Iterable[Session], lost: set[int]) -> int:
    """The percent if everything that is not marked yet were attended."""
    return (countable - jp_of(one for one in missed if one.pk in lost)) * 100 // countable if countable else 100
