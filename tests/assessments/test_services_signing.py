"""Signing: exactly what was shown, nothing missing, every BK explained."""

import pytest

from assessments import services
from assessments.errors.records import (
    ConflictsOpen,
    GapNotExplained,
    NotesMissing,
    NotIndependent,
    NotTheRecorder,
    RecordIncomplete,
    SummaryNeeded,
)
from assessments.models import Assessment, Rating, Record, UnitResult
from assessments.records import open_sheet, record_digest, sheet_digest
from assessments.states import AssessmentStatus, Mode, RecordStatus
from core.errors import ChangedMeanwhile, TransitionNotAllowed
from tests.assessments.shared_class import exam_class
from tests.assessments.tap_helpers import PHONE, TABLET, make_tap
from tests.factories.accounts import make_user
from tests.factories.plays import make_play
from tests.factories.records import make_record, sign

pytestmark = pytest.mark.django_db
__all__ = ["exam_class"]
STEP = ["uji_ulang_unit"]


@pytest.fixture
def exam(exam_class):
    return make_play(exam_class)


@pytest.fixture
def practice(exam_class):
    return make_play(exam_class, Mode.FORMATIVE)


def try_to_sign(record: Record, *, units=None, summary="", digest=None) -> Record:
    return services.sign_record(
        record, digest=digest or record_digest(record), summary=summary, units=units or {}, by=record.recorder
    )


def test_signed_sheet_is_locked_with_its_result_and_recommended(exam):
    record = sign(make_record(exam))

    record.refresh_from_db()
    assert (record.status, record.result, record.signed_by) == (RecordStatus.SIGNED, "K", exam.assessor)
    assert record.methods == ["OBS", "WAW"]
    assert dict(UnitResult.objects.values_list("unit", "result")) == {"MAPA": "K", "MA": "K", "MKVA": "K"}
    assert Assessment.objects.get().status == AssessmentStatus.RECOMMENDED


def test_digest_of_a_signed_sheet_can_be_checked_for_ever(exam):
    record = sign(make_record(exam, {"PLN-06": "T"}))
    services.correct_record(record, "Metode lain", by=exam.assessor)
    version = Record.objects.with_play().get(replaces=record)

    services.set_methods(version, ["OBS", "POR"], True, by=exam.assessor)

    assert record_digest(Record.objects.with_play().get(pk=record.pk)) == record.digest


def test_every_word_on_the_sheet_is_in_the_digest(exam):
    record = make_record(exam)
    seen = {record_digest(record)}
    for change in ({"value": "T"}, {"note": "x"}):
        Rating.objects.filter(record=record, item="PLN-01").update(**change)
        seen.add(record_digest(record))
    record.role_play.methods = ["OBS"]
    seen.add(record_digest(record))

    assert len(seen) == 4


def test_tap_after_the_page_was_shown_stops_the_signature(exam):
    record = make_record(exam)
    shown = record_digest(record)
    services.record_tap(record, make_tap("T", note="Keliru", base_version=1), by=exam.assessor)

    with pytest.raises(ChangedMeanwhile):
        try_to_sign(record, digest=shown)
    assert Record.objects.get(pk=record.pk).status == RecordStatus.DRAFT


def test_exam_with_a_gap_is_not_signed(exam):
    with pytest.raises(RecordIncomplete) as refusal:
        try_to_sign(make_record(exam, {"PLN-02": "", "UMB-01": ""}))

    assert "PLN-02, UMB-01" in str(refusal.value)


def test_long_lists_are_counted(exam):
    with pytest.raises(RecordIncomplete) as refusal:
        try_to_sign(make_record(exam, "", evidence=""))

    assert "PLN-06 (+" in str(refusal.value)


def test_practice_with_gaps_is_signed_and_decides_only_what_is_whole(practice):
    record = sign(make_record(practice, {"PLN-02": ""}))

    assert (record.status, record.result) == (RecordStatus.SIGNED, "")
    assert set(UnitResult.objects.values_list("unit", flat=True)) == {"MA", "MKVA"}


@pytest.mark.parametrize("value", ["T", "TR"])
def test_no_and_not_relevant_need_a_note(practice, value):
    record = make_record(practice, {"PLN-09": value})
    Rating.objects.filter(record=record, item="PLN-09").update(note="")

    with pytest.raises(NotesMissing) as refusal:
        try_to_sign(record)
    assert "PLN-09" in str(refusal.value)


def test_note_is_not_asked_where_the_method_is_not_used(exam):
    record = make_record(exam, {"POR-01": "TR"})
    Rating.objects.filter(record=record, item="POR-01").update(note="")

    assert sign(record).status == RecordStatus.SIGNED


def test_open_conflict_stops_the_signature(practice):
    record = make_record(practice, {"PLN-01": ""})
    services.record_tap(record, make_tap("Y", client=TABLET), by=record.recorder)
    services.record_tap(record, make_tap("T", client=PHONE, note="Belum"), by=record.recorder)

    with pytest.raises(ConflictsOpen) as refusal:
        try_to_sign(record)
    assert "PLN-01" in str(refusal.value)


@pytest.mark.parametrize(
    "explained", [{}, {"MAPA": (" ", STEP)}, {"MAPA": ("Kurang", [])}, {"MAPA": ("Kurang", ["x"])}]
)
def test_bk_of_a_unit_needs_a_note_and_a_next_step(exam, explained):
    with pytest.raises(GapNotExplained) as refusal:
        try_to_sign(make_record(exam, {"PLN-01": "T"}), units=explained)

    assert "MAPA" in str(refusal.value)
    assert UnitResult.objects.count() == 0


def test_bk_names_criterion_evidence_and_next_step(exam):
    record = try_to_sign(make_record(exam, {"PLN-01": "T"}), units={"MAPA": (" Belum menulis tujuan ", STEP)})

    unit = UnitResult.objects.get(unit="MAPA")
    assert (record.result, unit.result, unit.failed_items) == ("BK", "BK", ["PLN-01"])
    assert (unit.gap_note, unit.followups) == ("Belum menulis tujuan", STEP)
    assert unit.reasons == [{"code": "critical_not_met", "items": ["PLN-01"]}]


def test_bk_by_ethics_alone_needs_a_summary(exam):
    record = make_record(exam, {"ETK-03": "T"})

    with pytest.raises(SummaryNeeded):
        try_to_sign(record)
    assert try_to_sign(record, summary="Menerima imbalan").result == "BK"


def test_recorder_alone_signs_and_once(exam):
    record = make_record(exam)
    with pytest.raises(NotTheRecorder):
        services.sign_record(record, digest="", summary="", units={}, by=make_user())
    sign(record)
    with pytest.raises(TransitionNotAllowed):
        sign(record)


def test_conflict_declared_while_recording_stops_the_signature(exam):
    record = make_record(exam)
    person = exam.assessment.registration.person
    services.declare_relation(exam.assessor, person, "family", by=exam.assessor)

    with pytest.raises(NotIndependent):
        try_to_sign(record)


def test_retake_looks_at_what_is_left(exam_class):
    play = make_play(exam_class, Mode.RETAKE)
    Assessment.objects.filter(pk=play.assessment_id).update(units=["MKVA"])
    play.assessment.refresh_from_db()

    record = sign(make_record(play))

    sheet = open_sheet(Record.objects.with_play().get(pk=record.pk))
    assert [phase.code for phase in sheet.rubric.sheet] == ["VAL", "ETK"]
    assert list(UnitResult.objects.values_list("unit", flat=True)) == ["MKVA"]
    assert sheet_digest(sheet) == record.digest
