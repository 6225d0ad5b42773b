"""Taking a rotation into use: who records, which attempts it opens, and what stops it."""

import pytest

from assessments import services
from assessments.errors.plays import (
    AlreadyAssessed,
    AsesiMissing,
    NoAssessorFree,
    NotAdmittedToExam,
    PeopleHaveLeft,
    RotationInUse,
)
from assessments.models import Assessment, Attendance, Record, RolePlay
from assessments.selectors.plays import (
    assessed_registration,
    plays_of_registration,
    rounds_of,
)
from assessments.states import AssessmentStatus, Mode, RotationStatus
from core.errors import ChangedMeanwhile, TransitionNotAllowed
from core.models import AuditEntry
from tests.assessments.rotation_helpers import exam, leave, plays_of_rotation, practice
from tests.factories.attendance import attend_all
from tests.factories.batches import make_planner
from tests.factories.classes import examiners_of, facilitators_of, make_class, people_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return make_planner()


@pytest.fixture
def batch():
    return make_class(people=6)


@pytest.fixture
def ready(batch):
    """A class whose people all pass the exam gate."""
    attend_all(batch)
    return batch


# --- publishing


def test_published_practice_has_facilitators_in_turn(batch, by):
    rotation = services.publish_rotation(practice(batch), by=by)
    recorders = [play.assessor for play in plays_of_rotation(rotation)]
    assert (rotation.status, rotation.published_by) == (RotationStatus.PUBLISHED, by)
    assert recorders == facilitators_of(batch) * 3
    assert not Assessment.objects.exists()
    assert AuditEntry.objects.filter(act="rotation_published", object_id=str(rotation.pk)).count() == 1


def test_people_see_their_plays_once_published(batch, by):
    rotation = practice(batch)
    person = people_of(batch)[0]
    assert not plays_of_registration(person).exists()
    assert not RolePlay.objects.visible_to(person.person.user).exists()
    services.publish_rotation(rotation, by=by)
    assert len(plays_of_registration(person)) == 3


def test_published_exam_opens_an_attempt_with_all_units_for_each_asesor(ready, by):
    rotation = services.publish_rotation(exam(ready), by=by)
    plays = plays_of_rotation(rotation)
    assert {play.assessment.registration for play in plays} == set(people_of(ready))
    assert all(play.assessment.registration == assessed_registration(play) for play in plays)
    assert {(one.attempt, tuple(one.units)) for one in Assessment.objects.all()} == {(1, ("MAPA", "MA", "MKVA"))}


def test_draft_that_was_drawn_again_meanwhile_is_not_taken_into_use(ready, by):
    rotation = exam(ready)
    play = RolePlay.objects.select_related("round__rotation").filter(round__rotation=rotation).first()
    exam(ready, seed=7)

    with pytest.raises(ChangedMeanwhile):
        services.publish_rotation(rotation, by=by)
    with pytest.raises(ChangedMeanwhile):
        services.cancel_play(play, "Peserta sakit", by=by)


def test_play_that_was_cancelled_in_the_draft_opens_nothing(ready, by):
    rotation = exam(ready)
    cancelled = services.cancel_play(plays_of_rotation(rotation)[0], "Peserta sakit", by=by)

    services.publish_rotation(rotation, by=by)

    cancelled.refresh_from_db()
    assert (cancelled.assessment, cancelled.assessor) == (None, None)
    assert Assessment.objects.count() == len(people_of(ready)) - 1


def test_examiners_share_the_exam_evenly(ready, by):
    rotation = services.publish_rotation(exam(ready), by=by)
    recorders = [play.assessor for play in plays_of_rotation(rotation)]
    assert {recorders.count(one) for one in examiners_of(ready)} == {3}
    assert all({play.assessor for play in one.plays.all()} == set(examiners_of(ready)) for one in rounds_of(rotation))


