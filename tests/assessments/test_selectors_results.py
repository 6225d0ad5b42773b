"""Where people stand: attempts, decisions, appeals."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Lsp
from assessments.models import Assessment, Decision
from assessments.selectors.explained import load_attempts
from assessments.selectors.next_steps import result_now
from assessments.selectors.results import failed_units, result_of, results_of_batch
from assessments.states import AppealStatus, AssessmentStatus
from tests.factories.classes import make_class, people_of
from tests.factories.results import make_appeal, make_attempt, make_result, unit_row

pytestmark = pytest.mark.django_db


def test_nobody_has_a_result_before_the_exam():
    batch = make_class(2)

    results = results_of_batch(batch)

    assert {pk: result.assessment for pk, result in results.items()} == {one.pk: None for one in people_of(batch)}
    assert not any(result.is_competent or result.has_open_appeal for result in results.values())


def test_retake_asks_for_patience_until_it_is_played_and_then_for_the_result():
    person, *_others = people_of(make_class(2))
    make_result(person, "BK")
    retake = make_attempt(person, units=["MKVA"])
    before = result_now(load_attempts(person), Lsp.current())
    Assessment.objects.filter(pk=retake.pk).update(status=AssessmentStatus.RECOMMENDED)

    after = result_now(load_attempts(person), Lsp.current())

    assert before.title == "Uji ulang Anda sudah dibuka."
    assert after.text == "Penguji sudah menilai. Pimpinan menetapkan hasilnya, lalu merilisnya."


def test_competent_is_who_has_a_released_k_in_the_latest_attempt():
    batch = make_class(5)
    passed, unreleased, not_yet, again, retaken = people_of(batch)
    make_result(passed)
    make_result(unreleased, released=False)
    make_result(not_yet, "BK")
    make_result(again, "BK")
    make_attempt(again, units=["MKVA"])
    make_result(retaken, "BK", failed=("MA", "MKVA"))
    make_result(retaken, units=("MA", "MKVA"))

    results = results_of_batch(batch)

    assert {pk for pk, result in results.items() if result.is_competent} == {passed.pk, retaken.pk}
    assert results[again.pk].decision is None
    assert results[retaken.pk].units == {"MAPA": "K", "MA": "K", "MKVA": "K"}
    assert results[not_yet.pk].units == {"MAPA": "K", "MA": "K", "MKVA": "BK"}
    assert results[unreleased.pk].units == {}


def test_void_attempts_do_not_count():
    (person,) = people_of(make_class(1))
    make_result(person)
    make_attempt(person, AssessmentStatus.VOID)

    assert result_of(person).is_competent


@pytest.mark.parametrize(
    ("status", "is_open"),
    [(AppealStatus.FILED, True), (AppealStatus.UNDER_REVIEW, True), (AppealStatus.DISMISSED, False),
     (AppealStatus.WITHDRAWN, False), (AppealStatus.CLOSED, False)],
)  # fmt: skip
def test_open_appeal_of_any_attempt_is_told(status, is_open):
    (person,) = people_of(make_class(1))
    make_appeal(make_result(person, "BK"), status)
    make_attempt(person)

    assert result_of(person).has_open_appeal is is_open


def test_failed_units_are_all_when_no_unit_was_the_reason():
    (person,) = people_of(make_class(1))
    ethics = [{"code": "ethics_not_met", "items": ["ETK-02"]}]

    assert failed_units(make_result(person, "BK", failed=("MA",))) == ["MA"]
    assert failed_units(make_result(person, "BK", failed=(), reasons=ethics)) == ["MAPA", "MA", "MKVA"]


def test_results_cost_the_same_for_one_and_for_many(django_assert_num_queries):
    small, large = make_class(1), make_class(8)
    for batch in (small, large):
        for person in people_of(batch):
            make_appeal(make_result(person, "BK"))

    with django_assert_num_queries(4):
        results_of_batch(small)
    with django_assert_num_queries(4):
        results_of_batch(large)


# ---- what the database refuses


@pytest.mark.parametrize("missing", ["failed_items", "gap_note", "followups"])
@pytest.mark.parametrize("is_absent", [True, False])
def test_unit_that_is_not_yet_competent_names_criterion_gap_and_next_step(missing, is_absent):
    (person,) = people_of(make_class(1))
    row = unit_row("MA", is_bad=True) | {missing: "" if missing == "gap_note" else []}
    if is_absent:
        del row[missing]

    reasons = [{"code": "units_not_competent", "items": ["MA"]}]

    with pytest.raises(IntegrityError, match="decision_units_bk_explained"), transaction.atomic():
        Decision.objects.create(
            assessment=make_attempt(person, AssessmentStatus.DECIDED), result="BK", units=[row], reasons=reasons,
            decided_by=person.person.user,
        )  # fmt: skip


def test_bk_has_a_reason():
    (person,) = people_of(make_class(1))

    with pytest.raises(IntegrityError, match="decision_bk_explained"), transaction.atomic():
        make_result(person, "BK", reasons=[])
    assert not Decision.objects.exists()


@pytest.mark.parametrize("change", [{"result": "K"}, {"units": []}, {"reasons": []}, {"minutes": "BA-99"}])
def test_decision_stays_as_it_was_made(change):
    (person,) = people_of(make_class(1))
    rows = Decision.objects.filter(pk=make_result(person, "BK").pk)

    with pytest.raises(IntegrityError, match="is made"), transaction.atomic():
        rows.update(**change)
