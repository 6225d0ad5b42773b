"""The results of a class at a glance: who waits for what, and which recommendations need a second look."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import F
from django.db.models.query import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.models import UnitResult
from assessments.selectors.attendance import Gate, attendance_of_people, exam_gate
from assessments.selectors.results import PersonResult, results_for
from assessments.states import AssessmentStatus, RecordStatus, Result
from batches.models import Batch
from participants.models import Registration
from participants.states import SEATED

NO_EXAM, OPEN, RECOMMENDED, DECIDED, COMPETENT, NOT_YET = "none", "open", "recommended", "decided", "k", "bk"
APPEALED = "appealed"
STATES: dict[str, str | Promise] = {  # in the order of the work
    RECOMMENDED: _("Menunggu penetapan"),
    OPEN: _("Belum direkomendasikan"),
    NO_EXAM: _("Belum mengikuti uji"),
    DECIDED: _("Ditetapkan, belum dirilis"),
    NOT_YET: _("Belum kompeten"),
    COMPETENT: _("Kompeten"),
}
PLACES = {state: place for place, state in enumerate(STATES)}


@dataclass(frozen=True)
class Recommendation:
    """What the signed records of the latest attempt say: K only if all of them do."""

    units: dict[str, str] = field(default_factory=dict)  # of the latest record
    results: frozenset[str] = frozenset()  # of all records
    records: tuple[str, ...] = ()  # codes
    disagrees: bool = False

    @property
    def mark(self) -> str:
        """What a page has shown: a corrected record is another one."""
        return " ".join(sorted(self.records))

    @property
    def result(self) -> str:
        if not self.results:
            return ""
        return Result.COMPETENT.value if self.results == {Result.COMPETENT} else Result.NOT_YET.value


@dataclass(frozen=True)
class BoardRow:
    """One person of the class."""

    registration: Registration
    gate: Gate
    result: PersonResult
    recommendation: Recommendation

    @property
    def state(self) -> str:
        assessment, decision = self.result.assessment, self.result.decision
        if assessment is None:
            return NO_EXAM
        if decision is None:
            return RECOMMENDED if assessment.status == AssessmentStatus.RECOMMENDED else OPEN
        if decision.released_at is None:
            return DECIDED
        return COMPETENT if decision.result == Result.COMPETENT else NOT_YET

    @property
    def state_label(self) -> str:
        return str(STATES[self.state])

    @property
    def is_ready(self) -> bool:
        """May be ticked for the decision."""
        return self.state == RECOMMENDED and not self.recommendation.disagrees

    @property
    def place(self) -> tuple[int, bool, bool, str]:
        """Waiting ones first; among them disagreements, then BK."""
        says = self.recommendation
        return (
            PLACES[self.state], not says.disagrees, says.result != Result.NOT_YET, self.registration.person.full_name,
        )  # fmt: skip


def board_rows(batch: Batch) -> list[BoardRow]:
    """Everybody who holds a seat, in the order of the work; seven queries."""
    people = Registration.objects.filter(batch=batch, status__in=SEATED).select_related("person__user")
    people = {one.pk: one for one in people}
    results, attendance = results_for(list(people)), attendance_of_people(batch, list(people))
    says = recommendations([one.assessment.pk for one in results.values() if one.assessment])
    rows = []
    for pk, registration in people.items():
        latest = results[pk].assessment
        found = says.get(latest.pk, Recommendation()) if latest else Recommendation()
        rows.append(BoardRow(registration, exam_gate(batch, attendance[pk]), results[pk], found))
    return sorted(rows, key=lambda row: row.place)


def counts(rows: list[BoardRow]) -> dict[str, int]:
    """How many people are in each state, and how many have an open appeal."""
    found = Counter(row.state for row in rows)
    found[APPEALED] = sum(row.result.has_open_appeal for row in rows)
    return found


def narrowed(rows: list[BoardRow], state: str = "", q: str = "") -> list[BoardRow]:
    """The rows of a state (or with an open appeal) whose name or number holds `q`."""
    words = q.casefold()
    return [
        row
        for row in rows
        if (not state or row.state == state or (state == APPEALED and row.result.has_open_appeal))
        and words in f"{row.registration.person.display_name} {row.registration.number}".casefold()
    ]


def recommendations(assessments: list[int]) -> dict[int, Recommendation]:
    """By attempt, of those that have signed records; one query."""
    by_attempt: dict[int, dict[int, list[UnitResult]]] = defaultdict(lambda: defaultdict(list))
    for unit in _signed_units(assessments):
        by_attempt[unit.of][unit.record_id].append(unit)
    return {pk: _recommendation(list(records.values())) for pk, records in by_attempt.items()}


def _signed_units(assessments: list[int]) -> QuerySet[UnitResult]:
    signed = UnitResult.objects.filter(
        record__role_play__assessment__in=assessments, record__status=RecordStatus.SIGNED
    )
    rows = signed.select_related("record").annotate(of=F("record__role_play__assessment"))
    return rows.order_by("record__signed_at", "record", "pk")


def _recommendation(records: list[list[UnitResult]]) -> Recommendation:
    said = {(units[0].record.result, *((one.unit, one.result) for one in units)) for units in records}
    return Recommendation(
        units={one.unit: one.result for one in records[-1]},
        results=frozenset(units[0].record.result for units in records),
        records=tuple(units[0].record.code for units in records),
        disagrees=len(said) > 1,
    )
