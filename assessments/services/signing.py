"""Signing a record: exactly what was shown, with the result that follows from it."""

from collections.abc import Collection, Iterable, Mapping

from accounts.models import User
from assessments.decision import UnitOutcome
from assessments.errors.records import (
    ConflictsOpen,
    GapNotExplained,
    NotesMissing,
    NotTheRecorder,
    RecordIncomplete,
    SummaryNeeded,
)
from assessments.models import Record, RolePlay, UnitResult
from assessments.records import Place, Sheet, open_sheet, sheet_digest
from assessments.selectors.plays import assessed_registration
from assessments.services.attempt_moves import lock_assessment
from assessments.services.records import demand_independence, lock_play
from assessments.services.results import recommend
from assessments.services.taps import lock_record
from assessments.states import RECORD, RecordStatus, Result
from core import audit, clock
from core.errors import ChangedMeanwhile
from core.patience import patient
from core.transitions import check_transition

S = RecordStatus
Explained = Mapping[str, tuple[str, Collection[str]]]  # unit -> (what is missing, codes of next steps)
NAMED = 6  # places that a refusal names before it only counts them


@patient
def sign_record(record: Record, *, digest: str, summary: str, units: Explained, by: User) -> Record:
    """DRAFT -> SIGNED, with the result per unit; in an exam the assessment is recommended in the same transaction.

    `digest` is that of the page on which the recorder signed: ChangedMeanwhile when the sheet says something else by
    now. `units` explains every unit that is BK. A practice may leave gaps: such a unit gets no result. The errors name
    what is missing. A version that it corrects is replaced.
    """
    play = lock_play(record.role_play)
    if play.assessment:
        play.assessment = lock_assessment(play.assessment)
    record = lock_record(record)
    if record.recorder_id != by.pk:
        raise NotTheRecorder
    check_transition(RECORD, record.status, S.SIGNED)
    sheet = open_sheet(record)
    _demand_complete(sheet)
    if sheet_digest(sheet) != digest:
        raise ChangedMeanwhile
    if sheet.is_exam:
        demand_independence(play, by)
    _write_results(sheet, units, summary)
    if record.replaces:
        _replace(record.replaces)
    _seal(sheet, digest, summary.strip(), by)
    if play.assessment:
        recommend(play.assessment, record, by=by)
    _record(record, play, by)
    return record


def _demand_complete(sheet: Sheet) -> None:
    if sheet.conflicts:
        raise ConflictsOpen(items=_names(sheet.conflicts))
    if sheet.is_exam and sheet.outcome.unrecorded:
        raise RecordIncomplete(items=_names((item, "") for item in sheet.outcome.unrecorded))
    if sheet.without_note:
        raise NotesMissing(items=_names(sheet.without_note))


def _names(places: Iterable[Place]) -> str:
    """The first few items by name, and how many there are besides."""
    named = list(dict.fromkeys(item for item, _aspect in places))
    rest = len(named) - NAMED
    return ", ".join(named[:NAMED]) + (f" (+{rest})" if rest > 0 else "")


def _write_results(sheet: Sheet, units: Explained, summary: str) -> None:
    rows = [_unit_result(sheet, one, *units.get(one.unit, ("", ()))) for one in sheet.outcome.units if one.result]
    not_yet = any(row.result == Result.NOT_YET for row in rows)
    if sheet.outcome.result == Result.NOT_YET and not not_yet and not summary.strip():
        raise SummaryNeeded
    UnitResult.objects.bulk_create(rows)


def _unit_result(sheet: Sheet, one: UnitOutcome, gap_note: str, followups: Collection[str]) -> UnitResult:
    known = [choice.code for choice in sheet.rubric.followups if choice.code in followups]
    if one.result == Result.NOT_YET and not (gap_note.strip() and known):
        raise GapNotExplained(unit=one.unit)
    if one.result != Result.NOT_YET:
        gap_note, known = "", []
    return UnitResult(
        record=sheet.record, unit=one.unit, result=one.result, reasons=[reason.as_json() for reason in one.reasons],
        failed_items=list(one.failed_items), gap_note=gap_note.strip(), followups=known,
    )  # fmt: skip


def _replace(signed: Record) -> None:
    check_transition(RECORD, signed.status, S.REPLACED)
    signed.status, signed.status_at = S.REPLACED, clock.now()
    signed.save(update_fields=["status", "status_at"])


def _seal(sheet: Sheet, digest: str, summary: str, by: User) -> None:
    record, now = sheet.record, clock.now()
    values = {
        "status": S.SIGNED, "status_at": now, "signed_at": now, "signed_by": by, "digest": digest, "summary": summary,
        "result": sheet.outcome.result or "", "methods": sorted(sheet.facts.methods),
        "has_objection": sheet.facts.has_objection,
    }  # fmt: skip
    for name, value in values.items():
        setattr(record, name, value)
    record.save(update_fields=list(values))


def _record(record: Record, play: RolePlay, by: User) -> None:
    person = assessed_registration(play).person
    audit.record(
        "record_signed", record, by=by, subject_id=person.user_id,
        changes={"result": ("", record.result), "version": ("", record.version)},
    )  # fmt: skip
