"""From a signed record to a result that the participant sees; further attempts; the end of a batch."""

from itertools import product

import pytest
from django.db import transaction

from assessments import services
from assessments.errors.results import (
    AppealIsOpen,
    AttemptsUsedUp,
    BatchNotFinished,
    NobodyChosen,
    NothingToRelease,
    NotSigned,
    OwnResult,
    ReleaseChanged,
    ResultReasonNeeded,
    ResultsNotDecided,
    RetakeNeedsBk,
)
from assessments.models import Assessment, Decision, DutyEntry, Record
from assessments.selectors.releases import release_mark, staged_decisions
from assessments.selectors.results import result_of
from assessments.states import ASSESSMENT, AppealStatus, Duty
from assessments.states import AssessmentStatus as S
from batches.models import Batch
from batches.states import BatchStatus
from core.errors import TransitionNotAllowed
from core.models import AuditEntry
from notifications.models import Email
from tests.factories.classes import examiners_of, facilitators_of, make_class, people_of
from tests.factories.plays import make_play
from tests.factories.records import make_record, sign
from tests.factories.results import make_appeal, make_attempt, make_result

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def batch(django_db_setup, django_db_blocker):
    """Made once; what a test does to it is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_class(3, status=BatchStatus.EXAMINING)
        transaction.set_rollback(True)


def recommended(batch: Batch, values: dict[str, str] | str = "Y") -> Assessment:
    """The next person of the class, examined and recommended."""
    record = sign(make_record(make_play(batch), values))
    return record.role_play.assessment


def in_state(batch: Batch, status: str) -> Assessment:
    if status == S.RECOMMENDED:
        return recommended(batch)
    person = people_of(batch)[0]
    return make_result(person).assessment if status == S.DECIDED else make_attempt(person, status)


def status_of(assessment: Assessment) -> str:
    return Assessment.objects.get(pk=assessment.pk).status


def mails(kind: str = "") -> list[tuple[str, str]]:
    rows = Email.objects.filter(kind=kind) if kind else Email.objects.all()
    return [(mail.kind, mail.to_address) for mail in rows.order_by("id")]


def release(batch: Batch, by, **more) -> list[Decision]:
    """What the page of now shows."""
    return services.release_results(batch, seen=release_mark(staged_decisions(batch)), by=by, **more)


def acts(thing) -> list[str]:
    rows = AuditEntry.objects.filter(object_kind=thing._meta.label_lower, object_id=str(thing.pk))
    return list(rows.order_by("id").values_list("act", flat=True))


# --- the table of states


ACTS = {
    S.RECOMMENDED: lambda assessment, by: services.recommend(assessment, a_signed_record(assessment), by=by),
    S.DECIDED: lambda assessment, by: services.decide_results([assessment], by=by),
    S.OPEN: lambda assessment, by: services.send_back(assessment, "Catatan PLN-02 belum lengkap.", by=by),
    S.VOID: lambda assessment, by: services.void_assessment(assessment, "Sakit pada hari uji.", by=by),
}


def a_signed_record(assessment: Assessment) -> Record:
    """Of anybody: the state is looked at first."""
    return Record.objects.filter(status="signed").first() or sign(make_record())


@pytest.mark.parametrize(("before", "after"), list(product(S, ACTS)), ids=lambda state: state.value)
def test_attempts_move_only_as_the_table_says(batch, director, before, after):
    assessment = in_state(batch, before)
    again = before == after == S.RECOMMENDED  # a further record of an attempt leaves it recommended

    try:
        ACTS[after](assessment, director)
    except (TransitionNotAllowed, ResultsNotDecided):
        assert after not in ASSESSMENT[before]
        assert not again
        assert status_of(assessment) == before
    else:
        assert after in ASSESSMENT[before] or again
        assert status_of(assessment) == after


# --- recommending


def test_signing_recommends_and_gives_the_recorder_a_duty(batch):
    assessment = recommended(batch)

    entry = DutyEntry.objects.get()
    assert status_of(assessment) == S.RECOMMENDED
    assert (entry.registration, entry.user, entry.duty) == (
        assessment.registration, examiners_of(batch)[0], Duty.RECORDS,
    )  # fmt: skip
    assert acts(assessment) == ["result_recommended"]
    assert mails() == []  # nothing is told before the release


def test_draft_recommends_nothing(batch):
    record = make_record(make_play(batch))

    with pytest.raises(NotSigned):
        services.recommend(record.role_play.assessment, record, by=record.recorder)


# --- deciding


def test_decision_copies_what_the_signed_record_says(batch, director):
    assessment = recommended(batch, {"VAL-03": "T", "ETK-02": "T"})

    (decision,) = services.decide_results([assessment], minutes=" BA-07/2026 ", by=director)

    by_unit = {unit["unit"]: unit for unit in decision.units}
    assert (decision.result, decision.minutes, decision.decided_by) == ("BK", "BA-07/2026", director)
    assert decision.reasons == [
        {"code": "units_not_competent", "items": ["MKVA"]}, {"code": "ethics_not_met", "items": ["ETK-02"]},
    ]  # fmt: skip
    assert {code: unit["result"] for code, unit in by_unit.items()} == {"MAPA": "K", "MA": "K", "MKVA": "BK"}
    assert by_unit["MKVA"]["failed_items"] == ["VAL-03"]
    assert by_unit["MKVA"]["gap_note"]
    assert by_unit["MKVA"]["followups"] == ["bukti_tambahan"]
    assert decision.released_at is None
    assert status_of(assessment) == S.DECIDED
    assert DutyEntry.objects.get(user=director).duty == Duty.DECIDES
    assert acts(assessment) == ["result_recommended", "result_decided"]
    assert mails() == []


def test_deciding_takes_an_explicit_list_only(batch, director):
    first, second = recommended(batch), recommended(batch)

    services.decide_results([first], by=director)

    assert (status_of(first), status_of(second)) == (S.DECIDED, S.RECOMMENDED)
    with pytest.raises(NobodyChosen):
        services.decide_results([], by=director)


def test_deciding_is_all_or_nothing_and_names_who_is_in_the_way(batch, director):
    first, second = recommended(batch), make_attempt(people_of(batch)[2])

    with pytest.raises(ResultsNotDecided) as refusal:
        services.decide_results([first, second], by=director)

    assert str(second.registration.person) in str(refusal.value)
    assert str(first.registration.person) not in str(refusal.value)
    assert status_of(first) == S.RECOMMENDED
    assert not Decision.objects.exists()
    assert not DutyEntry.objects.filter(user=director).exists()


def test_who_recorded_the_exam_does_not_decide(batch):
    assessment = recommended(batch)

    with pytest.raises(ResultsNotDecided, match="Merekam uji"):
        services.decide_results([assessment], by=examiners_of(batch)[0])


def test_who_trained_the_class_does_not_decide(batch):
    with pytest.raises(ResultsNotDecided, match="melatih angkatan ini"):
        services.decide_results([recommended(batch)], by=facilitators_of(batch)[0])


def test_nobody_decides_on_oneself(batch):
    assessment = recommended(batch)

    with pytest.raises(ResultsNotDecided, match="hasil Anda sendiri"):
        services.decide_results([assessment], by=assessment.registration.person.user)


def test_records_that_disagree_are_not_decided(batch, director):
    assessment = recommended(batch)
    other = make_play(batch, asesor=assessment.registration, assessor=examiners_of(batch)[1])
    sign(make_record(other, {"PLN-01": "T"}))

    with pytest.raises(ResultsNotDecided, match="berbeda hasil"):
        services.decide_results([assessment], by=director)


def test_recommendation_without_a_signed_record_is_not_decided(batch, director):
    with pytest.raises(ResultsNotDecided, match="belum ditandatangani"):
        services.decide_results([make_attempt(people_of(batch)[0], S.RECOMMENDED)], by=director)


# --- sending back


def test_sent_back_mails_the_recorder_why_and_the_corrected_record_is_decided(batch, director):
    assessment = recommended(batch)

    services.send_back(assessment, " Catatan PLN-02 belum lengkap. ", by=director)

    assert status_of(assessment) == S.OPEN
    assert mails() == [("result_sent_back", examiners_of(batch)[0].email)]
    record = Record.objects.get(role_play__assessment=assessment)
    corrected = services.correct_record(record, "Keliru menandai.", by=record.recorder)
    corrected.ratings.filter(item="VAL-03").update(value="T", note="Bukti belum dibandingkan.")
    sign(corrected)
    (decision,) = services.decide_results([assessment], by=director)
    assert decision.result == "BK"


@pytest.mark.parametrize("act", [services.send_back, services.void_assessment])
def test_sending_back_and_voiding_want_a_reason(batch, director, act):
    with pytest.raises(ResultReasonNeeded):
        act(recommended(batch), "  ", by=director)


@pytest.mark.parametrize("act", [services.send_back, services.void_assessment])
def test_staff_who_are_participants_leave_their_own_exam_to_others(batch, act):
    assessment = recommended(batch)

    with pytest.raises(OwnResult):
        act(assessment, "Keliru.", by=assessment.registration.person.user)

    assert status_of(assessment) == S.RECOMMENDED


# --- releasing


def test_release_shows_all_decisions_of_the_batch_and_mails_each_person_once(batch, director):
    first, second, third = people_of(batch)
    decided = [make_result(first, released=False), make_result(second, "BK", released=False)]
    make_attempt(third, S.RECOMMENDED)
    assert not result_of(first).is_competent

    released = release(batch, director)

    assert {one.pk for one in released} == {one.pk for one in decided}
    assert result_of(first).is_competent
    assert mails() == [("result_released", first.person.user.email), ("result_released", second.person.user.email)]
    assert acts(decided[0]) == ["result_released"]
    with pytest.raises(NothingToRelease):
        release(batch, director)


def test_release_leaves_other_batches_alone(batch, director):
    elsewhere = make_result(people_of(make_class(1))[0], released=False)
    make_result(people_of(batch)[0], released=False)

    release(batch, director)

    assert Decision.objects.get(pk=elsewhere.pk).released_at is None


def test_release_of_something_else_than_was_shown_is_refused(batch, director):
    make_result(people_of(batch)[0], released=False)
    seen = release_mark(staged_decisions(batch))
    make_result(people_of(batch)[1], "BK", released=False)

    with pytest.raises(ReleaseChanged):
        services.release_results(batch, seen=seen, by=director)

    assert mails() == []
    assert not Decision.objects.released().exists()
    release(batch, director)
    assert len(mails()) == 2


def test_discarded_mail_of_a_released_result_is_on_record(batch, director):
    decision = make_result(people_of(batch)[0], released=False)

    release(batch, director, silent=[decision.assessment.code])

    assert mails() == []
    entry = AuditEntry.objects.get(act="result_released")
    assert entry.changes["mail_discarded"] == [False, True]


# --- further attempts


def test_retake_is_a_new_attempt_with_the_units_that_are_left(batch, director):
    (person, *_others) = people_of(batch)
    before = make_result(person, "BK", failed=("MA", "MKVA"))

    retake = services.open_retake(before.assessment, by=director)

    assert (retake.attempt, retake.units, retake.status) == (2, ["MA", "MKVA"], S.OPEN)
    assert Decision.objects.get() == before  # the earlier result stays as it is
    assert mails() == [("retake_opened", person.person.user.email)]


@pytest.mark.parametrize(
    "make",
    [
        lambda person: make_result(person).assessment,
        lambda person: make_result(person, "BK", released=False).assessment,
        lambda person: make_attempt(person),
        lambda person: make_attempt(person, S.RECOMMENDED),
    ],
    ids=["competent", "not released", "open", "recommended"],
)
def test_retake_needs_a_released_bk(batch, director, make):
    with pytest.raises(RetakeNeedsBk):
        services.open_retake(make(people_of(batch)[0]), by=director)


def test_retake_follows_the_latest_attempt_only(batch, director):
    first = make_result(people_of(batch)[0], "BK")
    services.open_retake(first.assessment, by=director)

    with pytest.raises(RetakeNeedsBk):
        services.open_retake(first.assessment, by=director)


def test_retakes_end_at_the_maximum_of_the_rubric(batch, director):
    person = people_of(batch)[0]
    for _attempt in range(3):
        decision = make_result(person, "BK")

    with pytest.raises(AttemptsUsedUp, match="3 kali"):
        services.open_retake(decision.assessment, by=director)


def test_void_and_appealed_attempts_do_not_count_against_the_maximum(batch, director):
    person = people_of(batch)[0]
    make_attempt(person, S.VOID)
    first = make_result(person, "BK")
    appeal = make_appeal(first, AppealStatus.CLOSED)
    again = make_result(person, "BK")
    Assessment.objects.filter(pk=again.assessment_id).update(from_appeal=appeal)
    decision = make_result(person, "BK")

    assert services.open_retake(decision.assessment, by=director).attempt == 5


def test_void_attempt_may_be_followed_by_another_with_the_same_units(batch, director):
    person = people_of(batch)[0]
    assessment = make_attempt(person)
    services.void_assessment(assessment, "Sakit pada hari uji.", by=director)

    again = services.open_retake(assessment, by=director)

    assert again.units == assessment.units
    assert mails() == [("attempt_voided", person.person.user.email), ("retake_opened", person.person.user.email)]


def test_retake_waits_for_an_open_appeal(batch, director):
    decision = make_result(people_of(batch)[0], "BK")
    make_appeal(decision)

    with pytest.raises(AppealIsOpen):
        services.open_retake(decision.assessment, by=director)


# --- completing the batch


@pytest.mark.parametrize(
    ("make", "what_to_do"),
    [
        (lambda person: make_attempt(person), "belum direkomendasikan"),
        (lambda person: make_attempt(person, S.RECOMMENDED), "belum ditetapkan"),
        (lambda person: make_result(person, released=False), "belum dirilis"),
    ],
    ids=["open", "recommended", "unreleased"],
)
def test_batch_is_not_completed_while_a_result_is_missing(batch, admin, make, what_to_do):
    done, missing, _without = people_of(batch)
    make_result(done)
    make(missing)

    with pytest.raises(BatchNotFinished, match=what_to_do) as refusal:
        services.complete_batch(batch, by=admin)

    assert str(missing.person) in str(refusal.value)
    assert str(done.person) not in str(refusal.value)
    assert Batch.objects.get(pk=batch.pk).status == BatchStatus.EXAMINING


def test_batch_is_completed_with_results_void_attempts_and_people_who_took_no_exam(batch, admin):
    competent, absent, _without = people_of(batch)
    make_result(competent)
    make_attempt(absent, S.VOID)

    assert services.complete_batch(batch, by=admin).status == BatchStatus.COMPLETED


# --- mails


def test_mails_of_results_say_the_next_step_and_no_reasons(batch, director):
    person = people_of(batch)[0]
    decision = make_result(person, "BK", released=False)
    release(batch, director)
    mail = Email.objects.get()

    from notifications import registry

    message = registry.render(mail.kind, mail.params, "id")

    assert "belum kompeten" in message.text
    assert "banding" in message.text
    assert "PRA-02" not in message.text
    assert "gagal" not in message.text.lower()
    assert decision.assessment.registration.code in message.text
