"""Planning a batch and its way from draft to archive."""

from datetime import timedelta
from itertools import product

import pytest

from accounts.models import Lsp
from batches import reference, services
from batches.errors import (
    AssignedTwice,
    BatchNotReady,
    CapacityBelowSeats,
    NotAnAssessor,
    ReasonNeeded,
    SchemeIsFixed,
)
from batches.models import AgendaTemplate, Assignment, Batch, RuleSet, Scheme
from batches.states import TRANSITIONS, BatchStatus
from core import clock
from core.errors import ChangedMeanwhile, TransitionNotAllowed
from core.models import AuditEntry
from core.transitions import check_transition
from tests.factories.batches import make_assessor, make_batch, make_draft, make_plan, make_planner, make_scheme

pytestmark = pytest.mark.django_db
S = BatchStatus


def test_reference_loads_once_and_then_changes_nothing():
    first = reference.load()
    versions = set(RuleSet.objects.values_list("code", "version"))
    reference.load()

    assert first == {"education_levels": 8, "document_types": 17, "agenda_templates": 4, "schemes": 4}
    assert set(RuleSet.objects.values_list("code", "version")) == versions
    assert {unit["code"] for unit in Scheme.objects.first().units} == {"MAPA", "MA", "MKVA"}


def test_changed_rules_become_a_new_version_and_batches_keep_theirs():
    batch = make_batch()
    rules = RuleSet.objects.in_force().get(code=batch.scheme.code)
    RuleSet.objects.filter(pk=rules.pk).update(content_sha256="another")

    reference.load()

    assert RuleSet.objects.in_force().get(code=batch.scheme.code).version == 2
    batch.refresh_from_db()
    assert batch.rule_set == rules


@pytest.mark.parametrize(
    "broken",
    [
        {"total_jp": 39},
        {"training_days": 4},
        {"sessions": [{"day": 1, "start": "09:00", "end": "08:00", "jp": 0}]},
    ],
)
def test_agenda_that_contradicts_itself_is_refused(broken):
    make_scheme()
    agenda = AgendaTemplate.objects.get(code="AG-40JP-6H").content

    with pytest.raises(reference.ReferenceInvalid):
        reference.check_agenda("X", agenda | broken)


@pytest.mark.parametrize("pattern", ["SP/{tahun}", "{seq:04d}/SP", "{seq}/{nomor}/{tahun}", "{seq", "{0}"])
def test_certificate_number_that_could_double_or_not_be_made_is_refused(pattern):
    data, units = reference._read("schemes.yaml"), reference._read("units.yaml")["units"]
    reference.check(data, units)
    data["schemes"][0]["certificate"]["number_format"] = pattern

    with pytest.raises(reference.ReferenceInvalid, match="certificate number"):
        reference.check(data, units)


@pytest.mark.parametrize(("current", "target"), list(product(S, S)))
def test_only_listed_moves_are_allowed(current, target):
    if target in TRANSITIONS[current]:
        check_transition(TRANSITIONS, current, target)
    else:
        with pytest.raises(TransitionNotAllowed):
            check_transition(TRANSITIONS, current, target)


def test_create_batch_makes_a_draft_with_its_staff_on_record():
    trainer, examiner = make_assessor(), make_assessor()

    batch = services.create_batch(make_plan(facilitators=[trainer], examiners=[examiner]), by=make_planner())

    assert batch.status == S.DRAFT
    assert dict(batch.assignments.values_list("person", "function")) == {
        trainer.pk: "facilitator",
        examiner.pk: "examiner",
    }
    assert AuditEntry.objects.filter(act="batch_created", object_id=str(batch.pk)).exists()


def test_one_assessor_cannot_train_and_examine_a_batch():
    both = make_assessor()

    with pytest.raises(AssignedTwice):
        services.create_batch(make_plan(facilitators=[both], examiners=[both]), by=make_planner())

    assert not Batch.objects.exists()


def test_only_assessors_serve():
    with pytest.raises(NotAnAssessor):
        services.assign_person(make_draft(), make_planner(), Assignment.Function.EXAMINER, by=make_planner())


def test_update_is_refused_for_an_older_version():
    batch = make_draft()
    services.update_batch(batch, make_plan(name="Baru"), version=1, by=make_planner())

    with pytest.raises(ChangedMeanwhile):
        services.update_batch(batch, make_plan(name="Lama"), version=1, by=make_planner())

    batch.refresh_from_db()
    assert batch.name == "Baru"


def test_scheme_stays_once_people_may_apply():
    batch = make_batch()

    with pytest.raises(SchemeIsFixed):
        services.update_batch(batch, make_plan(scheme=make_scheme("ASKOM-RCC")), version=1, by=make_planner())


def test_capacity_never_falls_below_the_seats_held():
    batch = make_batch(capacity=3)
    batch.seats_held = 2

    with pytest.raises(CapacityBelowSeats):
        services.change_capacity(batch, 1, by=make_planner())


def test_open_pins_the_rules_in_force():
    assert make_batch().rule_set == RuleSet.objects.in_force().get(code="ASKOM-UMUM")


def test_open_says_what_blocks():
    Lsp.objects.create(pk=1, name="LSP", short_name="LSP", uses_bnsp_approval=True)

    with pytest.raises(BatchNotReady) as refusal:
        services.open_batch(make_draft(), by=make_planner())

    assert "BNSP" in str(refusal.value)


def test_batch_lives_from_letter_to_archive():
    Lsp.objects.create(pk=1, name="LSP", short_name="LSP")
    by, today = make_planner(), clock.today()
    batch = make_draft(staffed=True)

    services.submit_to_bnsp(batch, number="001/BNSP", on=today, by=by)
    services.record_bnsp_approval(batch, number="A-1", on=today, by=by)
    services.open_batch(batch, by=by)
    services.close_registration(batch, by=by)
    with pytest.raises(BatchNotReady):
        services.start_batch(batch, by=by)
    with clock.at(clock.now() + timedelta(days=41)):
        services.start_batch(batch, by=by)
        services.start_examination(batch, by=by)
        services.mark_completed(batch, by=by)
        batch = services.archive_batch(batch, by=by)

    assert batch.status == S.ARCHIVED
    assert AuditEntry.objects.filter(object_kind="batches.batch", act__startswith="batch_").count() == 9


def test_cancelling_needs_a_reason():
    with pytest.raises(ReasonNeeded):
        services.mark_cancelled(make_draft(), "  ", by=make_planner())


def test_seats_are_taken_up_to_the_capacity_and_given_back():
    batch = make_batch(capacity=1)
    services.lock_batch(batch.pk)

    assert services.take_seat(batch.pk) is True
    assert services.take_seat(batch.pk) is False
    services.give_seat_back(batch.pk)
    services.give_seat_back(batch.pk)

    batch.refresh_from_db()
    assert batch.seats_held == 0


def test_no_seat_moves_before_opening():
    assert services.take_seat(make_draft().pk) is False
