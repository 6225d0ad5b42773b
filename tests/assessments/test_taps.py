"""What a tap does to what stands: table by table, then for any two devices in any order."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.taps import Standing, judge
from tests.assessments.tap_helpers import PHONE, TABLET, make_tap

FROM_TABLET, NOTED = Standing("Y", "", 1, TABLET), Standing("T", "a", 1, TABLET)
TABLE = {  # name: (what stands, the tap, newest seq of its device there, outcome, what stands afterwards)
    "first tap": (Standing(), make_tap("Y"), 0, "applied", ("Y", "", 1)),
    "the same device goes on": (FROM_TABLET, make_tap("T", seq=2, base_version=1), 1, "applied", ("T", "", 2)),
    "the same device has not heard yet": (FROM_TABLET, make_tap("T", seq=2), 1, "applied", ("T", "", 2)),
    "an older tap of the device": (FROM_TABLET, make_tap("T", seq=1), 2, "late", ("Y", "", 1)),
    "another device has seen it": (
        FROM_TABLET, make_tap("T", client=PHONE, base_version=1), 0, "applied", ("T", "", 2)
    ),
    "another device has not seen it": (FROM_TABLET, make_tap("T", client=PHONE), 0, "conflict", ("Y", "", 1)),
    "another device says the same": (FROM_TABLET, make_tap("Y", client=PHONE), 0, "applied", ("Y", "", 2)),
    "another adds a note": (
        Standing("T", "", 1, TABLET), make_tap("T", client=PHONE, note="a"), 0, "applied", ("T", "a", 2)
    ),
    "another has no note": (NOTED, make_tap("T", client=PHONE), 0, "applied", ("T", "a", 2)),
    "two notes": (NOTED, make_tap("T", client=PHONE, note="b"), 0, "conflict", ("T", "a", 1)),
    "a note taken back": (NOTED, make_tap("T", seq=2, base_version=1), 1, "applied", ("T", "", 2)),
    "copied from the version before": (
        Standing("Y", "", 1), make_tap("T", base_version=1), 0, "applied", ("T", "", 2)
    ),
    "nothing changes": (FROM_TABLET, make_tap("Y", seq=2, base_version=1), 1, "applied", ("Y", "", 1)),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_table_of_taps(name):
    standing, tap, newest, outcome, after = TABLE[name]

    said, now = judge(standing, tap, newest)

    assert (said, (now.value, now.note, now.version)) == (outcome, after)
    assert (now.rival is tap) == (outcome == "conflict")


def test_what_two_devices_agree_on_is_overruled_only_by_one_that_has_seen_it():
    _outcome, agreed = judge(FROM_TABLET, make_tap("Y", client=PHONE))

    unaware = [judge(agreed, make_tap("T", client=client, seq=2, base_version=1), 1)[0] for client in (TABLET, PHONE)]
    aware = judge(agreed, make_tap("T", client=PHONE, seq=2, base_version=2), 1)

    assert unaware == ["conflict", "conflict"]
    assert (aware[0], aware[1].value) == ("applied", "T")


def test_conflict_stays_open_while_the_first_device_goes_on():
    _outcome, contested = judge(FROM_TABLET, make_tap("T", client=PHONE))

    _outcome, now = judge(contested, make_tap("Y", seq=2, note="jelas"), 1)

    assert (now.value, now.rival.value) == ("Y", "T")


def test_conflict_is_over_when_both_say_the_same():
    _outcome, contested = judge(FROM_TABLET, make_tap("T", client=PHONE))

    _outcome, now = judge(contested, make_tap("T", seq=2), 1)

    assert (now.value, now.rival) == ("T", None)
    assert judge(now, make_tap("Y", seq=3), 2)[0] == "conflict"  # both stand behind it by now


def test_later_word_of_the_rival_takes_the_place_of_its_earlier_one():
    _outcome, contested = judge(FROM_TABLET, make_tap("T", client=PHONE))

    outcome, now = judge(contested, make_tap("TR", client=PHONE, seq=2), 1)
    agreed = judge(now, make_tap("Y", client=PHONE, seq=3), 2)[1]

    assert (outcome, now.rival.value) == ("conflict", "TR")
    assert agreed.rival is None


# --- any two devices that know nothing of each other


@st.composite
def arrivals(draw):
    """Taps of two devices for one place in any order of arrival."""
    taps = []
    for client in (TABLET, PHONE):
        words = draw(
            st.lists(st.tuples(st.sampled_from(["Y", "T", "TR"]), st.sampled_from(["", "a", "b"])), max_size=4)
        )
        taps += [make_tap(value, client=client, seq=seq, note=note) for seq, (value, note) in enumerate(words, start=1)]
    return draw(st.permutations(taps))


def arrive(taps):
    standing, outcomes, newest = Standing(), [], {}
    for tap in taps:
        outcome, standing = judge(standing, tap, newest.get(tap.client_id, 0))
        newest[tap.client_id] = max(tap.seq, newest.get(tap.client_id, 0))
        outcomes.append(outcome)
    return standing, outcomes


@settings(max_examples=200)
@given(arrivals())
def test_last_word_of_each_device_stands_or_waits_whatever_the_order(taps):
    standing, outcomes = arrive(taps)

    visible = [standing.content, *(rival.content for rival in standing.rivals)]
    for client in {tap.client_id for tap in taps}:
        last = max((tap for tap in taps if tap.client_id == client), key=lambda tap: tap.seq)
        assert any(last.value == value and last.note in ("", note) for value, note in visible)
    assert len(outcomes) == len(taps)


@given(arrivals())
def test_same_order_gives_the_same_sheet(taps):
    assert arrive(taps) == arrive(taps)


@given(taps=arrivals(), data=st.data())
def test_what_changes_gets_a_new_version(taps, data):
    standing, newest = Standing(), {}
    for tap in taps:
        base = data.draw(st.integers(0, standing.version))
        before = standing
        _outcome, standing = judge(before, replace(tap, base_version=base), newest.get(tap.client_id, 0))
        newest[tap.client_id] = max(tap.seq, newest.get(tap.client_id, 0))
        if standing.content != before.content:
            assert standing.version == before.version + 1
        assert standing.version - before.version in (0, 1)


def test_digest_tells_bodies_apart():
    tap = make_tap()

    assert tap.digest == replace(tap).digest
    assert tap.digest != replace(tap, note="x").digest != replace(tap, client_id=UUID(int=9)).digest