def test_declared_conflict_sends_the_other_examiner(ready, by):
    first, second = examiners_of(ready)
    for person in people_of(ready)[:2]:
        services.declare_relation(first, person.person, "family", by=first)
    rotation = practice(ready, mode=Mode.SUMMATIVE, minutes=30, seed=seed_that_parts(ready))
    services.publish_rotation(rotation, by=by)
    for person in people_of(ready)[:2]:
        assert person.exam_attempts.get().plays.get().assessor == second


def seed_that_parts(batch):
    """A seed whose plan does not examine the first two people at the same time."""
    pair = {one.pk for one in people_of(batch)[:2]}
    for seed in range(30):
        rounds = rounds_of(exam(batch, seed=seed))
        if not any(pair <= {assessed_registration(play).pk for play in one.plays.all()} for one in rounds):
            return seed
    raise AssertionError("no seed parts them")


def test_nobody_free_is_refused_with_the_rule(ready, by):
    for examiner in examiners_of(ready):
        services.declare_relation(examiner, people_of(ready)[0].person, "family", by=examiner)
    with pytest.raises(NoAssessorFree, match="menyatakan hubungan"):
        services.publish_rotation(exam(ready), by=by)
    assert not Assessment.objects.exists()


def test_exam_that_nobody_recorded_is_replaced_and_keeps_its_attempts(ready, by):
    older = services.publish_rotation(exam(ready), by=by)
    newer = services.publish_rotation(exam(ready, seed=5), by=by)
    older.refresh_from_db()
    assert (older.status, newer.status) == (RotationStatus.REPLACED, RotationStatus.PUBLISHED)
    assert Assessment.objects.count() == 6
    assert all(len(plays_of_registration(person)) == 2 for person in people_of(ready))


def a_record(rotation):
    play = plays_of_rotation(rotation)[0]
    Record.objects.create(role_play=play, recorder=play.assessor)


def a_running_round(rotation):
    services.start_round(rotation.rounds.first(), by=make_planner())


@pytest.mark.parametrize("use", [a_record, a_running_round])
def test_rotation_in_use_is_not_replaced(batch, by, use):
    older = services.publish_rotation(practice(batch), by=by)
    newer = practice(batch, seed=2)
    use(older)
    with pytest.raises(RotationInUse, match="rekam|berlangsung"):
        services.publish_rotation(newer, by=by)
    older.refresh_from_db()
    assert older.status == RotationStatus.PUBLISHED


def test_published_rotation_is_not_published_twice(batch, by):
    rotation = services.publish_rotation(practice(batch), by=by)
    with pytest.raises(TransitionNotAllowed):
        services.publish_rotation(rotation, by=by)


def test_who_left_meanwhile_stops_the_plan(batch, by):
    rotation = practice(batch)
    person = people_of(batch)[0]
    leave(person)
    with pytest.raises(PeopleHaveLeft, match=person.person.full_name):
        services.publish_rotation(rotation, by=by)


def test_who_no_longer_passes_the_gate_stops_the_exam(ready, by):
    rotation = exam(ready)
    person = people_of(ready)[0]
    Attendance.objects.filter(registration=person).delete()
    with pytest.raises(NotAdmittedToExam, match=person.person.full_name):
        services.publish_rotation(rotation, by=by)


def test_who_got_a_result_meanwhile_stops_the_exam(ready, by):
    rotation = exam(ready)
    Assessment.objects.create(registration=people_of(ready)[0], units=["MA"], status=AssessmentStatus.RECOMMENDED)
    with pytest.raises(AlreadyAssessed):
        services.publish_rotation(rotation, by=by)


def test_single_candidate_needs_an_asesi_from_outside(by):
    batch = make_class(people=1)
    attend_all(batch)
    rotation = exam(batch)
    with pytest.raises(AsesiMissing):
        services.publish_rotation(rotation, by=by)
    services.set_external_asesi(plays_of_rotation(rotation)[0], "Mahasiswa Budi", by=by)
    assert services.publish_rotation(rotation, by=by).status == RotationStatus.PUBLISHED
