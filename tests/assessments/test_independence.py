"""What stands between an examiner and a candidate, and how a director lets it pass."""

from datetime import timedelta

import pytest

from accounts.models import RoleGrant
from accounts.roles import Role
from assessments import services
from assessments.errors.independence import (
    OnlyDirectorWaives,
    OwnRelationOnly,
    OwnWaiver,
    RelationEnded,
    RelationToOneself,
    WaiverOutsideBatch,
    WaiverReasonNeeded,
)
from assessments.models import DutyEntry, Relation, Waiver
from assessments.policies import rotation as policies
from assessments.selectors.independence import independence_of, obstacles
from assessments.states import Duty, WaivedRule
from batches.errors import NotAnAssessor
from batches.models import Assignment, Booking
from core import clock
from core.models import AuditEntry
from participants.models import Person
from tests.factories import accounts as people
from tests.factories.batches import make_assessor
from tests.factories.classes import examiners_of, facilitators_of, make_class, people_of
from tests.factories.plays import make_play
from tests.factories.records import make_record, sign
from tests.factories.results import make_appeal

pytestmark = pytest.mark.django_db
REASON = "Tidak ada penguji lain di provinsi ini."


@pytest.fixture
def batch():
    return make_class(people=2)


@pytest.fixture
def candidate(batch):
    return people_of(batch)[0]


@pytest.fixture
def examiner(batch):
    return examiners_of(batch)[0]


def rules(assessor, registration):
    return [one.rule for one in obstacles(assessor, registration.batch, registration)]


# --- rules


def test_examiner_without_ties_has_no_obstacle(examiner, candidate):
    assert rules(examiner, candidate) == []


def test_who_does_not_serve_is_blocked(candidate):
    assert rules(make_assessor(), candidate) == ["not_examiner"]


def test_guest_who_taught_a_session_has_trained_the_class_even_as_its_examiner(examiner, candidate):
    lecture, ceremony = (candidate.batch.sessions.filter(kind=kind).first() for kind in ("lecture", "ceremony"))
    Booking.objects.create(session=ceremony, person=examiner)
    assert rules(examiner, candidate) == []

    Booking.objects.create(session=lecture, person=examiner)

    assert rules(examiner, candidate) == ["own_trainer"]


@pytest.mark.parametrize(("outcome", "blocked"), [("upheld", ["overruled"]), ("dismissed", [])])
def test_recorder_of_an_exam_whose_appeal_was_upheld_does_not_record_the_next(candidate, examiner, outcome, blocked):
    play = make_play(candidate.batch, asesor=candidate, assessor=examiner)
    record = sign(make_record(play, {"PLN-03": "T"}))
    decision = services.decide_results([record.role_play.assessment], by=people.make_user(role=Role.DIRECTOR))[0]

    make_appeal(decision, outcome)

    assert record.recorder == examiner
    assert rules(examiner, candidate) == blocked
    assert rules(examiners_of(candidate.batch)[1], candidate) == []


def test_own_trainer_is_blocked(batch, candidate):
    assert rules(facilitators_of(batch)[0], candidate) == ["own_trainer"]


@pytest.mark.parametrize(("days", "expected"), [(-10, []), (1, ["own_trainer"])])
def test_trainer_who_became_examiner_is_blocked_once_lessons_began(batch, candidate, days, expected):
    trainer = facilitators_of(batch)[0]
    released = clock.now() + timedelta(days=days)
    Assignment.objects.filter(person=trainer).update(released_at=released, released_by=trainer)
    Booking.objects.filter(person=trainer).delete()  # as who is released gives the coming sessions back
    Assignment.objects.create(batch=batch, person=trainer, function="examiner")
    assert rules(trainer, candidate) == expected


def test_released_examiner_is_blocked(examiner, candidate):
    Assignment.objects.filter(person=examiner).update(released_at=clock.now(), released_by=examiner)
    assert rules(examiner, candidate) == ["not_examiner"]


