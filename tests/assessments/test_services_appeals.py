"""Appeals: by whom, until when, heard by whom, and what follows."""

from datetime import datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Lsp
from accounts.roles import Role
from assessments import services
from assessments.errors.appeals import (
    AppealedAlready,
    AppealTooLate,
    GroundsNeeded,
    NothingToAppeal,
    NotOfTheStaff,
    NotOnThePanel,
    NotYourResult,
    PanelNeeded,
    ResultNotReleased,
)
from assessments.errors.results import OtherDuty, OwnResult, ResultReasonNeeded, TrainsTheClass
from assessments.models import Appeal, Assessment, Decision, DutyEntry, Record
from assessments.selectors.appeals import appeal_deadline, can_still_appeal, panel_candidates
from assessments.selectors.explained import load_attempts
from assessments.selectors.next_steps import result_now
from assessments.states import APPEAL, Duty
from assessments.states import AppealStatus as A
from batches.states import BatchStatus
from core import clock
from core.errors import TransitionNotAllowed
from core.models import AuditEntry
from notifications import registry
from notifications.models import Email
from tests.factories.accounts import make_user
from tests.factories.classes import facilitators_of, make_class, people_of
from tests.factories.plays import make_play
from tests.factories.records import make_record, sign
from tests.factories.results import make_appeal, make_attempt, make_result

pytestmark = pytest.mark.django_db
JAKARTA = ZoneInfo("Asia/Jakarta")
FRIDAY = datetime(2026, 7, 3, 20, tzinfo=JAKARTA)  # no holiday in the weeks after it
GROUNDS = "Penilai tidak melihat berkas validasi saya."


