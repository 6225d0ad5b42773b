"""A record from start to signature, and its correction."""

import pytest

from assessments import services
from assessments.states import RecordStatus
from tests.factories.plays import make_play
from tests.factories.records import make_record, sign

pytestmark = pytest.mark.django_db


def test_smoke():
    play = make_play()
    record = services.start_record(play, by=play.assessor)
    assert record.impartial_at
    services.void_record(record, "Salah", by=play.assessor)
    record = sign(make_record(play, version=2))
    assert (record.status, record.result) == (RecordStatus.SIGNED, "K")
    again = services.correct_record(record, "Salah ketuk", by=play.assessor)
    again = sign(again)
    assert again.status == "signed"
