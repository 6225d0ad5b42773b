"""The life of a record: who may begin it and what stands in the way, corrections, two decisions about the asesi."""

import pytest

from accounts.roles import Role
from assessments import services
from assessments.errors.records import (
    AlreadyRecording,
    AlreadySigned,
    DecidedMeanwhile,
    DecisionsCompared,
    ExamNotOpen,
    MethodUnknown,
    NotIndependent,
    NotStaffOfTheBatch,
    NotThePlaysAssessor,
    NotTheRecorder,
    NotYourDecision,
    PlayIsCancelled,
    PlayNotPublished,
    RecordingIsClosed,
    RecordReasonNeeded,
)
from assessments.models import Assessment, PlayDecision, Rating, Record, RolePlay, Rotation
from assessments.selectors.plays import assessed_registration
from assessments.services.records import SENIOR, TRAINEE
from assessments.states import AssessmentStatus, Mode, RecordStatus, RolePlayStatus, RotationStatus
from batches.models import Batch
from batches.states import BatchStatus
from core.errors import TransitionNotAllowed
from core.models import AuditEntry
from tests.assessments.shared_class import exam_class
from tests.factories.accounts import make_user
from tests.factories.classes import examiners_of, facilitators_of
from tests.factories.plays import make_play
from tests.factories.records import NOTE, make_record, sign

pytestmark = pytest.mark.django_db
__all__ = ["exam_class"]


@pytest.fixture
def exam(exam_class):
    return make_play(exam_class)


@pytest.fixture
def practice(exam_class):
    return make_play(exam_class, Mode.FORMATIVE)


def acts() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("act", flat=True))


# --- start


def test_start_opens_a_draft_and_keeps_the_declaration(exam):
    record = services.start_record(exam, by=exam.assessor)

    assert (record.status, record.version, record.recorder) == (RecordStatus.DRAFT, 1, exam.assessor)
    assert record.impartial_at is not None
    assert acts()[-1] == "record_started"
    assert AuditEntry.objects.latest("id").subject_id == assessed_registration(exam).person.user_id


def test_start_again_opens_the_same_draft(exam):
    first = services.start_record(exam, by=exam.assessor)

    assert services.start_record(exam, by=exam.assessor) == first
    assert acts().count("record_started") == 1


def test_exam_is_recorded_by_its_examiner_only(exam, exam_class):
    with pytest.raises(NotThePlaysAssessor):
        services.start_record(exam, by=examiners_of(exam_class)[1])


@pytest.mark.parametrize("staff", [facilitators_of, examiners_of])
def test_practice_is_recorded_by_anybody_who_serves_the_class(practice, exam_class, staff):
    assert services.start_record(practice, by=staff(exam_class)[-1]).status == RecordStatus.DRAFT


@pytest.mark.parametrize("role", [None, Role.ADMIN, Role.DIRECTOR, Role.AUDITOR, Role.ASSESSOR])
def test_nobody_else_records_a_practice(practice, role):
    with pytest.raises(NotStaffOfTheBatch):
        services.start_record(practice, by=make_user(role=role))


def test_exam_needs_independence_and_names_every_rule(exam):
    person = assessed_registration(exam).person
    services.declare_relation(exam.assessor, person, "family", by=exam.assessor)

    with pytest.raises(NotIndependent) as refusal:
        services.start_record(exam, by=exam.assessor)

    assert "Keluarga" in str(refusal.value)


def test_practice_is_no_question_of_independence(practice):
    services.declare_relation(practice.assessor, assessed_registration(practice).person, "family", by=practice.assessor)

    assert services.start_record(practice, by=practice.assessor)


@pytest.mark.parametrize(
    ("model", "values", "refusal"),
    [
        (Rotation, {"status": RotationStatus.REPLACED}, PlayNotPublished),
        (RolePlay, {"status": RolePlayStatus.CANCELLED, "cancel_reason": "Sakit"}, PlayIsCancelled),
        (Batch, {"status": BatchStatus.ARCHIVED}, RecordingIsClosed),
        (Batch, {"status": BatchStatus.COMPLETED}, RecordingIsClosed),
        (Assessment, {"status": AssessmentStatus.DECIDED}, ExamNotOpen),
    ],
)
def test_start_needs_a_play_that_goes_on(exam, model, values, refusal):
    ids = {
        Rotation: exam.round.rotation_id, RolePlay: exam.pk, Batch: exam.round.rotation.batch_id,
        Assessment: exam.assessment_id,
    }  # fmt: skip
    model.objects.filter(pk=ids[model]).update(**values)

    with pytest.raises(refusal):
        services.start_record(exam, by=exam.assessor)


def test_second_person_is_told_who_records(practice, exam_class):
    first, second = facilitators_of(exam_class)
    record = services.start_record(practice, by=first)

    with pytest.raises(AlreadyRecording) as refusal:
        services.start_record(practice, by=second)
    assert str(first) in str(refusal.value)

    sign(record)
    with pytest.raises(AlreadySigned):
        services.start_record(practice, by=second)


# --- methods


