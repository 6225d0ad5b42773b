"""Decisions in words: per unit what failed, why, what is missing and what to do next."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assessments.decision import Reason, item_text, wording
from assessments.models import Appeal, Assessment, Decision, DutyEntry, PlayDecision, Record
from assessments.rubric import RubricView
from assessments.selectors.results import attempts_of, current_decision
from assessments.states import Mode, PlayRole, RecordStatus, Result
from participants.models import Registration


@dataclass(frozen=True)
class UnitInWords:
    """One unit of a decision. `items`: (id, what it asks for) of what is not met yet."""

    code: str
    label: str
    result: Result
    reasons: tuple[str, ...]
    items: tuple[tuple[str, str], ...]
    gap_note: str
    followups: tuple[str, ...]


@dataclass(frozen=True)
class DecisionInWords:
    """A decision with its units; `reasons` are those of the whole that no unit says already."""

    decision: Decision
    result: Result
    units: tuple[UnitInWords, ...]
    reasons: tuple[str, ...]
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AttemptInWords:
    """One attempt with what was decided and recorded in it."""

    assessment: Assessment
    decision: DecisionInWords | None
    appeal: Appeal | None
    records: tuple[Record, ...] = ()


def attempts_in_words(
    attempts: list[Assessment], rubric: RubricView | None, *, released_only: bool = True
) -> list[AttemptInWords]:
    """The attempts of a person (`load_attempts`), the latest first, without unreleased decisions or with them and
    the records. At most two queries, however many attempts.
    """
    appeals = {one.decision_id: one for one in Appeal.objects.filter(decision__assessment__in=attempts)}
    records = [] if released_only else _records(attempts)
    found = []
    for attempt in reversed(attempts):
        decision = current_decision(attempt)
        if decision and released_only and decision.released_at is None:
            decision = None
        found.append(
            AttemptInWords(
                attempt,
                in_words(decision, rubric) if decision else None,
                appeals.get(decision.pk) if decision else None,
                tuple(one for one in records if one.role_play.assessment_id == attempt.pk),
            )
        )
    return found


def load_attempts(registration: Registration) -> list[Assessment]:
    """All attempts of a person with their current decisions, the first ones first; two queries."""
    attempts = list(attempts_of([registration.pk]))
    for attempt in attempts:
        attempt.registration = registration
        if decision := current_decision(attempt):
            decision.assessment = attempt
    return attempts


def in_words(decision: Decision, rubric: RubricView | None) -> DecisionInWords:
    """The decision by the texts of a rubric; by bare codes when there is none."""
    general = [reason for reason in _reasons(decision.reasons) if reason.code != "units_not_competent"]
    return DecisionInWords(
        decision,
        Result(decision.result),
        tuple(_unit(row, rubric) for row in decision.units),
        _sentences(general, rubric),
        _items([item for reason in general if reason.code == "ethics_not_met" for item in reason.items], rubric),
    )


def duties_toward(registration: Registration) -> list[DutyEntry]:
    """Who did what for this person, in order."""
    return list(DutyEntry.objects.filter(registration=registration).select_related("user").order_by("since", "pk"))


def own_decisions(registration: Registration, *, with_exam: bool) -> list[dict[str, Any]]:
    """What the person decided on the asesi in the asesor's role, beside what the senior assessor would have decided.

    Exams only once their result is released. Only where both sides are in; one query.
    """
    mine = PlayDecision.objects.filter(
        role_play__seats__registration=registration, role_play__seats__role=PlayRole.ASESOR
    )
    if not with_exam:
        mine = mine.filter(role_play__round__rotation__mode=Mode.FORMATIVE)
    by_play: dict[int, dict[str, Any]] = {}
    for one in mine.select_related("role_play__round__rotation").order_by("role_play__round__starts_at", "pk"):
        row = by_play.setdefault(one.role_play_id, {"play": one.role_play})
        row[one.role] = {"result": Result(one.result), "reason": one.reason}
    return [
        row | {"agrees": row["trainee"]["result"] == row["senior"]["result"]}
        for row in by_play.values()
        if "trainee" in row and "senior" in row
    ]


def _records(attempts: list[Assessment]) -> list[Record]:
    kept = Record.objects.filter(role_play__assessment__in=attempts).exclude(status=RecordStatus.DRAFT)
    return list(kept.select_related("role_play", "recorder").order_by("pk"))


def _unit(row: dict[str, Any], rubric: RubricView | None) -> UnitInWords:
    followups = {choice.code: choice.label for choice in rubric.followups} if rubric else {}
    return UnitInWords(
        row["unit"],
        rubric.unit_label(row["unit"]) if rubric else row["unit"],
        Result(row["result"]),
        _sentences(_reasons(row["reasons"]), rubric),
        _items(row["failed_items"], rubric),
        row["gap_note"],
        tuple(followups.get(code, code) for code in row["followups"]),
    )


def _reasons(rows: Iterable[dict[str, Any]]) -> list[Reason]:
    return [Reason.from_json(row) for row in rows]


def _sentences(reasons: list[Reason], rubric: RubricView | None) -> tuple[str, ...]:
    return tuple(wording(reason, rubric) for reason in reasons) if rubric else ()


def _items(ids: Iterable[str], rubric: RubricView | None) -> tuple[tuple[str, str], ...]:
    return tuple((one, item_text(one, rubric) if rubric else "") for one in ids)
