"""Two directors decide one person at once: one decision. The control, without lock and constraint, gets several."""

import pytest
from django.db import connection

from accounts.roles import Role
from assessments import services
from assessments.errors.results import ResultsNotDecided
from assessments.models import Appeal, Assessment, Decision, DutyEntry
from assessments.states import AppealStatus, AssessmentStatus, Duty
from batches.states import BatchStatus
from core import clock
from core.errors import DomainError
from tests.factories.accounts import make_user
from tests.factories.attendance import attend_all
from tests.factories.classes import examiners_of, make_class, people_of
from tests.factories.plays import make_play
from tests.factories.records import make_record, sign
from tests.factories.results import make_appeal, make_attempt, make_result
from tests.participants.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def assessment() -> Assessment:
    """Recommended by a signed record."""
    return sign(make_record(make_play(make_class(2, status=BatchStatus.EXAMINING)))).role_play.assessment


@pytest.fixture
def directors():
    return [make_user(name=f"Direktur {number}", role=Role.DIRECTOR) for number in range(6)]


def test_two_directors_at_once_make_one_decision(assessment, directors):
    results = at_once(lambda by=by: services.decide_results([assessment], by=by) for by in directors)

    refused = [one for one in results if isinstance(one, Exception)]
    assert [type(one) for one in refused] == [ResultsNotDecided] * (len(directors) - 1)
    assert Decision.objects.count() == 1
    assert DutyEntry.objects.filter(duty=Duty.DECIDES).count() == 1


def test_without_lock_and_constraint_the_race_makes_many(assessment, directors):
    """So the race is really there."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE assessments_decision DROP CONSTRAINT decision_version_once")
        cursor.execute("DROP INDEX decision_one_current")
    try:
        results = at_once(lambda by=by: decide_naively(assessment.pk, by) for by in directors)
        assert [one for one in results if isinstance(one, Exception)] == []
        assert Decision.objects.count() > 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE assessments_decision CASCADE")
            cursor.execute(
                "ALTER TABLE assessments_decision ADD CONSTRAINT decision_version_once UNIQUE (assessment_id, version)"
            )
            cursor.execute(
                "CREATE UNIQUE INDEX decision_one_current ON assessments_decision (assessment_id) "
                "WHERE superseded_at IS NULL"
            )


def decide_naively(pk: int, by) -> None:
    """Looks, then writes."""
    assessment = Assessment.objects.get(pk=pk)
    if assessment.status == AssessmentStatus.RECOMMENDED:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.1)")
        Decision.objects.create(assessment=assessment, result="K", units=[], decided_by=by)
        Assessment.objects.filter(pk=pk).update(status=AssessmentStatus.DECIDED)


def test_one_click_too_many_files_one_appeal(assessment):
    registration = assessment.registration
    Assessment.objects.filter(pk=assessment.pk).update(status=AssessmentStatus.DECIDED)
    decision = make_result(registration, "BK")

    results = at_once(
        lambda: services.file_appeal(decision, "Berkas belum dilihat.", by=registration.person.user)
        for _click in range(4)
    )

    assert Appeal.objects.count() == 1
    assert [getattr(one, "code", "") for one in results].count("appealed_already") == 3


def test_one_person_decides_and_hears_never_both(assessment, directors):
    """Appointed to the panel while deciding the retake: one of the two is refused by the constraint."""
    registration = assessment.registration
    appeal = make_appeal(make_result_before(assessment), AppealStatus.ACCEPTED)

    at_once([
        lambda: services.decide_results([assessment], by=directors[0]),
        lambda: services.appoint_panel(appeal, [directors[0]], by=directors[1]),
    ])  # fmt: skip

    assert DutyEntry.objects.filter(registration=registration, user=directors[0]).count() == 1


def test_retake_and_late_exam_of_one_person_open_one_attempt(directors):
    batch = make_class(3, status=BatchStatus.EXAMINING)
    attend_all(batch)
    person, asesi, _third = people_of(batch)
    void = make_attempt(person, AssessmentStatus.VOID)
    play = {
        "assessor": examiners_of(batch)[0], "asesi": asesi, "starts_at": clock.now(), "minutes": 30, "room": None,
        "methods": ["OBS", "WAW"], "by": directors[0],
    }  # fmt: skip

    results = at_once([
        lambda: services.open_retake(void, by=directors[0]),
        lambda: services.plan_late_exam(person, **play),
    ])  # fmt: skip

    assert [one for one in results if isinstance(one, Exception) and not isinstance(one, DomainError)] == []
    assert Assessment.objects.live().filter(registration=person).count() == 1


def make_result_before(assessment: Assessment) -> Decision:
    """An earlier attempt of the same person, decided BK."""
    return make_result(assessment.registration, "BK", by=make_user(name="Pimpinan lama", role=Role.DIRECTOR))
