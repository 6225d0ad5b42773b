"""Many real connections over one sheet: no tap is lost, none is stored twice, one signature, one draft.

The control takes taps without the record's lock and must go wrong: so the race is really there.
"""

from time import sleep
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError

from assessments import services
from assessments.models import Rating, RatingEvent, Record
from assessments.records import open_sheet, record_digest
from assessments.services import taps as service
from core.errors import DomainError
from tests.assessments.tap_helpers import make_tap
from tests.factories.classes import make_class
from tests.factories.plays import make_play
from tests.factories.records import make_record
from tests.participants.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
TAPS = 20


def recorded_play():
    return make_play(make_class(2, status="examining"))


def strange(results):
    return [one for one in results if isinstance(one, Exception)]


def test_20_devices_tap_one_item_and_every_word_is_kept():
    record = make_record(recorded_play(), "", evidence="")
    taps = [make_tap("YT"[number % 2], client=UUID(int=number), note=f"n{number}") for number in range(TAPS)]

    results = at_once(lambda one=one: services.record_tap(record, one, by=record.recorder) for one in taps)

    assert strange(results) == []
    assert RatingEvent.objects.count() == TAPS
    outcomes = list(RatingEvent.objects.values_list("outcome", flat=True))
    assert (outcomes.count("applied"), outcomes.count("conflict")) == (1, TAPS - 1)
    assert (Rating.objects.get().version, Rating.objects.get().rival is not None) == (1, True)


def test_20_taps_of_one_device_on_20_items_all_stand():
    record = make_record(recorded_play(), "", evidence="")
    items = [one.id for one in open_sheet(record).rubric.criteria()][:TAPS]
    client = uuid4()
    taps = [make_tap("Y", item, client=client, seq=seq) for seq, item in enumerate(items, start=1)]

    results = at_once(lambda one=one: services.record_tap(record, one, by=record.recorder) for one in taps * 2)

    assert strange(results) == []
    assert RatingEvent.objects.count() == Rating.objects.filter(value="Y").count() == TAPS


def test_control_without_the_lock_loses_words(monkeypatch):
    """Two devices both find the place empty: the second writes over the first, and nobody is told."""
    record = make_record(recorded_play(), "", evidence="")
    monkeypatch.setattr(service, "lock_record", lambda one: Record.objects.with_play().get(pk=one.pk))
    judge = service.judge
    monkeypatch.setattr(service, "judge", lambda *facts: [sleep(0.05), judge(*facts)][1])
    taps = [make_tap("YT"[number % 2], client=UUID(int=number), note=f"n{number}") for number in range(TAPS)]

    results = at_once(lambda one=one: services.record_tap(record, one, by=record.recorder) for one in taps)

    applied = RatingEvent.objects.filter(outcome="applied").count()
    assert applied > 1 or any(isinstance(one, DomainError | IntegrityError) for one in results)


def test_signature_and_taps_that_cross_sign_what_was_shown_or_nothing():
    record = make_record(recorded_play())
    shown = record_digest(record)
    acts = [
        lambda seq=seq: services.record_tap(
            record, make_tap("T", note="Belum", seq=seq, base_version=seq), by=record.recorder
        )
        for seq in range(1, 6)
    ]
    acts.append(lambda: services.sign_record(record, digest=shown, summary="", units={}, by=record.recorder))

    results = at_once(acts)

    assert [one for one in strange(results) if not isinstance(one, DomainError)] == []
    record = Record.objects.with_play().get(pk=record.pk)
    if record.status == "signed":
        assert record_digest(record) == record.digest == shown


def test_20_starts_make_one_draft():
    play = recorded_play()

    results = at_once(lambda: services.start_record(play, by=play.assessor).pk for _ in range(TAPS))

    assert set(results) == {Record.objects.get().pk}
