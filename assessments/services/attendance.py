"""Roll call, corrections and approved make-ups. A mark is never changed: the next one supersedes it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.models import User
from assessments.errors.attendance import (
    AttendanceIsClosed,
    AttendanceTooEarly,
    CorrectionNeedsReason,
    MakeUpIsApproved,
    MakeUpNeedsApproval,
    MakeUpReasonNeeded,
    MakeUpTooEarly,
    NothingToMakeUp,
    NotSeated,
    OwnAttendance,
    SessionIsCancelled,
    SessionTakesNoAttendance,
)
from assessments.models import Attendance
from assessments.policies.attendance import can_approve_make_up
from assessments.states import COUNTS, ROLL_CALL, AttendanceStatus
from batches.models import Session
from batches.services import lock_batch
from batches.states import BatchStatus
from core import audit, clock
from core.errors import ChangedMeanwhile
from core.patience import patient
from core.templatetags.ui import day, in_zone
from participants.models import Registration
from participants.states import SEATED

A, S = AttendanceStatus, BatchStatus
TAKEN_IN = (S.OPEN, S.CLOSED, S.RUNNING, S.EXAMINING, S.COMPLETED)  # and only from the session's day on


@dataclass(frozen=True)
class Mark:
    """What the roll call says of one person. `reason` explains a correction."""

    status: str
    minutes_late: int | None = None
    reason: str = ""

    @property
    def facts(self) -> tuple[str, int | None]:
        return self.status, self.minutes_late if self.status == A.LATE else None


@patient
def mark_attendance(
    session: Session, marks: Mapping[int, Mark], *, by: User, seen: int | None = None
) -> list[Attendance]:
    """Marks people by registration id; what changed supersedes the mark before, what did not writes nothing.

    `seen` is the number of marks that the session had when the form was made: ChangedMeanwhile when somebody else has
    marked one of these people otherwise since. The errors of this module say the other rules.
    """
    session = _lock(session)
    demand_open(session)
    if any(mark.status not in ROLL_CALL for mark in marks.values()):
        raise MakeUpNeedsApproval
    rows = list(Attendance.objects.filter(session=session).order_by("id"))
    current = {row.registration_id: row for row in rows if row.superseded_at is None}
    changed = {pk: mark for pk, mark in marks.items() if pk not in current or _facts(current[pk]) != mark.facts}
    newer = {row.registration_id for row in rows[seen:]} if seen is not None else set()
    if newer & set(changed):
        raise ChangedMeanwhile
    people = _seated(session, changed)
    _guard(session, changed, current, people, by)
    return _write(session, changed, current, people, by)


@patient
def mark_all_present(session: Session, *, by: User) -> list[Attendance]:
    """Everybody who has no mark yet is present; who has one keeps it. Errors as mark_attendance."""
    session = _lock(session)
    demand_open(session)
    marked = Attendance.objects.current().filter(session=session).values("registration")
    seated = Registration.objects.filter(batch=session.batch, status__in=SEATED)
    missing = seated.exclude(pk__in=marked).exclude(person__user=by).values_list("pk", flat=True)
    return mark_attendance(session, {pk: Mark(A.PRESENT) for pk in missing}, by=by)


@patient
def approve_make_up(registration: Registration, session: Session, reason: str, *, by: User) -> Attendance:
    """A missed session counts after all, with who approved it and why; admins and directors, never for oneself.

    Missed is excused, sick or absent, or unmarked once the session is over: NothingToMakeUp, MakeUpTooEarly.
    """
    session = _lock(session)
    demand_open(session)
    person = _seated(session, [registration.pk])[registration.pk]
    if not can_approve_make_up(by):
        raise MakeUpNeedsApproval
    if person.person.user_id == by.pk:
        raise OwnAttendance
    if not reason.strip():
        raise MakeUpReasonNeeded
    before = Attendance.objects.current().filter(session=session, registration=registration).first()
    if before and before.status in COUNTS:
        raise NothingToMakeUp(name=person.person.full_name, status=before.get_status_display())
    if before is None and clock.now() < session.ends_at:
        raise MakeUpTooEarly
    _supersede([before] if before else [])
    row = Attendance.objects.create(
        session=session, registration=registration, status=A.MADE_UP, reason=reason.strip(), marked_by=by
    )
    _record(row, before, person, "make_up_approved", by)
    return row


def _lock(session: Session) -> Session:
    """The session as it is now; its batch is locked first, so that nobody leaves it meanwhile."""
    batch = lock_batch(session.batch_id)
    session = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    session.batch = batch
    return session


def demand_open(session: Session) -> None:
    """Refuses unless the session can be marked now; the errors say what is in the way."""
    if session.cancelled_at:
        raise SessionIsCancelled
    if not session.needs_attendance:
        raise SessionTakesNoAttendance
    if session.batch.status not in TAKEN_IN:
        raise AttendanceIsClosed(status=S(session.batch.status).label)
    if _day_of(session) > clock.today(session.batch.time_zone):
        raise AttendanceTooEarly(day=day(_day_of(session)))


def _day_of(session: Session):
    return in_zone(session.starts_at, session.batch.time_zone).date()


def _seated(session: Session, wanted: Iterable[int]) -> dict[int, Registration]:
    """The people by registration id. NotSeated names those who hold no seat of this batch."""
    rows = Registration.objects.filter(pk__in=list(wanted)).select_related("person")
    people = {row.pk: row for row in rows}
    strangers = [row for row in people.values() if row.batch_id != session.batch_id or row.status not in SEATED]
    if strangers:
        raise NotSeated(names=_names(strangers))
    return people


def _guard(
    session: Session, changed: Mapping[int, Mark], current: Mapping[int, Attendance],
    people: Mapping[int, Registration], by: User,
) -> None:  # fmt: skip
    if any(one.person.user_id == by.pk for one in people.values()):
        raise OwnAttendance
    made_up = [pk for pk in changed if pk in current and current[pk].status == A.MADE_UP]
    if made_up and not can_approve_make_up(by):
        raise MakeUpIsApproved(names=_names(people[pk] for pk in made_up))
    is_over = _day_of(session) < clock.today(session.batch.time_zone)
    corrected = [pk for pk in changed if pk in current and (is_over or pk in made_up)]
    if unexplained := [people[pk] for pk in corrected if not changed[pk].reason.strip()]:
        raise CorrectionNeedsReason(names=_names(unexplained))


def _write(
    session: Session, changed: Mapping[int, Mark], current: Mapping[int, Attendance],
    people: Mapping[int, Registration], by: User,
) -> list[Attendance]:  # fmt: skip
    _supersede(current[pk] for pk in changed if pk in current)
    written = Attendance.objects.bulk_create(
        Attendance(
            session=session, registration=people[pk], status=mark.status, minutes_late=mark.facts[1],
            reason=mark.reason.strip() if pk in current else "", marked_by=by,
        )
        for pk, mark in changed.items()
    )  # fmt: skip
    first = [row for row in written if row.registration_id not in current]
    if first:
        counts = Counter(row.status for row in first)
        changes = {status.value: ("", counts[status.value]) for status in ROLL_CALL if counts[status.value]}
        audit.record("attendance_marked", session, by=by, changes=changes, label=session.title[:120])
    for row in written:
        if before := current.get(row.registration_id):
            _record(row, before, people[row.registration_id], "attendance_corrected", by)
    return written


def _supersede(rows: Iterable[Attendance]) -> None:
    Attendance.objects.filter(pk__in=[row.pk for row in rows]).update(superseded_at=clock.now())


def _record(row: Attendance, before: Attendance | None, person: Registration, act: str, by: User) -> None:
    old = before or Attendance(status="")
    audit.record(
        act, row, by=by, subject_id=person.person.user_id, reason=row.reason, label=row.session.title[:120],
        changes={"status": (old.status, row.status), "minutes_late": (old.minutes_late, row.minutes_late)},
    )  # fmt: skip


def _facts(row: Attendance) -> tuple[str, int | None]:
    return row.status, row.minutes_late


def _names(people: Iterable[Registration]) -> str:
    return ", ".join(sorted(one.person.full_name for one in people))
