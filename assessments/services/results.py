"""From a signed record to a decision that the participant sees."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from accounts.models import User
from assessments import emails
from assessments.errors.results import (
    NobodyChosen,
    NothingToRelease,
    NotSigned,
    RecordersDisagree,
    ReleaseChanged,
    ResultsNotDecided,
)
from assessments.models import Assessment, Decision, Record, UnitResult
from assessments.records import open_sheet
from assessments.selectors.releases import release_mark, staged_decisions
from assessments.services.attempt_moves import explained, lock_assessment, lock_assessments, move_assessment
from assessments.services.duties import demand_distance, demand_not_own, take_duty
from assessments.states import ASSESSMENT, AssessmentStatus, Duty, RecordStatus
from batches.models import Batch
from batches.services import lock_batch
from core import audit, clock
from core.errors import ChangedMeanwhile, DomainError
from core.patience import patient
from core.transitions import check_transition

S = AssessmentStatus


@patient
def recommend(assessment: Assessment, record: Record, *, by: User) -> Assessment:
    """OPEN -> RECOMMENDED by a signed record (NotSigned); its recorder has from now on a duty toward the person.

    Called when a record is signed, in that transaction. A further record of the same attempt (a second recorder, a
    corrected version) leaves it RECOMMENDED.
    """
    assessment = lock_assessment(assessment)
    if record.status != RecordStatus.SIGNED:
        raise NotSigned
    take_duty(assessment.registration, record.recorder, Duty.RECORDS)
    if assessment.status == S.RECOMMENDED:
        audit.record(
            "result_recommended", assessment, by=by, subject_id=assessment.registration.person.user_id,
            changes={"result": ("", record.result)},
        )  # fmt: skip
        return assessment
    move_assessment(assessment, S.RECOMMENDED, act="result_recommended", by=by)
    return assessment


@patient
def decide_results(
    assessments: Iterable[Assessment], *, minutes: str = "", shown: Mapping[str, str] | None = None, by: User
) -> list[Decision]:
    """RECOMMENDED -> DECIDED for exactly these attempts, each by its signed record; all of them or none.

    The decision copies the units' results and reasons. Nobody is told: results are released per batch. `shown` is by
    the attempt's code which records the page had shown (`Recommendation.mark`): one corrected since is not decided.
    NobodyChosen; ResultsNotDecided names each person in the way: another state, a duty of `by` toward the person,
    recorders that disagree.
    """
    rows = lock_assessments(assessments)
    if not rows:
        raise NobodyChosen
    decisions, refused = [], []
    for assessment in rows:
        try:
            decisions.append(_decide(assessment, minutes.strip(), shown, by))
        except DomainError as error:
            refused.append(f"{assessment.registration.person}: {error}")
    if refused:
        raise ResultsNotDecided(people=" ".join(refused))
    return decisions


def _decide(assessment: Assessment, minutes: str, shown: Mapping[str, str] | None, by: User) -> Decision:
    check_transition(ASSESSMENT, assessment.status, S.DECIDED)
    demand_distance(assessment.registration, by)
    records = _signed_records(assessment)
    if shown is not None and shown.get(assessment.code) != " ".join(sorted(one.code for one in records)):
        raise ChangedMeanwhile
    record = _agreed(records)
    take_duty(assessment.registration, by, Duty.DECIDES)
    decision = Decision.objects.create(
        assessment=assessment, version=assessment.decisions.count() + 1, result=record.result, minutes=minutes,
        units=[_unit(one) for one in record.unit_results.all()],
        reasons=[reason.as_json() for reason in open_sheet(record).outcome.reasons], decided_by=by,
    )  # fmt: skip
    move_assessment(assessment, S.DECIDED, act="result_decided", by=by, reason=minutes)
    return decision


def _signed_records(assessment: Assessment) -> list[Record]:
    """Of the attempt, the latest first."""
    signed = Record.objects.filter(role_play__assessment=assessment, status=RecordStatus.SIGNED)
    signed = signed.select_related("recorder", "role_play__round__rotation__rubric", "role_play__assessment")
    return list(signed.prefetch_related("unit_results").order_by("-signed_at", "-pk"))


def _agreed(records: list[Record]) -> Record:
    """The latest; all of them must say the same."""
    if not records:
        raise NotSigned
    if len({_said(record) for record in records}) > 1:
        raise RecordersDisagree
    return records[0]


def _said(record: Record) -> tuple[Any, ...]:
    return record.result, *sorted((one.unit, one.result) for one in record.unit_results.all())


def _unit(one: UnitResult) -> dict[str, Any]:
    return {
        "unit": one.unit, "result": one.result, "reasons": one.reasons, "failed_items": one.failed_items,
        "gap_note": one.gap_note, "followups": one.followups,
    }  # fmt: skip


@patient
def send_back(assessment: Assessment, reason: str, *, by: User) -> Assessment:
    """RECOMMENDED -> OPEN, so that the record is corrected; its recorders are mailed the reason. OwnResult."""
    reason = explained(reason)
    assessment = lock_assessment(assessment)
    demand_not_own(assessment.registration, by)
    entry = move_assessment(assessment, S.OPEN, act="result_sent_back", by=by, reason=reason)
    signed = Record.objects.filter(role_play__assessment=assessment, status=RecordStatus.SIGNED)
    for record in signed.select_related("recorder").order_by("pk"):
        emails.tell_recorder("result_sent_back", record, entry)
    return assessment


@patient
def release_results(batch: Batch, *, seen: str, silent: Collection[str] = (), by: User) -> list[Decision]:
    """Shows all decisions of the batch that are not released yet to their participants, and mails each of them.

    `seen` is what the releasing person had before the eyes (`release_mark`); `silent` are codes of attempts whose mail
    is discarded: the person is told in another way. NothingToRelease; ReleaseChanged: nothing is released then.
    """
    batch = lock_batch(batch.pk)
    decisions = list(staged_decisions(batch).select_for_update(no_key=True, of=("self",)))
    if not decisions:
        raise NothingToRelease
    if seen != release_mark(decisions):
        raise ReleaseChanged
    now = clock.now()
    for decision in decisions:
        decision.released_at, decision.released_by = now, by
        decision.save(update_fields=["released_at", "released_by"])
        person = decision.assessment.registration.person
        is_silent = decision.assessment.code in silent
        changes = {"released_at": (None, now)} | ({"mail_discarded": (False, True)} if is_silent else {})
        audit.record("result_released", decision, by=by, subject_id=person.user_id, changes=changes)
        if not is_silent:
            emails.tell("result_released", person.user, decision_id=decision.pk)
    return decisions
