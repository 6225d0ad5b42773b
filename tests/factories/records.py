"""Sheets of senior assessors: drafts with everything recorded, and signed ones."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from assessments import services
from assessments.models import Rating, Record, RolePlay
from assessments.records import open_sheet, rubric_of, sheet_digest
from assessments.states import Aspect, Result, Value
from core import clock
from tests.factories.plays import make_play

NOTE = "KUK 1.2, FR.IA.01."


@transaction.atomic
def make_record(
    play: RolePlay | None = None, values: str | Mapping[str, str] = "Y", *, evidence: str = "Y", by: User | None = None,
    **fields,
) -> Record:  # fmt: skip
    """A draft on a play (a summative one of its own) with every rating made as rows.

    `values`: one value for all criteria, or {id: value} for some, "" leaving one out; the others are Y. `evidence`: the
    value of all aspects. T and TR have a note.
    """
    play = play or make_play()
    recorder = by or play.assessor
    record = Record.objects.create(role_play=play, recorder=recorder, impartial_at=clock.now(), **fields)
    record = Record.objects.with_play().get(pk=record.pk)
    rubric = rubric_of(record.role_play)
    chosen = dict.fromkeys((one.id for one in rubric.criteria()), values if isinstance(values, str) else "Y")
    if not isinstance(values, str):
        chosen |= values
    rows = [_rating(record, item, "", value) for item, value in chosen.items() if value]
    if evidence:
        rows += [_rating(record, item.id, aspect, evidence) for item in rubric.evidence for aspect in Aspect.values]
    Rating.objects.bulk_create(rows)
    return record


def _rating(record: Record, item: str, aspect: str, value: str) -> Rating:
    return Rating(record=record, item=item, aspect=aspect, value=value, note="" if value == Value.YES else NOTE)


def sign(record: Record, *, by: User | None = None, summary: str = "Diamati selama satu putaran.") -> Record:
    """Signs the sheet through the service, with a note and a next step for each unit that is BK."""
    sheet = open_sheet(Record.objects.with_play().get(pk=record.pk))
    gaps = {one.unit: (NOTE, ["bukti_tambahan"]) for one in sheet.outcome.units if one.result == Result.NOT_YET}
    return services.sign_record(
        record, digest=sheet_digest(sheet), summary=summary, units=gaps, by=by or record.recorder
    )
