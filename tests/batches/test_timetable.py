"""From days of an agenda to days of the calendar, and what a batch needs for its next step."""

from datetime import date, timedelta

import pytest

from accounts.models import Lsp
from batches import readiness, services, suggestions
from batches.readiness import batch_readiness
from batches.timetable import agenda_dates, batch_days, exam_starts_on
from core import clock
from tests.factories.batches import make_assessor, make_batch, make_draft, make_planner, make_scheme, make_venue

MONDAY = date(2026, 8, 3)


@pytest.mark.parametrize(
    ("ends_on", "days", "numbers"),
    [
        (date(2026, 8, 8), 6, [3, 4, 5, 6, 7, 8]),  # as long as the agenda: day after day
        (date(2026, 8, 10), 6, [3, 4, 5, 6, 7, 10]),  # a weekend to leave out
        (date(2026, 8, 9), 6, [3, 4, 5, 6, 7, 9]),  # ends on a Sunday because somebody said so
        (date(2026, 8, 18), 6, [3, 4, 5, 6, 7, 18]),  # more days than needed: the first ones, and the last
        (MONDAY, 1, [3]),
    ],
)
def test_period_is_filled_with_training_days(ends_on, days, numbers):
    assert [day.day for day in agenda_dates(MONDAY, ends_on, days)] == numbers


def test_holiday_in_a_longer_period_is_left_out():
    days = agenda_dates(date(2026, 8, 13), date(2026, 8, 19), 5)

    assert date(2026, 8, 17) not in days


def states(batch):
    return {one.code: one.state for one in batch_readiness(batch)}


@pytest.fixture
def lsp(db):
    return Lsp.objects.create(pk=1, name="LSP", short_name="LSP", uses_bnsp_approval=True, bnsp_lead_working_days=20)


@pytest.fixture
def batch(lsp):
    return make_draft(starts_on=date(2027, 8, 2))


@pytest.mark.django_db
class TestReadiness:
    def test_draft_waits_for_bnsp_and_only_warns_of_the_rest(self, batch):
        found = states(batch)

        assert found["approval"] == "blocked"
        assert (found["venue"], found["facilitators"], found["examiners"]) == ("warn", "warn", "warn")

    def test_late_letter_is_a_warning(self, lsp):
        batch = make_draft(starts_on=clock.add_working_days(clock.today(), 10))

        assert states(batch)["lead_time"] == "warn"
        services.submit_to_bnsp(batch, number="1", on=clock.today(), by=make_planner())
        batch.refresh_from_db()
        assert states(batch)["lead_time"] == "warn"

    def test_closed_window_and_past_dates_block(self, lsp):
        batch = make_draft()

        with clock.at(clock.now() + timedelta(days=50)):
            found = states(batch)

        assert (found["window"], found["dates"]) == ("blocked", "blocked")

    def test_start_needs_trainers_and_one_examiner_on_the_day(self, lsp):
        Lsp.objects.update(uses_bnsp_approval=False)
        by = make_planner()
        batch = services.close_registration(make_batch(venue=make_venue()), by=by)
        for _number in range(2):
            services.assign_person(batch, make_assessor(), "facilitator", by=by)
        before = states(batch)
        services.assign_person(batch, make_assessor(), "examiner", by=by)

        with clock.at(clock.now() + timedelta(days=40)):
            ready = states(batch)
            started = services.start_batch(batch, by=by)

        assert (before["first_day"], before["facilitators"], before["examiners"]) == ("blocked", "met", "blocked")
        assert (ready["first_day"], ready["examiners"], ready["quorum"]) == ("met", "warn", "warn")
        assert started.status == "running"

    def test_more_candidates_need_more_examiners(self, batch):
        batch.seats_held = 30

        assert readiness.examiners_needed(batch) == 3

    def test_public_holidays_are_named(self, lsp):
        batch = make_draft(starts_on=date(2027, 8, 16))

        requirement = next(one for one in batch_readiness(batch) if one.code == "holidays")

        assert requirement.state == "warn"
        assert "17 Agustus 2027" in requirement.detail

    def test_every_state_has_its_list(self, batch):
        assert batch_readiness(batch)
        batch.status = "archived"
        assert batch_readiness(batch) == []


@pytest.mark.django_db
def test_timetable_of_a_batch_has_dates_and_the_exam_last(batch):
    days = batch_days(batch)

    assert [day.on for day in days] == [date(2027, 8, day) for day in range(2, 8)]
    assert [day.is_exam for day in days] == [False] * 5 + [True]
    assert exam_starts_on(batch) == date(2027, 8, 7)
    assert [day.jp for day in days] == [8, 8, 8, 8, 8, 0]


@pytest.mark.django_db
def test_suggested_first_day_is_a_monday_after_the_lead_time(lsp):
    day = suggestions.first_day(lsp)

    assert day.weekday() == 0
    assert clock.add_working_days(day, -lsp.bnsp_lead_working_days) > clock.today()


@pytest.mark.django_db
def test_suggested_name_counts_on(lsp):
    scheme = make_scheme()
    make_draft(name="Angkatan 41 RCC 2026")
    make_draft(name="Kelas khusus")

    assert suggestions.batch_name(scheme, MONDAY) == "Angkatan 42 Umum 2026"


@pytest.mark.parametrize(("days", "gap"), [(30, 10), (4, 1)])
def test_suggested_window_ends_before_the_training(days, gap):
    starts_on = clock.today() + timedelta(days=days)

    opens, closes = suggestions.window(starts_on, "Asia/Jakarta")

    assert opens < closes
    assert (starts_on - closes.date()).days == gap