@pytest.fixture(scope="module")
def batch(django_db_setup, django_db_blocker):
    """Made once; what a test does to it is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_class(2, status=BatchStatus.EXAMINING)
        transaction.set_rollback(True)


@pytest.fixture
def person(batch):
    return people_of(batch)[0]


@pytest.fixture
def decision(person, director):
    return make_result(person, "BK", by=director)


@pytest.fixture
def panel():
    return [make_user(name=name, role=Role.ASSESSOR) for name in ("Umar", "Yuni", "Zaki")]


def mails() -> list[tuple[str, str]]:
    return [(mail.kind, mail.to_address) for mail in Email.objects.order_by("id")]


def in_state(decision: Decision, status: str, panel) -> Appeal:
    appeal = make_appeal(decision, status)
    DutyEntry.objects.create(
        registration=decision.assessment.registration, user=panel[0], duty=Duty.HEARS_APPEAL, appeal=appeal
    )
    return appeal


# --- the table of states


ACTS = {
    A.ACCEPTED: lambda appeal, by, panel: services.accept_appeal(appeal, by=by),
    A.REJECTED_FORMALLY: lambda appeal, by, panel: services.reject_appeal_formally(appeal, "Terlambat.", by=by),
    A.UNDER_REVIEW: lambda appeal, by, panel: services.appoint_panel(appeal, panel, by=by),
    A.UPHELD: lambda appeal, by, panel: services.decide_appeal(appeal, upheld=True, text="Benar.", by=panel[0]),
    A.DISMISSED: lambda appeal, by, panel: services.decide_appeal(appeal, upheld=False, text="Tepat.", by=panel[0]),
    A.CLOSED: lambda appeal, by, panel: services.close_appeal(appeal, by=by),
    A.WITHDRAWN: lambda appeal, by, panel: services.withdraw_appeal(
        appeal, by=appeal.decision.assessment.registration.person.user
    ),
}


@pytest.mark.parametrize(("before", "after"), list(product(A, ACTS)), ids=lambda state: state.value)
def test_appeals_move_only_as_the_table_says(decision, director, panel, before, after):
    appeal = in_state(decision, before, panel)

    if after in APPEAL[before]:
        ACTS[after](appeal, director, panel)
        expected = after
        acts = AuditEntry.objects.filter(object_kind="assessments.appeal").values_list("act", flat=True)
        assert list(acts) == [f"appeal_{after.value}"]
        assert mails()[0] == (f"appeal_{after.value}", decision.assessment.registration.person.user.email)
    else:
        with pytest.raises(TransitionNotAllowed):
            ACTS[after](appeal, director, panel)
        expected = before
        assert mails() == []
    assert Appeal.objects.get(pk=appeal.pk).status == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (A.FILED, A.ACCEPTED),
        (A.FILED, A.REJECTED_FORMALLY),
        (A.ACCEPTED, A.UNDER_REVIEW),
        (A.DISMISSED, A.CLOSED),
    ],
)
def test_staff_who_are_participants_leave_their_own_appeal_to_others(decision, person, panel, before, after):
    appeal = in_state(decision, before, panel)

    with pytest.raises(OwnResult):
        ACTS[after](appeal, person.person.user, panel)

    assert Appeal.objects.get(pk=appeal.pk).status == before
    assert mails() == []


# --- filing


def test_appeal_is_filed_with_a_clock_and_a_receipt(decision, person):
    appeal = services.file_appeal(decision, f" {GROUNDS} ", by=person.person.user)

    assert (appeal.status, appeal.grounds) == (A.FILED, GROUNDS)
    assert appeal.answer_due_on == clock.add_working_days(clock.today(), Lsp.current().appeal_answer_working_days)
    assert mails() == [("appeal_filed", person.person.user.email)]
    assert AuditEntry.objects.get(object_kind="assessments.appeal").act == "appeal_filed"


def test_appeal_is_filed_by_who_was_assessed(decision, director, batch):
    with pytest.raises(NotYourResult):
        services.file_appeal(decision, GROUNDS, by=director)
    with pytest.raises(NotYourResult):
        services.file_appeal(decision, GROUNDS, by=people_of(batch)[1].person.user)


def test_appeal_needs_a_released_bk_and_grounds(batch, decision, person):
    other = people_of(batch)[1]
    unreleased = make_result(other, "BK", released=False)

    with pytest.raises(ResultNotReleased):
        services.file_appeal(unreleased, GROUNDS, by=other.person.user)
    with pytest.raises(NothingToAppeal):
        services.file_appeal(make_result(other), GROUNDS, by=other.person.user)
    with pytest.raises(GroundsNeeded):
        services.file_appeal(decision, "  ", by=person.person.user)


@pytest.mark.parametrize("ended", [A.WITHDRAWN, A.DISMISSED, A.CLOSED])
def test_result_is_appealed_once(decision, person, ended):
    make_appeal(decision, ended)

    with pytest.raises(AppealedAlready):
        services.file_appeal(decision, GROUNDS, by=person.person.user)


@pytest.mark.parametrize(
    ("at", "in_time"),
    [
        (datetime(2026, 7, 3, 21, tzinfo=JAKARTA), True),
        (datetime(2026, 7, 14, 23, 59, tzinfo=JAKARTA), True),  # the seventh working day
        (datetime(2026, 7, 15, 0, 1, tzinfo=JAKARTA), False),
    ],
)
def test_deadline_counts_working_days_in_the_zone_of_the_batch(person, at, in_time):
    decision = make_result(person, "BK", released_at=FRIDAY)
    assert appeal_deadline(decision, Lsp.current()) == FRIDAY.date() + timedelta(days=11)

    with clock.at(at):
        assert can_still_appeal(decision, Lsp.current()) is in_time
        if in_time:
            assert services.file_appeal(decision, GROUNDS, by=person.person.user)
        else:
            with pytest.raises(AppealTooLate, match="7 hari kerja setelah rilis, yaitu 14 Juli 2026"):
                services.file_appeal(decision, GROUNDS, by=person.person.user)


def test_page_names_the_deadline_while_it_lasts(person):
    make_result(person, "BK", released_at=FRIDAY)

    with clock.at(FRIDAY + timedelta(days=1)):
        before = result_now(load_attempts(person), Lsp.current())
    with clock.at(FRIDAY + timedelta(days=30)):
        after = result_now(load_attempts(person), Lsp.current())

    assert (before.deadline, before.who_acts) == (FRIDAY.date() + timedelta(days=11), "Anda")
    assert after.deadline is None
    assert "banding" not in after.next_action


# --- the panel: who had nothing to do with the result


def test_panel_is_told_and_gets_a_duty_each(decision, person, director, panel):
    appeal = make_appeal(decision, A.ACCEPTED)

    services.appoint_panel(appeal, panel, by=director)

    assert mails() == [
        ("appeal_under_review", person.person.user.email), *(("appeal_panel_invited", one.email) for one in panel),
    ]  # fmt: skip
    assert {entry.user for entry in appeal.panel.all()} == set(panel)
    assert {entry.duty for entry in appeal.panel.all()} == {Duty.HEARS_APPEAL}


def involved(batch, person, director) -> dict[str, tuple]:
    """Five people who may not hear the appeal, with what each is told."""
    recorder, decider = make_user(name="Perekam", role=Role.ASSESSOR), director
    DutyEntry.objects.create(registration=person, user=recorder, duty=Duty.RECORDS)
    DutyEntry.objects.create(registration=person, user=decider, duty=Duty.DECIDES)
    return {
        "recorder": (recorder, OtherDuty),
        "decider": (decider, OtherDuty),
        "trainer": (facilitators_of(batch)[0], TrainsTheClass),
        "stranger": (make_user(name="Tamu"), NotOfTheStaff),
        "auditor": (make_user(name="Maya", role=Role.AUDITOR), NotOfTheStaff),
    }


@pytest.mark.parametrize("who", ["recorder", "decider", "trainer", "stranger", "auditor"])
def test_who_was_involved_or_is_no_staff_hears_no_appeal(batch, person, decision, director, panel, who):
    appeal = make_appeal(decision, A.ACCEPTED)
    user, refusal = involved(batch, person, director)[who]

    with pytest.raises(refusal) as refused:
        services.appoint_panel(appeal, [*panel, user], by=director)

    assert user.name in str(refused.value)
    assert not appeal.panel.exists()  # nobody, not only not this one


def test_only_those_are_offered_who_may_hear_it(batch, person, decision, director, panel):
    barred = {user for user, _refusal in involved(batch, person, director).values()}

    offered = panel_candidates(person)

    assert set(panel) <= set(offered)
    assert not barred & set(offered)


def test_who_hears_fewer_appeals_is_offered_first(person, decision, panel):
    in_state(make_result(people_of(make_class(1))[0], "BK"), A.UNDER_REVIEW, panel)

    offered = [user for user in panel_candidates(person) if user in panel]

    assert offered == [panel[1], panel[2], panel[0]]


def test_panel_has_somebody(decision, director):
    with pytest.raises(PanelNeeded):
        services.appoint_panel(make_appeal(decision, A.ACCEPTED), [], by=director)


def test_who_hears_the_appeal_does_not_decide_the_next_attempt(decision, person, director, panel):
    in_state(decision, A.UNDER_REVIEW, panel)

    with pytest.raises(IntegrityError, match="duty_one_per_person"), transaction.atomic():
        DutyEntry.objects.create(registration=person, user=panel[0], duty=Duty.DECIDES)


# --- the outcome


def test_only_the_panel_decides(decision, director, panel):
    appeal = in_state(decision, A.UNDER_REVIEW, panel)

    for user in (director, panel[1]):
        with pytest.raises(NotOnThePanel):
            services.decide_appeal(appeal, upheld=True, text="Benar.", by=user)


def test_upheld_gives_an_attempt_that_does_not_count_and_keeps_the_old_decision(decision, person, panel):
    appeal = in_state(decision, A.UNDER_REVIEW, panel)

    services.decide_appeal(appeal, upheld=True, text="Berkas validasi memang belum diperiksa.", by=panel[0])

    attempt = Assessment.objects.get(from_appeal=appeal)
    assert (attempt.attempt, attempt.units) == (2, ["MKVA"])
    assert Decision.objects.get() == decision
    assert decision.superseded_at is None
    assert mails() == [("appeal_upheld", person.person.user.email), ("retake_opened", person.person.user.email)]


def test_upheld_takes_over_a_retake_that_is_open_already(decision, person, panel):
    retake = make_attempt(person, units=["MKVA"])
    appeal = in_state(decision, A.UNDER_REVIEW, panel)

    services.decide_appeal(appeal, upheld=True, text="Benar.", by=panel[0])

    assert Assessment.objects.get(from_appeal=appeal) == retake
    assert Assessment.objects.count() == 2


def test_upheld_gives_nothing_to_who_has_become_competent(decision, person, panel):
    make_result(person, units=("MKVA",))
    appeal = in_state(decision, A.UNDER_REVIEW, panel)

    services.decide_appeal(appeal, upheld=True, text="Benar.", by=panel[0])

    assert Assessment.objects.count() == 2


def test_dismissed_and_closed_keep_outcome_and_words(decision, director, panel):
    appeal = in_state(decision, A.UNDER_REVIEW, panel)

    services.decide_appeal(appeal, upheld=False, text="Penilaian sudah tepat.", by=panel[0])
    closed = services.close_appeal(appeal, by=director)

    assert (closed.status, closed.outcome, closed.outcome_text) == (A.CLOSED, A.DISMISSED, "Penilaian sudah tepat.")
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize(
    ("before", "act"),
    [
        (A.FILED, lambda appeal, by: services.reject_appeal_formally(appeal, " ", by=by)),
        (A.UNDER_REVIEW, lambda appeal, by: services.decide_appeal(appeal, upheld=True, text=" ", by=by)),
    ],
    ids=["rejected", "decided"],
)
def test_outcomes_are_explained(decision, panel, before, act):
    appeal = in_state(decision, before, panel)

    with pytest.raises(ResultReasonNeeded):
        act(appeal, panel[0])


def test_only_the_person_withdraws_and_the_panel_is_told(decision, person, director, panel):
    appeal = in_state(decision, A.UNDER_REVIEW, panel)

    with pytest.raises(NotYourResult):
        services.withdraw_appeal(appeal, by=director)
    services.withdraw_appeal(appeal, by=person.person.user)

    assert mails() == [("appeal_withdrawn", person.person.user.email), ("appeal_panel_released", panel[0].email)]


# --- what the database refuses


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"grounds": ""}, "appeal_has_grounds"),
        ({"status": A.DISMISSED, "outcome_text": ""}, "appeal_outcome_explained"),
        ({"status": A.CLOSED, "outcome": ""}, "appeal_outcome_kept"),
    ],
)
def test_appeal_without_grounds_or_outcome_is_refused_by_the_database(decision, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_appeal(decision, **fields)


def test_second_appeal_is_refused_by_the_database(decision):
    make_appeal(decision)

    with pytest.raises(IntegrityError, match="appeal_once_per_decision"), transaction.atomic():
        make_appeal(decision)


# --- mails


@pytest.mark.parametrize("status", [status for status in A if status != A.FILED])
def test_each_step_writes_a_mail_that_says_what_happened(decision, status):
    appeal = make_appeal(decision, status, outcome="upheld", outcome_text="Sudah kami periksa lagi.")

    message = registry.render(f"appeal_{status.value}", {"appeal_id": appeal.pk}, "id")

    assert "banding" in message.subject.lower()
    assert decision.assessment.registration.number in message.text
    assert ("Sudah kami periksa lagi." in message.text) is (
        status in {A.UPHELD, A.DISMISSED, A.REJECTED_FORMALLY, A.CLOSED}
    )
    assert f"/penilaian/banding/{appeal.code}/" in message.text


def test_panel_reads_the_signed_record_that_its_appeal_is_about(person, panel):
    record = sign(make_record(make_play(person.batch, asesor=person), {"PLN-03": "T"}))
    decision = services.decide_results([record.role_play.assessment], by=make_user(role=Role.DIRECTOR))[0]
    assert not Record.objects.visible_to(panel[0]).exists()

    DutyEntry.objects.create(
        registration=person, user=panel[0], duty="hears_appeal", appeal=make_appeal(decision, A.UNDER_REVIEW)
    )

    assert Record.objects.visible_to(panel[0]).get() == record
