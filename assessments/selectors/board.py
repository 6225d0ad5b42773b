"""What the desk's board asks of classes: each is a queryset, so that a number and its rows cannot differ."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth

from assessments.models import Appeal, Assessment, Attendance, Decision, Record, RolePlay
from assessments.selectors.attendance import ALL_OF_IT
from assessments.states import (
    COUNTS,
    AssessmentStatus,
    Mode,
    RecordStatus,
    RolePlayStatus,
)
from batches.board import begins_today
from batches.models import Session
from batches.states import BatchStatus
from core import clock
from participants.models import Registration
from participants.states import SEATED

UNDER_WAY = (BatchStatus.RUNNING, BatchStatus.EXAMINING)


def waits_for_marks() -> Q:
    """Countable sessions of running classes that have ended and in which somebody with a seat has no mark."""
    marked = Attendance.objects.current().filter(session=OuterRef(OuterRef("pk")), registration=OuterRef("pk"))
    unmarked = Registration.objects.filter(batch=OuterRef("batch"), status__in=SEATED).filter(~Exists(marked))
    countable = Q(cancelled_at=None, needs_attendance=True)
    return countable & Q(batch__status__in=UNDER_WAY, period__endswith__lte=clock.now()) & Q(Exists(unmarked))


def sessions_without_attendance() -> QuerySet[Session]:
    """Sessions whose roll was not called, or not for everybody; the oldest first."""
    return Session.objects.filter(waits_for_marks()).select_related("batch").order_by("period", "id")


def plays_without_record() -> QuerySet[RolePlay]:
    """Published plays of running classes whose time is over and whose sheet nobody has signed.

    Practice counts only where a senior assessor was named for it.
    """
    signed = Record.objects.filter(role_play=OuterRef("pk"), status=RecordStatus.SIGNED)
    over = Q(round__ended_at__isnull=False) | Q(status=RolePlayStatus.FINISHED)
    recorded_by_somebody = ~Q(round__rotation__mode=Mode.FORMATIVE) | Q(assessor__isnull=False)
    plays = RolePlay.objects.published().filter(over, recorded_by_somebody, ~Exists(signed))
    plays = plays.filter(round__rotation__batch__status__in=UNDER_WAY).exclude(status=RolePlayStatus.CANCELLED)
    return plays.select_related("round__rotation__batch", "assessor").order_by("round__starts_at", "group", "id")


def attempts_to_decide() -> QuerySet[Assessment]:
    """Recommended attempts that wait for the director or the committee; the oldest first."""
    waiting = Assessment.objects.filter(status=AssessmentStatus.RECOMMENDED)
    return waiting.select_related("registration__person", "registration__batch").order_by("status_at", "id")


def open_appeals() -> QuerySet[Appeal]:
    """Appeals that wait for somebody, the one whose answer is due first."""
    rows = Appeal.objects.open().select_related("decision__assessment__registration__person")
    return rows.select_related("decision__assessment__registration__batch").order_by("answer_due_on", "id")


def with_attendance(people: QuerySet[Registration]) -> QuerySet[Registration]:
    """The people with `attended_jp` and `countable_jp`, as AttendanceFacts counts them, without reading sessions."""
    marks = Attendance.objects.current().filter(registration=OuterRef("pk"), status__in=COUNTS)
    marks = marks.filter(session__cancelled_at=None, session__needs_attendance=True).order_by().values("registration")
    sessions = Session.objects.countable().filter(batch=OuterRef("batch")).order_by().values("batch")
    return people.annotate(
        attended_jp=Coalesce(Subquery(marks.annotate(n=Sum("session__jp")).values("n")), 0),
        countable_jp=Coalesce(Subquery(sessions.annotate(n=Sum("jp")).values("n")), 0),
    )


def attendance_percent(person: Registration) -> int:
    """Of a person that came from with_attendance: rounded down; 100 when nothing counts."""
    return person.attended_jp * ALL_OF_IT // person.countable_jp if person.countable_jp else ALL_OF_IT


@dataclass(frozen=True)
class PerBatch:
    """Two counts of one query, by batch id."""

    first: dict[int, int]
    second: dict[int, int]


def session_counts() -> PerBatch:
    """Of each batch the sessions of today, and those without attendance; one query."""
    return _count_both(Session.objects.all(), "batch", begins_today(), waits_for_marks())


def result_counts() -> PerBatch:
    """Of each batch the attempts to decide, and the decisions to release; one query."""
    undecided = Q(status=AssessmentStatus.RECOMMENDED)
    kept = Decision.objects.current().filter(assessment=OuterRef("pk"), released_at=None)
    unreleased = Q(Exists(kept), status=AssessmentStatus.DECIDED)
    return _count_both(Assessment.objects.all(), "registration__batch", undecided, unreleased)


def _count_both(rows: QuerySet, batch: str, first: Q, second: Q) -> PerBatch:
    either = rows.filter(first | second).order_by().values_list(batch)
    counted = list(either.annotate(a=Count("pk", filter=first), b=Count("pk", filter=second)))
    return PerBatch({pk: a for pk, a, _b in counted if a}, {pk: b for pk, _a, b in counted if b})


def people_beyond_the_gate() -> dict[int, int]:
    """Batch id -> people of running classes who can no longer reach what the certificate asks; one query.

    Counted from the sessions that were marked as not attended: what nobody has marked may still come.
    """
    lost: dict[tuple[int, int], int] = Counter()
    facts: dict[int, tuple[int, int]] = {}
    countable = Session.objects.countable().filter(batch=OuterRef("session__batch")).order_by().values("batch")
    absences = Attendance.objects.current().filter(
        session__batch__status__in=UNDER_WAY, session__cancelled_at=None, session__needs_attendance=True,
        registration__status__in=SEATED,
    )  # fmt: skip
    rows = absences.exclude(status__in=COUNTS).order_by().values_list("session__batch", "registration").annotate(
        jp=Sum("session__jp"), of=Subquery(countable.annotate(n=Sum("jp")).values("n")),
        asked=F("session__batch__scheme__settings__attendance__certificate_min_percent"),
    )  # fmt: skip
    for batch, registration, jp, of, asked in rows:
        lost[batch, registration] = jp
        facts[batch] = (of, ALL_OF_IT if asked is None else asked)
    people: dict[int, int] = defaultdict(int)
    for (batch, _registration), jp in lost.items():
        whole, asked = facts[batch]
        people[batch] += bool(whole) and (whole - jp) * 100 // whole < asked
    return {batch: count for batch, count in people.items() if count}


def results_by_month(since: date) -> dict[tuple[date, str], int]:
    """(month, result) -> decisions released in it, from the day `since` on; one query."""
    released = Decision.objects.released().filter(released_at__date__gte=since).order_by()
    months = released.annotate(month=TruncMonth("released_at")).values_list("month", "result")
    return {(month.date(), result): count for month, result, count in months.annotate(n=Count("id"))}