def test_declared_tie_blocks_this_person_only(batch, examiner, candidate):
    services.declare_relation(examiner, candidate.person, "family", by=examiner)
    assert rules(examiner, candidate) == ["declared_conflict"]
    assert rules(examiner, people_of(batch)[1]) == []
    assert "Keluarga" in obstacles(examiner, batch, candidate)[0].text


def test_nobody_examines_oneself(batch, examiner, candidate):
    Person.objects.filter(pk=candidate.person_id).update(user=examiner)
    candidate.person.refresh_from_db()
    assert rules(examiner, candidate) == ["own_exam"]


@pytest.mark.parametrize(("duty", "expected"), [(Duty.RECORDS, []), (Duty.DECIDES, ["other_duty"])])
def test_who_decides_does_not_record(examiner, candidate, duty, expected):
    DutyEntry.objects.create(registration=candidate, user=examiner, duty=duty)
    assert rules(examiner, candidate) == expected


def test_many_pairs_cost_no_more_queries(batch, django_assert_num_queries):
    with django_assert_num_queries(4):
        independence = independence_of(batch)
    with django_assert_num_queries(0):
        assert not independence.obstacles(independence.staff("examiner")[0], people_of_without_query(independence))


def people_of_without_query(independence):
    from participants.models import Registration

    return Registration(person=Person(user_id=0, pk=0), pk=0)


# --- declaring


def test_declared_twice_is_one(examiner, candidate):
    first = services.declare_relation(examiner, candidate.person, "project", "Satu instansi", by=examiner)
    assert services.declare_relation(examiner, candidate.person, "project", by=examiner) == first
    entry = AuditEntry.objects.get(act="relation_declared")
    assert (entry.subject_id, entry.reason) == (candidate.person.user_id, "Satu instansi")


def test_ended_tie_no_longer_blocks_and_stays_on_record(examiner, candidate):
    relation = services.declare_relation(examiner, candidate.person, "taught", by=examiner)
    services.end_relation(relation, by=examiner)
    assert rules(examiner, candidate) == []
    assert Relation.objects.get().ended_by == examiner
    assert AuditEntry.objects.filter(act="relation_ended").exists()
    with pytest.raises(RelationEnded):
        services.end_relation(relation, by=examiner)


def test_admin_notes_what_becomes_known(admin, examiner, candidate):
    relation = services.declare_relation(examiner, candidate.person, "family", by=admin)
    assert services.end_relation(relation, by=admin).ended_by == admin


def test_nobody_else_speaks_for_an_assessor(batch, examiner, candidate):
    other = examiners_of(batch)[1]
    with pytest.raises(OwnRelationOnly):
        services.declare_relation(examiner, candidate.person, "family", by=other)
    relation = services.declare_relation(examiner, candidate.person, "family", by=examiner)
    with pytest.raises(OwnRelationOnly):
        services.end_relation(relation, by=other)


def test_ties_are_between_assessors_and_others(admin, examiner, candidate):
    with pytest.raises(NotAnAssessor):
        services.declare_relation(candidate.person.user, people_of(candidate.batch)[1].person, "family", by=admin)
    Person.objects.filter(pk=candidate.person_id).update(user=examiner)
    candidate.person.refresh_from_db()
    with pytest.raises(RelationToOneself):
        services.declare_relation(examiner, candidate.person, "family", by=examiner)


# --- waivers


def test_director_lets_one_pass_with_a_reason(batch, candidate, director):
    trainer = facilitators_of(batch)[0]
    waiver = services.grant_waiver(batch, WaivedRule.OWN_TRAINER, trainer, candidate, REASON, by=director)
    assert rules(trainer, candidate) == []
    assert rules(trainer, people_of(batch)[1]) == ["own_trainer"]
    assert independence_of(batch).waivers_used(trainer, candidate) == [waiver]
    entry = AuditEntry.objects.get(act="waiver_granted")
    assert (entry.reason, entry.actor_id) == (REASON, director.pk)


