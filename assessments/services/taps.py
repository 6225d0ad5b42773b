"""Taps reach a sheet: one by one from a device, or all at once from the plain form, through the same judgement."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import IntegrityError
from django.db.models import Max, Q

from accounts.models import User
from assessments.errors.records import (
    KeyReused,
    NoConflict,
    NotRelevantHere,
    NotTheRecorder,
    RecordIsLocked,
    TapRefused,
)
from assessments.models import Rating, RatingEvent, Record
from assessments.models.records import CHOSEN
from assessments.records import Place, Sheet, count, facts_of, find_item, may_be_not_relevant, open_sheet
from assessments.rubric import Criterion
from assessments.selectors.reviews import conflict_mark, open_rivals
from assessments.states import Aspect, RecordStatus, Value
from assessments.taps import Entry, Standing, Tap, answer, judge
from core import audit, clock
from core.errors import ChangedMeanwhile
from core.patience import patient

Answer = dict[str, Any]


def record_tap(record: Record, tap: Tap, *, by: User) -> Answer:
    """Stores one tap once and answers what stands; the same key again gets the first answer, whatever came since.

    KeyReused: the key, or the device's seq, belongs to another tap. TapRefused, NotRelevantHere: the sheet cannot hold
    it. RecordIsLocked: signed meanwhile.
    """
    try:
        return _record_tap(record, tap, by=by)
    except IntegrityError as error:  # the key was used on another record at the same moment
        raise KeyReused from error


@patient
def _record_tap(record: Record, tap: Tap, *, by: User) -> Answer:
    record = lock_record(record)
    mine = Q(record=record, client_id=tap.client_id, seq__gte=tap.seq)
    known = list(RatingEvent.objects.filter(mine | Q(key=tap.key)))
    for event in known:
        if event.key == tap.key and (event.record_id, event.body_sha256) == (record.pk, tap.digest):
            return event.answer
    if any(event.key == tap.key or event.seq == tap.seq for event in known):
        raise KeyReused
    demand_draft(record, by)
    newest = max((event.seq for event in known if (event.item, event.aspect) == tap.place), default=0)
    return _take(open_sheet(record), [tap], by, {tap.place: newest})[0]


@patient
def save_sheet(record: Record, entries: Iterable[Entry], *, client_id: UUID, by: User) -> list[Answer]:
    """Stores what was changed on one showing of the plain form, `client_id`; the same rules as taps, all or nothing.

    An entry that was sent before from the same showing is not stored again.
    """
    record = lock_record(record)
    demand_draft(record, by)
    own = RatingEvent.objects.filter(record=record, client_id=client_id)
    last = own.aggregate(last=Max("seq"))["last"] or 0
    now = clock.now()
    taps = [entry.tap(client_id, last + number, now) for number, entry in enumerate(entries, start=1)]
    known = set(RatingEvent.objects.filter(key__in=[tap.key for tap in taps]).values_list("key", flat=True))
    return _take(open_sheet(record), [tap for tap in taps if tap.key not in known], by)


@patient
def resolve_conflict(
    record: Record, item: str, aspect: str, choice: UUID | None, *, shown: str | None = None, by: User
) -> Rating:
    """The assessor chooses: the tap with the key `choice`, or None for what stands. Both stay on record.

    NoConflict when nobody waits for an answer there, or the tap is none of `open_rivals`. `shown` is the
    `conflict_mark` of the page: ChangedMeanwhile when a device has said something since.
    """
    record = lock_record(record)
    demand_draft(record, by)
    sheet = open_sheet(record)
    rating = sheet.ratings.get((item, aspect))
    if rating is None or rating.rival_id is None:
        raise NoConflict
    if shown is not None and shown != conflict_mark(rating):
        raise ChangedMeanwhile
    chosen = next((event for event in open_rivals(rating) if event.key == choice), None)
    if choice and chosen is None:
        raise NoConflict
    value, note = (chosen.value, chosen.note) if chosen else (rating.value, rating.note)
    tap = Tap(uuid4(), uuid4(), CHOSEN, item, aspect, value, note, rating.version, clock.now())
    event = _event(record, tap, RatingEvent.Outcome.APPLIED, by)
    event.save()
    refused = rating.value if chosen else rating.rival.value
    rating.value, rating.note, rating.version, rating.event, rating.rival = value, note, rating.version + 1, event, None
    rating.save(update_fields=["value", "note", "version", "event", "rival"])
    audit.record("conflict_resolved", record, by=by, changes={f"{item} {aspect}".strip(): (refused, value)})
    return rating


def lock_record(record: Record) -> Record:
    """The record as it is now with its play and rubric; its taps and its signature wait for each other."""
    return Record.objects.select_for_update(no_key=True, of=("self",)).with_play().get(pk=record.pk)


def demand_draft(record: Record, by: User) -> None:
    """NotTheRecorder, or RecordIsLocked with its state."""
    if record.recorder_id != by.pk:
        raise NotTheRecorder
    if record.status != RecordStatus.DRAFT:
        raise RecordIsLocked(status=record.get_status_display())


def _take(sheet: Sheet, taps: Sequence[Tap], by: User, newest: Mapping[Place, int] | None = None) -> list[Answer]:
    """Judges the taps in their order, then writes them and what changed: two statements, however many."""
    ratings = dict(sheet.ratings)
    events, changed = [], {}
    for tap in taps:
        _demand_holdable(sheet, tap)
        rating = ratings.get(tap.place) or Rating(record=sheet.record, item=tap.item, aspect=tap.aspect, version=0)
        before = _standing(rating)
        outcome, now = judge(before, tap, (newest or {}).get(tap.place, 0))
        event = _event(sheet.record, tap, outcome, by)
        events.append(event)
        if now != before:
            changed[tap.place] = ratings[tap.place] = _moved(rating, before, now, event)
        facts = facts_of(ratings.values(), sheet.facts.methods, sheet.facts.has_objection)
        event.answer = answer(tap, outcome, now, count(sheet.rubric, facts), _local(event.received_at, sheet.record))
    RatingEvent.objects.bulk_create(events)
    Rating.objects.bulk_create(
        changed.values(), update_conflicts=True, unique_fields=["record", "item", "aspect"],
        update_fields=["value", "note", "version", "event", "rival"],
    )  # fmt: skip
    return [event.answer for event in events]


def _standing(rating: Rating) -> Standing:
    writer = rating.event.client_id if rating.event else None
    rivals = tuple(_tap_of(event) for event in reversed(open_rivals(rating))) if rating.rival_id else ()
    return Standing(rating.value, rating.note, rating.version, writer, rivals)


def _tap_of(event: RatingEvent) -> Tap:
    return Tap(
        event.key, event.client_id, event.seq, event.item, event.aspect, event.value, event.note, event.base_version,
        event.tapped_at,
    )  # fmt: skip


def _moved(rating: Rating, before: Standing, now: Standing, event: RatingEvent) -> Rating:
    """The rating as it stands now; the event is saved before it."""
    rating.value, rating.note, rating.version = now.value, now.note, now.version
    if now.version != before.version:
        rating.event = event if now.writer else None
    if now.rival is None:
        rating.rival = None
    elif now.rival.key == event.key:
        rating.rival = event
    elif rating.rival is None or rating.rival.key != now.rival.key:
        rating.rival = next(one for one in open_rivals(rating) if one.key == now.rival.key)
    return rating


def _event(record: Record, tap: Tap, outcome: str, by: User) -> RatingEvent:
    return RatingEvent(
        record=record, key=tap.key, client_id=tap.client_id, seq=tap.seq, item=tap.item, aspect=tap.aspect,
        value=tap.value, note=tap.note, base_version=tap.base_version, tapped_at=tap.tapped_at,
        body_sha256=tap.digest, outcome=outcome, by=by,
    )  # fmt: skip


def _demand_holdable(sheet: Sheet, tap: Tap) -> None:
    """The item is on this sheet and takes this value: TR only where the rubric allows it, never for evidence."""
    item = find_item(sheet.rubric, tap.item)
    is_criterion = isinstance(item, Criterion)
    if item is None or is_criterion == bool(tap.aspect) or tap.aspect not in {"", *Aspect.values}:
        raise TapRefused
    if tap.value not in {"", *Value.values}:
        raise TapRefused
    if tap.value == Value.NOT_RELEVANT and not (is_criterion and may_be_not_relevant(item, sheet.facts)):
        raise NotRelevantHere


def _local(moment: datetime, record: Record) -> datetime:
    """In the zone of the class, so that a device can show the hour as it is written."""
    return moment.astimezone(ZoneInfo(record.role_play.round.rotation.batch.time_zone))
