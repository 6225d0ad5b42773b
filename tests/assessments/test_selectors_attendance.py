"""Attendance in figures: by JP, rounded down, and the gates of exam and certificate."""

import pytest
from django.utils import translation

from assessments.selectors.attendance import (
    AttendanceFacts,
    attendance_of,
    attendance_of_batch,
    certificate_gate,
    exam_gate,
    training_sessions,
)
from assessments.states import AttendanceStatus as A
from batches.models import Session, SessionKind
from core import clock
from tests.factories.attendance import attend_all, class_of_three, fresh, mark
from tests.factories.classes import make_class, people_of

pytestmark = pytest.mark.django_db
__all__ = ["class_of_three"]


def weights(batch, *jp: int) -> list[Session]:
    """Leaves so many countable training sessions of those JP, and one exam session of 4 JP."""
    training = training_sessions(Session.objects.countable().filter(batch=batch).order_by("period"))
    exam = Session.objects.filter(batch=batch, kind=SessionKind.EXAM).first()
    kept = training[: len(jp)]
    Session.objects.filter(batch=batch).exclude(pk__in=[one.pk for one in [*kept, exam]]).update(needs_attendance=False)
    for session, weight in zip([*kept, exam], [*jp, 4], strict=True):
        Session.objects.filter(pk=session.pk).update(jp=weight)
    return list(Session.objects.countable().filter(batch=batch).order_by("period"))


def thresholds(batch, *, exam: int, certificate: int) -> None:
    batch.scheme.settings["attendance"] = {"exam_min_percent": exam, "certificate_min_percent": certificate}


@pytest.fixture
def small(db, class_of_three):
    """A class with training sessions of 1, 2 and 3 JP and an exam session of 4 JP, and two of its people."""
    batch = fresh(class_of_three)
    return batch, weights(batch, 1, 2, 3), people_of(batch)[:2]


@pytest.mark.parametrize(
    ("attended", "countable", "percent"), [(2, 3, 66), (199, 200, 99), (0, 5, 0), (5, 5, 100), (0, 0, 100)]
)
def test_percent_is_rounded_down(attended, countable, percent):
    facts = AttendanceFacts(attended, countable, attended, countable, ())

    assert (facts.percent, facts.training_percent) == (percent, percent)


@pytest.mark.parametrize(
    ("status", "counts"),
    [(A.PRESENT, True), (A.LATE, True), (A.MADE_UP, True), (A.EXCUSED, False), (A.SICK, False), (A.ABSENT, False)],
)
def test_present_late_and_made_up_count(small, status, counts):
    batch, sessions, (one, _other) = small
    mark(sessions[2], one, status, reason="Susulan disetujui")

    facts = attendance_of(one)

    assert facts.attended_jp == (3 if counts else 0)
    assert (sessions[2] in facts.missed) is not counts


def test_percent_weighs_sessions_by_jp(small):
    _batch, sessions, (one, other) = small
    mark(sessions[2], one, A.PRESENT)  # 3 of 6 JP before the exam, of 10 in all
    mark(sessions[0], other, A.PRESENT)

    facts = attendance_of_batch(one.batch)

    assert (facts[one.pk].training_percent, facts[one.pk].percent) == (50, 30)
    assert (facts[other.pk].training_percent, facts[other.pk].percent) == (16, 10)


def test_unmarked_session_is_not_attended(small):
    _batch, sessions, (one, _other) = small

    facts = attendance_of(one)

    assert facts.percent == 0
    assert list(facts.missed) == sessions


def test_superseded_mark_does_not_count(small):
    _batch, sessions, (one, _other) = small
    mark(sessions[0], one, A.PRESENT, superseded_at=clock.now())
    mark(sessions[0], one, A.ABSENT)

    assert attendance_of(one).attended_jp == 0


def test_cancelled_session_is_not_counted(small, admin):
    batch, sessions, (one, _other) = small
    attend_all(batch, except_=[sessions[2]])
    Session.objects.filter(pk=sessions[2].pk).update(
        cancelled_at=clock.now(), cancelled_by=admin, cancel_reason="Listrik padam"
    )

    facts = attendance_of(one)

    assert (facts.countable_jp, facts.percent, facts.missed) == (7, 100, ())


def test_session_without_jp_weighs_nothing(small):
    _batch, sessions, (one, _other) = small
    Session.objects.filter(pk=sessions[0].pk).update(jp=0)

    assert sessions[0] not in attendance_of(one).missed


def test_exam_gate_looks_at_sessions_before_the_exam_only(small):
    batch, sessions, (one, _other) = small
    attend_all(batch, except_=[sessions[3]])
    facts = attendance_of(one)

    assert exam_gate(batch, facts).met
    assert not certificate_gate(batch, facts).met


def test_closing_after_the_exam_is_no_training(class_of_three):
    batch = class_of_three
    exams = Session.objects.filter(batch=batch, kind=SessionKind.EXAM)
    closing = Session.objects.filter(batch=batch, kind=SessionKind.CEREMONY).order_by("period").last()

    training = training_sessions(Session.objects.filter(batch=batch))

    assert closing.starts_at > exams.first().starts_at
    assert closing not in training
    assert not {one.pk for one in training} & {one.pk for one in exams}


@pytest.mark.parametrize(("needed", "met"), [(50, True), (51, False)])
def test_thresholds_are_the_schemes(small, needed, met):
    batch, sessions, (one, _other) = small
    mark(sessions[2], one, A.PRESENT)
    thresholds(batch, exam=needed, certificate=needed - 20)

    facts = attendance_of(one)

    assert exam_gate(batch, facts).met is met
    assert certificate_gate(batch, facts).met is met


def test_silent_scheme_asks_everything(small):
    batch, sessions, (one, _other) = small
    attend_all(batch, except_=[sessions[0]])
    batch.scheme.settings.pop("attendance", None)

    assert exam_gate(batch, attendance_of(one)).needed == 100
    assert not exam_gate(batch, attendance_of(one)).met


def test_gate_names_what_is_missing(small):
    batch, sessions, (one, _other) = small
    attend_all(batch, except_=[sessions[0]])

    with translation.override("id"):
        gate = exam_gate(batch, attendance_of(one))

    assert gate.detail.startswith("Kehadiran sebelum uji 83%, syaratnya 100%.")
    assert sessions[0].title in gate.detail
    assert sessions[3].title not in gate.detail


def test_gate_counts_what_it_does_not_name(class_of_three):
    batch = class_of_three
    one = people_of(batch)[0]

    with translation.override("id"):
        gate = certificate_gate(batch, attendance_of(one))

    assert f"{len(attendance_of(one).missed) - 3} sesi lain" in gate.detail


@pytest.mark.parametrize("people", [1, 30])
def test_batch_is_read_in_three_queries(people, django_assert_num_queries):
    batch = make_class(people, capacity=30)
    attend_all(batch)

    with django_assert_num_queries(3):
        facts = attendance_of_batch(batch)

    assert {one.percent for one in facts.values()} == {100}
    assert len(facts) == people
