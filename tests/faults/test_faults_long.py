"""200 kills of the worker and 20 of each other fault: half an hour."""

import pytest

from tests.faults.test_faults import run

pytestmark = pytest.mark.long


def test_nothing_is_lost_or_doubled_in_two_hundred_kills():
    verdict = run("--kills", "200", "--others", "20", seconds=3 * 3600)

    assert verdict["kills"] == 200
    assert (verdict["lost"], verdict["doubled"], verdict["gaps"]) == (0, 0, 0)
