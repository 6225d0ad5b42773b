"""Taps of devices, for tests."""

from uuid import UUID, uuid4

from assessments.taps import Tap
from core import clock

TABLET, PHONE = UUID(int=1), UUID(int=2)


def make_tap(value: str = "Y", item: str = "PLN-01", *, client: UUID = TABLET, seq: int = 1, **fields) -> Tap:
    values = {
        "key": uuid4(), "client_id": client, "seq": seq, "item": item, "aspect": "", "value": value, "note": "",
        "base_version": 0, "tapped_at": clock.now(),
    }  # fmt: skip
    return Tap(**values | fields)
