"""Roll call, corrections and make-ups: a mark is superseded, never changed, and says who and why."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import RoleGrant
from accounts.roles import Role
from assessments import services
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
from assessments.selectors.attendance import attendance_of
from assessments.services import Mark
from assessments.states import AttendanceStatus as A
from batches.models import Batch, Session
from batches.services import give_seat_back
from core import clock
from core.audit_words import act_title
from core.errors import ChangedMeanwhile
from core.models import AuditEntry
from participants.models import Registration
from tests.factories.attendance import class_of_three, fresh, mark
from tests.factories.classes import facilitators_of, make_class, people_of

pytestmark = pytest.mark.django_db
__all__ = ["class_of_three"]


@pytest.fixture
def batch(db, class_of_three):
    return fresh(class_of_three)


@pytest.fixture
def people(batch):
    return people_of(batch)


@pytest.fixture
def by(batch):
    return facilitators_of(batch)[0]


def session_on(batch: Batch, day: int) -> Session:
    """The first session with JP of a day of the agenda: 1 was the day before yesterday, 3 is today, 4 is to come."""
    return Session.objects.countable().filter(batch=batch, day=day, jp__gt=0).order_by("period").first()


def current(session: Session) -> dict[int, str]:
    return dict(Attendance.objects.current().filter(session=session).values_list("registration", "status"))


# --- roll call


def test_roll_call_marks_each_person(batch, people, by):
    session = session_on(batch, 3)
    marks = {people[0].pk: Mark(A.PRESENT), people[1].pk: Mark(A.LATE, 15), people[2].pk: Mark(A.SICK)}

    services.mark_attendance(session, marks, by=by)

    assert current(session) == {people[0].pk: A.PRESENT, people[1].pk: A.LATE, people[2].pk: A.SICK}
    late = Attendance.objects.get(registration=people[1])
    assert (late.minutes_late, late.marked_by) == (15, by)


def test_roll_call_is_one_entry_of_the_log(batch, people, by):
    session = session_on(batch, 3)
    services.mark_attendance(session, {one.pk: Mark(A.PRESENT) for one in people}, by=by)

    entry = AuditEntry.objects.get(act="attendance_marked")

    assert entry.changes == {"present": ["", 3]}
    assert (entry.actor_id, entry.object_kind) == (by.pk, "batches.session")


def test_minutes_belong_to_who_was_late(batch, people, by):
    services.mark_attendance(session_on(batch, 3), {people[0].pk: Mark(A.PRESENT, 15)}, by=by)

    assert Attendance.objects.get().minutes_late is None


def test_unchanged_mark_writes_nothing(batch, people, by):
    session = session_on(batch, 3)
    marks = {people[0].pk: Mark(A.LATE, 5), people[1].pk: Mark(A.PRESENT)}
    services.mark_attendance(session, marks, by=by)
    entries = AuditEntry.objects.count()

    assert services.mark_attendance(session, marks, by=by) == []
    assert (Attendance.objects.count(), AuditEntry.objects.count()) == (2, entries)


def test_changed_mark_supersedes_the_one_before(batch, people, by, admin):
    session = session_on(batch, 3)
    services.mark_attendance(session, {people[0].pk: Mark(A.ABSENT)}, by=by)

    services.mark_attendance(session, {people[0].pk: Mark(A.LATE, 20)}, by=admin)

    before, after = Attendance.objects.filter(registration=people[0]).order_by("id")
    assert (before.status, before.marked_by, before.superseded_at is None) == (A.ABSENT, by, False)
    assert (after.status, after.marked_by, after.superseded_at) == (A.LATE, admin, None)
    entry = AuditEntry.objects.get(act="attendance_corrected")
    assert entry.changes == {"status": ["absent", "late"], "minutes_late": [None, 20]}
    assert entry.subject_id == people[0].person.user_id


def test_correction_after_the_day_needs_a_reason(batch, people, by):
    session = session_on(batch, 1)
    services.mark_attendance(session, {people[0].pk: Mark(A.ABSENT)}, by=by)

    with pytest.raises(CorrectionNeedsReason, match=people[0].person.full_name):
        services.mark_attendance(session, {people[0].pk: Mark(A.PRESENT)}, by=by)
    services.mark_attendance(session, {people[0].pk: Mark(A.PRESENT, reason="Salah baris.")}, by=by)

    assert current(session) == {people[0].pk: A.PRESENT}
    assert AuditEntry.objects.get(act="attendance_corrected").reason == "Salah baris."


def test_first_mark_after_the_day_needs_no_reason(batch, people, by):
    session = session_on(batch, 1)

    services.mark_attendance(session, {people[0].pk: Mark(A.PRESENT)}, by=by)

    assert current(session) == {people[0].pk: A.PRESENT}


def test_what_somebody_else_marked_meanwhile_is_not_overwritten(batch, people, by, admin):
    session = session_on(batch, 3)
    services.mark_attendance(session, {people[0].pk: Mark(A.ABSENT)}, by=admin, seen=0)

    with pytest.raises(ChangedMeanwhile):
        services.mark_attendance(session, {one.pk: Mark(A.PRESENT) for one in people}, by=by, seen=0)
    services.mark_attendance(session, {one.pk: Mark(A.PRESENT) for one in people}, by=by, seen=1)

    assert set(current(session).values()) == {A.PRESENT}


def test_who_marks_the_same_meanwhile_is_not_disturbed(batch, people, by, admin):
    session = session_on(batch, 3)
    services.mark_attendance(session, {people[0].pk: Mark(A.ABSENT)}, by=admin, seen=0)

    services.mark_attendance(session, {people[0].pk: Mark(A.ABSENT), people[1].pk: Mark(A.SICK)}, by=by, seen=0)

    assert current(session) == {people[0].pk: A.ABSENT, people[1].pk: A.SICK}


def test_all_present_marks_only_the_unmarked(batch, people, by):
    session = session_on(batch, 3)
    services.mark_attendance(session, {people[0].pk: Mark(A.SICK)}, by=by)

    services.mark_all_present(session, by=by)
    again = services.mark_all_present(session, by=by)

    assert current(session) == {people[0].pk: A.SICK, people[1].pk: A.PRESENT, people[2].pk: A.PRESENT}
    assert again == []


# --- when it is possible


def test_session_of_a_later_day_cannot_be_marked(batch, people, by):
    with pytest.raises(AttendanceTooEarly):
        services.mark_attendance(session_on(batch, 4), {people[0].pk: Mark(A.PRESENT)}, by=by)


def test_session_can_be_marked_from_the_morning_of_its_day(batch, people, by):
    session = session_on(batch, 4)
    half_past_midnight = session.starts_at.astimezone(ZoneInfo(batch.time_zone)).replace(hour=0, minute=30)

    with clock.at(half_past_midnight):  # still the day before in UTC
        services.mark_attendance(session, {people[0].pk: Mark(A.PRESENT)}, by=by)

    assert current(session) == {people[0].pk: A.PRESENT}


def test_cancelled_session_takes_no_marks(batch, people, by):
    session = session_on(batch, 3)
    stamps = {"cancelled_at": clock.now(), "cancelled_by": by, "cancel_reason": "Listrik padam"}
    Session.objects.filter(pk=session.pk).update(**stamps)

    with pytest.raises(SessionIsCancelled):
        services.mark_all_present(session, by=by)


def test_break_takes_no_marks(batch, by):
    pause = Session.objects.filter(batch=batch, day=3, needs_attendance=False).first()

    with pytest.raises(SessionTakesNoAttendance):
        services.mark_all_present(pause, by=by)


@pytest.mark.parametrize("status", ["cancelled", "archived"])
def test_batch_that_is_over_takes_no_marks(batch, by, status):
    stamps = (
        {"cancelled_at": clock.now(), "cancelled_by": by, "cancel_reason": "Sakit"} if status == "cancelled" else {}
    )
    Batch.objects.filter(pk=batch.pk).update(status=status, **stamps)

    with pytest.raises(AttendanceIsClosed):
        services.mark_all_present(session_on(batch, 3), by=by)


@pytest.mark.parametrize("status", ["closed", "examining", "completed"])
def test_batch_whose_day_has_come_takes_marks(batch, people, by, status):
    Batch.objects.filter(pk=batch.pk).update(status=status)

    assert len(services.mark_all_present(session_on(batch, 3), by=by)) == len(people)


def test_only_seated_people_are_marked(batch, people, by):
    guest = people_of(make_class(1))[0]
    Registration.objects.filter(pk=people[0].pk).update(status="withdrawn")
    give_seat_back(batch.pk)

    for stranger in (guest, people[0]):
        with pytest.raises(NotSeated, match=stranger.person.full_name):
            services.mark_attendance(session_on(batch, 3), {stranger.pk: Mark(A.PRESENT)}, by=by)


def test_nobody_marks_oneself(batch, people):
    with pytest.raises(OwnAttendance):
        services.mark_attendance(session_on(batch, 3), {people[0].pk: Mark(A.PRESENT)}, by=people[0].person.user)


def test_make_up_is_no_mark_of_the_roll_call(batch, people, by):
    with pytest.raises(MakeUpNeedsApproval):
        services.mark_attendance(session_on(batch, 3), {people[0].pk: Mark(A.MADE_UP)}, by=by)


# --- make-ups


@pytest.mark.parametrize("status", [A.ABSENT, A.EXCUSED, A.SICK, None])
def test_make_up_lets_a_missed_session_count(batch, people, admin, status):
    session = session_on(batch, 1)
    if status:
        mark(session, people[0], status)
    before = attendance_of(people[0]).attended_jp

    row = services.approve_make_up(people[0], session, " Tugas pengganti selesai. ", by=admin)

    assert (row.status, row.reason, row.marked_by) == (A.MADE_UP, "Tugas pengganti selesai.", admin)
    assert attendance_of(people[0]).attended_jp == before + session.jp
    entry = AuditEntry.objects.get(act="make_up_approved")
    assert entry.changes == {"status": [status or "", "made_up"]}
    assert (entry.reason, entry.subject_id) == ("Tugas pengganti selesai.", people[0].person.user_id)


@pytest.mark.parametrize("status", [A.PRESENT, A.LATE, A.MADE_UP])
def test_what_counts_already_is_not_made_up(batch, people, admin, status):
    session = session_on(batch, 1)
    mark(session, people[0], status, reason="Sudah")

    with pytest.raises(NothingToMakeUp):
        services.approve_make_up(people[0], session, "Tugas pengganti.", by=admin)


def test_unmarked_session_is_made_up_only_once_it_is_over(batch, people, admin):
    session = session_on(batch, 3)

    with clock.at(session.ends_at - timedelta(minutes=1)), pytest.raises(MakeUpTooEarly):
        services.approve_make_up(people[0], session, "Tugas pengganti.", by=admin)
    with clock.at(session.ends_at):
        services.approve_make_up(people[0], session, "Tugas pengganti.", by=admin)

    assert current(session) == {people[0].pk: A.MADE_UP}


def test_make_up_needs_a_reason(batch, people, admin):
    with pytest.raises(MakeUpReasonNeeded):
        services.approve_make_up(people[0], session_on(batch, 1), "  ", by=admin)


def test_facilitator_does_not_approve_make_ups(batch, people, by):
    with pytest.raises(MakeUpNeedsApproval):
        services.approve_make_up(people[0], session_on(batch, 1), "Tugas pengganti.", by=by)


def test_nobody_approves_the_own_make_up(batch, people):
    user = people[0].person.user
    RoleGrant.objects.create(user=user, role=Role.DIRECTOR)

    with pytest.raises(OwnAttendance):
        services.approve_make_up(people[0], session_on(batch, 1), "Tugas pengganti.", by=user)


def test_person_of_another_batch_has_nothing_to_make_up(batch, admin):
    with pytest.raises(NotSeated):
        services.approve_make_up(people_of(make_class(1))[0], session_on(batch, 1), "Tugas pengganti.", by=admin)


def test_approved_make_up_stays_unless_who_may_approve_it_says_why(batch, people, by, admin):
    session = session_on(batch, 3)
    mark(session, people[0], A.MADE_UP, reason="Tugas pengganti.")

    with pytest.raises(MakeUpIsApproved):
        services.mark_attendance(session, {people[0].pk: Mark(A.ABSENT, reason="Keliru.")}, by=by)
    with pytest.raises(CorrectionNeedsReason):
        services.mark_attendance(session, {people[0].pk: Mark(A.ABSENT)}, by=admin)
    services.mark_attendance(session, {people[0].pk: Mark(A.ABSENT, reason="Keliru.")}, by=admin)

    assert current(session) == {people[0].pk: A.ABSENT}


@pytest.mark.parametrize("act", ["attendance_marked", "attendance_corrected", "make_up_approved"])
def test_act_has_words(act):
    assert act_title(act) != act
