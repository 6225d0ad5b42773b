"""From agendas to planned sessions: pure, in the time of the place."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import yaml

from batches.models import SessionKind
from batches.reference import FOLDER
from batches.schedule import KINDS, WORDS, plan_sessions, shifted, shifts_of
from batches.timetable import agenda_dates

AGENDAS = yaml.safe_load((FOLDER / "schemes.yaml").read_text())["agenda_templates"]
MONDAY = date(2026, 8, 3)


def days_of(agenda):
    return [MONDAY + timedelta(days=number) for number in range(agenda["training_days"] + agenda["exam_days"])]


@pytest.mark.parametrize("code", AGENDAS)
def test_every_block_of_an_agenda_becomes_a_session_and_none_overlap(code):
    agenda = AGENDAS[code]

    planned = plan_sessions(agenda, days_of(agenda), "Asia/Jakarta")

    assert len(planned) == len(agenda["sessions"])
    assert sum(one.jp for one in planned) == agenda["total_jp"]
    assert all(one.starts_at < one.ends_at for one in planned)
    assert all(one.ends_at <= other.starts_at for one, other in zip(planned, planned[1:], strict=False))
    assert {one.day for one in planned} == set(range(1, len(days_of(agenda)) + 1))
    assert all(not one.needs_attendance for one in planned if one.kind == SessionKind.BREAK)


@pytest.mark.parametrize(("zone", "hour"), [("Asia/Jakarta", 1), ("Asia/Makassar", 0), ("Asia/Jayapura", 23)])
def test_eight_o_clock_is_eight_o_clock_at_the_place(zone, hour):
    first = plan_sessions(AGENDAS["AG-40JP-6H"], days_of(AGENDAS["AG-40JP-6H"]), zone)[0]

    assert first.starts_at.hour == 8
    assert first.starts_at.astimezone(ZoneInfo("UTC")).hour == hour


def test_day_of_the_agenda_that_has_no_date_is_left_out():
    planned = plan_sessions(AGENDAS["AG-40JP-6H"], [MONDAY], "Asia/Jakarta")

    assert {one.day for one in planned} == {1}


def test_every_kind_of_the_agendas_is_known_and_can_be_said_back():
    assert {block["type"] for agenda in AGENDAS.values() for block in agenda["sessions"]} <= set(KINDS)
    assert set(WORDS) == set(SessionKind)


def test_shift_keeps_the_clock_on_the_wall_even_into_another_zone():
    eight = datetime(2026, 8, 3, 8, tzinfo=ZoneInfo("Asia/Jakarta"))

    moved = shifted(eight, 7, "Asia/Jakarta", "Asia/Makassar")

    assert moved == datetime(2026, 8, 10, 8, tzinfo=ZoneInfo("Asia/Makassar"))


def test_each_day_of_the_agenda_has_its_own_shift():
    before = agenda_dates(MONDAY, date(2026, 8, 8), 6)  # Monday to Saturday
    after = agenda_dates(date(2026, 8, 5), date(2026, 8, 12), 6)  # Wednesday on, without the weekend

    assert shifts_of(before, after) == {1: 2, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4}
