"""Attendance in figures: who attended how much of what counts, and which gates that opens."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Attendance
from assessments.states import COUNTS
from batches.models import Batch, Session, SessionKind
from batches.wording import localized
from core.templatetags.ui import in_zone, short_day
from participants.models import Registration
from participants.states import SEATED

NAMED = 3  # sessions that a sentence names before it counts the rest
ALL_OF_IT = 100


@dataclass(frozen=True)
class AttendanceFacts:
    """What one person attended, by JP. `training_…` leaves out the exam and what comes after it.

    `missed` are the countable sessions that lower the percent, in the order of the timetable: not attended, or not
    marked yet. A session without JP weighs nothing and is never among them.
    """

    attended_jp: int
    countable_jp: int
    training_attended_jp: int
    training_countable_jp: int
    missed: tuple[Session, ...]
    training_missed: tuple[Session, ...] = ()

    @property
    def percent(self) -> int:
        """Of all countable sessions, rounded down; 100 when nothing counts."""
        return _percent(self.attended_jp, self.countable_jp)

    @property
    def training_percent(self) -> int:
        """Of the countable sessions before the exam, rounded down; 100 when nothing counts."""
        return _percent(self.training_attended_jp, self.training_countable_jp)


@dataclass(frozen=True)
class Gate:
    """Whether attendance reaches what the scheme asks; `detail` says so, and what is missing, `figure` only how far."""

    met: bool
    percent: int
    needed: int
    detail: str
    figure: str = ""


def attendance_of_batch(batch: Batch) -> dict[int, AttendanceFacts]:
    """Facts of every seated person by registration id; three queries."""
    seated = Registration.objects.filter(batch=batch, status__in=SEATED).values_list("pk", flat=True)
    return _facts(batch, list(seated))


def attendance_of_people(batch: Batch, registrations: list[int]) -> dict[int, AttendanceFacts]:
    """Facts of these people of the batch by registration id; two queries."""
    return _facts(batch, registrations)


def attendance_of(registration: Registration) -> AttendanceFacts:
    """Facts of one person; two queries."""
    return _facts(registration.batch, [registration.pk])[registration.pk]


def exam_gate(batch: Batch, facts: AttendanceFacts) -> Gate:
    """May this person take the exam? Looks at the sessions before it only."""
    needed = _needed(batch, "exam_min_percent")
    return _gate(batch, facts.training_percent, needed, facts.training_missed, _("Kehadiran sebelum uji"))


def certificate_gate(batch: Batch, facts: AttendanceFacts) -> Gate:
    """Does attendance allow the certificate? Looks at all countable sessions, the exam's too."""
    return _gate(batch, facts.percent, _needed(batch, "certificate_min_percent"), facts.missed, _("Kehadiran"))


def training_sessions(sessions: Iterable[Session]) -> list[Session]:
    """Those before the first exam session; the closing after it is no training."""
    sessions = list(sessions)
    exams = [session.starts_at for session in sessions if session.kind == SessionKind.EXAM]
    return [
        session
        for session in sessions
        if session.kind != SessionKind.EXAM and not (exams and session.starts_at >= min(exams))
    ]


def countable_sessions(batch: Batch) -> list[Session]:
    """Those whose attendance counts, in the order of the timetable; one query."""
    return list(Session.objects.countable().filter(batch=batch).order_by("period", "order"))


def facts_of(sessions: Iterable[Session], attended: Collection[int]) -> AttendanceFacts:
    """Facts of one person from the countable sessions and the ids of those that were attended."""
    weighing = [session for session in sessions if session.jp]
    missed = tuple(session for session in weighing if session.pk not in attended)
    before_exam = {session.pk for session in training_sessions(sessions)}
    missed_before = tuple(session for session in missed if session.pk in before_exam)
    countable, countable_before = jp_of(weighing), jp_of(one for one in weighing if one.pk in before_exam)
    return AttendanceFacts(
        attended_jp=countable - jp_of(missed),
        countable_jp=countable,
        training_attended_jp=countable_before - jp_of(missed_before),
        training_countable_jp=countable_before,
        missed=missed,
        training_missed=missed_before,
    )


def _facts(batch: Batch, registrations: list[int]) -> dict[int, AttendanceFacts]:
    sessions = countable_sessions(batch)
    marks = Attendance.objects.current().filter(session__batch=batch, registration__in=registrations, status__in=COUNTS)
    attended: dict[int, set[int]] = {pk: set() for pk in registrations}
    for registration, session in marks.values_list("registration", "session"):
        attended[registration].add(session)
    return {pk: facts_of(sessions, attended[pk]) for pk in registrations}


def jp_of(sessions: Iterable[Session]) -> int:
    """Their weight together."""
    return sum(session.jp for session in sessions)


def _percent(part: int, whole: int) -> int:
    return part * 100 // whole if whole else ALL_OF_IT


def _needed(batch: Batch, which: str) -> int:
    return batch.scheme.settings.get("attendance", {}).get(which, ALL_OF_IT)


def _gate(batch: Batch, percent: int, needed: int, missed: tuple[Session, ...], subject: str) -> Gate:
    words = {"subject": subject, "percent": percent, "needed": needed}
    figure = _("%(subject)s %(percent)s%%, syaratnya %(needed)s%%.") % words
    if percent >= needed:
        return Gate(True, percent, needed, figure, figure)
    missing = _("Belum dihadiri atau belum dicatat: %(sessions)s.") % {"sessions": named_sessions(batch, missed)}
    return Gate(False, percent, needed, f"{figure} {missing}", figure)


def named_sessions(batch: Batch, sessions: Iterable[Session]) -> str:
    """The first few by title and day, then the number of the others."""
    sessions = list(sessions)
    names = [
        f"{localized(one.title)} ({short_day(in_zone(one.starts_at, batch.time_zone))})" for one in sessions[:NAMED]
    ]
    if len(sessions) > NAMED:
        more = len(sessions) - NAMED
        names.append(ngettext("%(n)s sesi lain", "%(n)s sesi lain", more) % {"n": more})
    return ", ".join(names)