def test_methods_belong_to_the_play_and_decide_what_counts(exam):
    record = make_record(exam, "", evidence="")

    services.set_methods(record, ["WAW", "OBS", "POR"], True, by=exam.assessor)

    exam.refresh_from_db()
    assert (exam.methods, exam.has_objection) == (["OBS", "POR", "WAW"], True)
    assert AuditEntry.objects.latest("id").changes["methods"] == [["OBS", "WAW"], ["OBS", "POR", "WAW"]]
    with pytest.raises(MethodUnknown):
        services.set_methods(record, ["XYZ"], False, by=exam.assessor)
    with pytest.raises(NotTheRecorder):
        services.set_methods(record, ["OBS"], False, by=make_user(role=Role.ASSESSOR))


# --- given up


def test_void_keeps_the_taps_and_frees_the_play(exam):
    record = make_record(exam)

    services.void_record(record, " Peserta tidak hadir ", by=exam.assessor)

    record.refresh_from_db()
    assert (record.status, Rating.objects.filter(record=record).count()) == (RecordStatus.VOID, 121)
    assert AuditEntry.objects.latest("id").reason == "Peserta tidak hadir"
    assert services.start_record(exam, by=exam.assessor).version == 2


def test_void_wants_a_reason_and_a_draft(exam):
    record = make_record(exam)
    with pytest.raises(RecordReasonNeeded):
        services.void_record(record, " ", by=exam.assessor)
    sign(record)
    with pytest.raises(TransitionNotAllowed):
        services.void_record(record, "Salah", by=exam.assessor)


# --- corrections


def test_correction_is_a_new_version_and_the_signed_one_stands_until_it_is_signed(exam):
    signed = sign(make_record(exam, {"PLN-06": "T"}))

    version = services.correct_record(signed, "Salah ketuk PLN-06", by=exam.assessor)

    copied = {one.item: (one.value, one.note) for one in version.ratings.filter(aspect="")}
    assert copied["PLN-06"] == ("T", NOTE)
    assert (version.version, version.replaces, version.status) == (2, signed, RecordStatus.DRAFT)
    assert Record.objects.get(pk=signed.pk).status == RecordStatus.SIGNED

    sign(version)
    assert Record.objects.get(pk=signed.pk).status == RecordStatus.REPLACED
    assert acts()[-2:] == ["result_recommended", "record_signed"]


def test_correction_takes_the_recommendation_back_and_signing_gives_it_again(exam):
    signed = sign(make_record(exam))
    assert status_of(exam) == AssessmentStatus.RECOMMENDED

    version = services.correct_record(signed, "Keliru", by=exam.assessor)
    assert status_of(exam) == AssessmentStatus.OPEN

    sign(version)
    assert status_of(exam) == AssessmentStatus.RECOMMENDED


def test_correction_that_is_given_up_leaves_the_signed_version_recommended(exam):
    signed = sign(make_record(exam))
    version = services.correct_record(signed, "Keliru", by=exam.assessor)

    services.void_record(version, "Tidak jadi", by=exam.assessor)

    assert status_of(exam) == AssessmentStatus.RECOMMENDED
    assert services.correct_record(signed, "Keliru juga", by=exam.assessor).version == 3


def test_decided_exam_is_not_corrected_any_more(exam, director):
    signed = sign(make_record(exam))
    services.decide_results([exam.assessment], by=director)

    with pytest.raises(DecidedMeanwhile):
        services.correct_record(signed, "Terlambat", by=exam.assessor)


def test_correction_is_for_the_recorder_with_a_reason_and_once_at_a_time(exam):
    signed = sign(make_record(exam))

    with pytest.raises(NotTheRecorder):
        services.correct_record(signed, "Keliru", by=make_user(role=Role.ASSESSOR))
    with pytest.raises(RecordReasonNeeded):
        services.correct_record(signed, "", by=exam.assessor)
    services.correct_record(signed, "Keliru", by=exam.assessor)
    with pytest.raises(AlreadyRecording):
        services.correct_record(signed, "Lagi", by=exam.assessor)


def status_of(play: RolePlay) -> str:
    return Assessment.objects.get(pk=play.assessment_id).status


# --- the two decisions about the asesi


def test_each_side_decides_for_itself(exam):
    make_record(exam)
    trainee = assessed_registration(exam).person.user

    services.save_play_decision(exam, TRAINEE, "BK", "Bukti kurang", by=trainee)
    services.save_play_decision(exam, TRAINEE, "K", "Bukti lengkap", by=trainee)  # until the other side has decided
    services.save_play_decision(exam, SENIOR, "BK", "Bukti tidak terkini", by=exam.assessor)

    assert dict(PlayDecision.objects.values_list("role", "result")) == {TRAINEE: "K", SENIOR: "BK"}
    with pytest.raises(DecisionsCompared):
        services.save_play_decision(exam, TRAINEE, "BK", "Sama saja", by=trainee)


@pytest.mark.parametrize("role", [TRAINEE, SENIOR, "other"])
def test_nobody_decides_for_the_other_side(exam, role):
    make_record(exam)
    person = {TRAINEE: exam.assessor, SENIOR: assessed_registration(exam).person.user}.get(role, exam.assessor)

    with pytest.raises(NotYourDecision):
        services.save_play_decision(exam, role, "K", "Alasan", by=person)