def test_waiver_for_the_whole_class(batch, director):
    trainer = facilitators_of(batch)[0]
    services.grant_waiver(batch, WaivedRule.OWN_TRAINER, trainer, None, REASON, by=director)
    assert [rules(trainer, person) for person in people_of(batch)] == [[], []]


def test_waiver_lets_one_rule_pass_and_no_other(batch, candidate, director):
    trainer = facilitators_of(batch)[0]
    services.declare_relation(trainer, candidate.person, "family", by=trainer)
    services.grant_waiver(batch, WaivedRule.OWN_TRAINER, trainer, candidate, REASON, by=director)
    assert rules(trainer, candidate) == ["declared_conflict"]
    services.grant_waiver(batch, WaivedRule.DECLARED_CONFLICT, trainer, candidate, REASON, by=director)
    assert rules(trainer, candidate) == []
    assert len(independence_of(batch).waivers_used(trainer, candidate)) == 2


def test_waiver_of_somebody_without_obstacle_is_not_named(batch, examiner, candidate, director):
    services.grant_waiver(batch, WaivedRule.OWN_TRAINER, examiner, None, REASON, by=director)
    assert independence_of(batch).waivers_used(examiner, candidate) == []


def test_waivers_are_for_directors_and_never_for_oneself(batch, admin, candidate, director):
    trainer = facilitators_of(batch)[0]
    with pytest.raises(OnlyDirectorWaives):
        services.grant_waiver(batch, WaivedRule.OWN_TRAINER, trainer, None, REASON, by=admin)
    RoleGrant.objects.create(user=director, role=Role.ASSESSOR)
    with pytest.raises(OwnWaiver):
        services.grant_waiver(batch, WaivedRule.OWN_TRAINER, director, None, REASON, by=director)
    Person.objects.filter(pk=candidate.person_id).update(user=director)
    candidate.person.refresh_from_db()
    with pytest.raises(OwnWaiver):
        services.grant_waiver(batch, WaivedRule.OWN_TRAINER, trainer, candidate, REASON, by=director)
    assert not Waiver.objects.exists()


def test_waiver_needs_a_reason_and_a_person_of_the_class(batch, director):
    trainer = facilitators_of(batch)[0]
    with pytest.raises(WaiverReasonNeeded):
        services.grant_waiver(batch, WaivedRule.OWN_TRAINER, trainer, None, "  ", by=director)
    stranger = people_of(make_class(people=1))[0]
    with pytest.raises(WaiverOutsideBatch):
        services.grant_waiver(batch, WaivedRule.OWN_TRAINER, trainer, stranger, REASON, by=director)


# --- who may do what


MATRIX = {  # plan, run rounds of a class not served, declare for oneself, declare for others, waive
    Role.PARTICIPANT: (False, False, False, False, False),
    Role.ADMIN: (True, True, True, True, False),
    Role.ASSESSOR: (False, False, True, False, False),
    Role.DIRECTOR: (False, False, False, False, True),
    Role.AUDITOR: (False, False, False, False, False),
}


@pytest.mark.parametrize("role", MATRIX)
def test_five_people_may_do_what_their_role_says(batch, examiner, role):
    user = people.make_user(role=role)
    may = (
        policies.can_plan_plays(user), policies.can_run_rounds(user, batch), policies.can_declare(user, user),
        policies.can_declare(user, examiner), policies.can_grant_waiver(user),
    )  # fmt: skip
    assert may == MATRIX[role]


def test_live_staff_run_rounds_of_their_class(batch, examiner):
    assert policies.can_run_rounds(examiner, batch)
    Assignment.objects.filter(person=examiner).update(released_at=clock.now(), released_by=examiner)
    assert not policies.can_run_rounds(examiner, batch)
