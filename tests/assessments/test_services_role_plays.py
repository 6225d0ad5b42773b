"""One play: who records it, with which asesi, where, and that it does not take place."""

from datetime import timedelta

import pytest

from assessments import services
from assessments.errors.plays import (
    AsesiNotOfClass,
    AssessorBusy,
    AssessorDoesNotServe,
    AttemptNotOpen,
    CancelReasonNeeded,
    ExamNotNow,
    ExternalNameNeeded,
    MethodsNotCovered,
    NotAdmittedToExam,
    ObstaclesRemain,
    PlayAlreadyPlanned,
    PlayIsOver,
    PlayIsRecorded,
)
from assessments.models import Assessment, Record, RolePlay, Rotation, Round
from assessments.selectors.plays import plays_of, plays_of_registration, seat, seat_name
from assessments.states import AssessmentStatus, Mode, RecordStatus, RolePlayStatus, RotationStatus
from batches.errors import RoomInUse
from batches.models import Batch, Room
from batches.services import delete_room
from batches.states import BatchStatus
from core import clock
from core.models import AuditEntry
from core.templatetags.ui import clock as clock_text
from notifications import registry
from notifications.models import Email
from tests.factories.attendance import attend_all
from tests.factories.batches import make_assessor, make_planner
from tests.factories.classes import examiners_of, facilitators_of, make_class, people_of
from tests.factories.plays import make_play

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return make_planner()


@pytest.fixture
def play():
    """An exam play that the first examiner records."""
    return make_play()


def batch_of(play):
    return Batch.objects.get(rotations__rounds__plays=play)


# --- who records


def test_another_examiner_takes_over(play, by):
    second = examiners_of(batch_of(play))[1]
    assert services.assign_assessor(play, second, by=by).assessor == second
    assert list(plays_of(second)) == [play]
    entry = AuditEntry.objects.get(act="play_assessor_assigned")
    assert entry.changes["assessor"][1] == str(second)


def test_own_trainer_is_refused_with_the_rule(play, by):
    with pytest.raises(ObstaclesRemain, match="pelatih tidak menguji kelasnya sendiri"):
        services.assign_assessor(play, facilitators_of(batch_of(play))[0], by=by)


def test_stranger_is_refused_in_the_exam(play, by):
    with pytest.raises(ObstaclesRemain, match="tidak bertugas sebagai penguji"):
        services.assign_assessor(play, make_assessor(), by=by)


def test_practice_is_recorded_by_whoever_serves(by):
    play = make_play(mode=Mode.FORMATIVE)
    assert services.assign_assessor(play, examiners_of(batch_of(play))[0], by=by)
    with pytest.raises(AssessorDoesNotServe):
        services.assign_assessor(play, make_assessor(), by=by)


def test_nobody_records_two_exams_at_a_time(play, by):
    batch = batch_of(play)
    asesor, asesi = people_of(batch)[2:4]
    other = make_play(batch, asesor=asesor, asesi=asesi, assessor=examiners_of(batch)[1])
    RolePlay.objects.filter(pk=other.pk).update(round=play.round, group=2)
    other.seats.update(round=play.round)
    with pytest.raises(AssessorBusy, match=str(people_of(batch)[0].person)):
        services.assign_assessor(RolePlay.objects.get(pk=other.pk), play.assessor, by=by)


def test_begun_record_keeps_its_recorder(play, by):
    Record.objects.create(role_play=play, recorder=play.assessor)
    with pytest.raises(PlayIsRecorded, match=str(play.assessor)):
        services.assign_assessor(play, examiners_of(batch_of(play))[1], by=by)
    with pytest.raises(PlayIsRecorded):
        services.set_external_asesi(play, "Budi", by=by)


@pytest.mark.parametrize("status", [RolePlayStatus.FINISHED, RolePlayStatus.CANCELLED])
def test_play_that_is_over_does_not_change(play, by, status):
    RolePlay.objects.filter(pk=play.pk).update(status=status, cancel_reason="Sakit")
    with pytest.raises(PlayIsOver):
        services.assign_assessor(play, examiners_of(batch_of(play))[1], by=by)


def test_play_of_a_replaced_rotation_does_not_change(play, by):
    rotation = play.round.rotation
    type(rotation).objects.filter(pk=rotation.pk).update(status=RotationStatus.REPLACED)
    with pytest.raises(PlayIsOver):
        services.set_external_asesi(play, "Budi", by=by)


# --- asesi and room


def test_asesi_from_outside_is_known_by_name(play, by):
    asesi = seat(play, "asesi").registration
    services.set_external_asesi(play, " Mahasiswa Budi ", by=by)
    play.refresh_from_db()
    assert seat_name(play.seats.get(role="asesi")) == "Mahasiswa Budi"
    assert not plays_of_registration(asesi).exists()
    with pytest.raises(ExternalNameNeeded):
        services.set_external_asesi(play, "  ", by=by)


def test_desk_arranges_all_at_once_or_nothing(play, by):
    batch = batch_of(play)
    room = Room.objects.create(venue=batch.venue, name="Ruang A")
    trainer, second = facilitators_of(batch)[0], examiners_of(batch)[1]
    with pytest.raises(ObstaclesRemain):
        services.arrange_play(play, assessor=trainer, room=room, external_name="Budi", by=by)
    services.arrange_play(play, assessor=second, room=room, external_name="Budi", by=by)
    services.arrange_play(play, assessor=None, room=room, external_name="Budi", by=by)
    play = RolePlay.objects.get(pk=play.pk)
    assert (play.assessor, play.room, seat_name(seat(play, "asesi"))) == (second, room, "Budi")
    acts = AuditEntry.objects.filter(act__startswith="play_").values_list("act", flat=True).order_by("id")
    assert list(acts) == ["play_assessor_assigned", "play_room_set", "play_asesi_set"]


def test_room_of_a_play_is_not_removed_from_its_venue(play, by):
    room = Room.objects.create(venue=batch_of(play).venue, name="Ruang A")
    services.set_play_room(play, room, by=by)

    with pytest.raises(RoomInUse):
        delete_room(room, by=by)

    assert RolePlay.objects.get(pk=play.pk).room == room


# --- cancelling


def test_cancelled_play_voids_its_draft_and_keeps_the_attempt(play, by):
    record = Record.objects.create(role_play=play, recorder=play.assessor)
    services.cancel_play(play, "Peserta sakit", by=by)
    record.refresh_from_db()
    play.refresh_from_db()
    assert (play.status, play.cancel_reason, record.status) == ("cancelled", "Peserta sakit", RecordStatus.VOID)
    assert play.assessment.status == AssessmentStatus.OPEN
    assert AuditEntry.objects.get(act="play_cancelled").reason == "Peserta sakit"


def test_cancelling_needs_a_reason(play, by):
    with pytest.raises(CancelReasonNeeded):
        services.cancel_play(play, " ", by=by)


def test_signed_play_is_not_cancelled(play, by):
    Record.objects.create(
        role_play=play, recorder=play.assessor, status=RecordStatus.SIGNED, digest="0" * 64,
        signed_at=clock.now(), signed_by=play.assessor, impartial_at=clock.now(), result="K",
    )  # fmt: skip
    with pytest.raises(PlayIsRecorded):
        services.cancel_play(play, "Sakit", by=by)


def mails() -> list[tuple[str, str]]:
    return [(mail.kind, mail.to_address) for mail in Email.objects.order_by("id")]


def text_of(mail: Email) -> str:
    """As it would be sent now; "" when its cause is gone."""
    message = registry.render(mail.kind, mail.params, "id")
    return message.text if message else ""


def test_cancelled_play_to_come_is_told_to_everybody_in_it(play, by):
    Round.objects.filter(pk=play.round_id).update(starts_at=clock.now() + timedelta(hours=1))
    people = [one.registration.person.user for one in play.seats.all()]

    services.cancel_play(RolePlay.objects.get(pk=play.pk), "Listrik padam", by=by)

    assert mails() == [("role_play_cancelled", one.email) for one in [*people, play.assessor]]
    assert all("Listrik padam" in text_of(mail) for mail in Email.objects.all())


@pytest.mark.parametrize("change", ["is draft", "is past"])
def test_cancelled_play_that_nobody_awaits_is_told_to_nobody(play, by, change):
    to_come = clock.now() + timedelta(hours=1 if change == "is draft" else -1)
    Round.objects.filter(pk=play.round_id).update(starts_at=to_come)
    if change == "is draft":
        Rotation.objects.filter(pk=play.round.rotation_id).update(
            status=RotationStatus.DRAFT, published_at=None, published_by=None
        )

    services.cancel_play(RolePlay.objects.get(pk=play.pk), "Listrik padam", by=by)

    assert mails() == []


# --- single plays outside the plan


def retake(assessment, by, **changes):
    batch = assessment.registration.batch
    values = {
        "assessor": examiners_of(batch)[0], "asesi": None, "external_name": "Mahasiswa Budi",
        "starts_at": clock.now() + timedelta(days=3), "minutes": 30, "room": None, "methods": ["OBS", "WAW"], "by": by,
    }  # fmt: skip
    return services.plan_retake(assessment, **values | changes)


@pytest.fixture
def attempt():
    """The second attempt of somebody, with one unit left."""
    batch = make_class(people=3, status=BatchStatus.EXAMINING)
    person = people_of(batch)[0]
    Assessment.objects.create(registration=person, units=["MA"], status=AssessmentStatus.DECIDED)
    return Assessment.objects.create(registration=person, attempt=2, units=["MA"])


def test_retake_is_one_play_published_at_once(attempt, by):
    play = retake(attempt, by)
    rotation = play.round.rotation
    assert (rotation.mode, rotation.status, rotation.rounds.count()) == (Mode.RETAKE, RotationStatus.PUBLISHED, 1)
    assert (play.assessment, play.methods, play.round.minutes) == (attempt, ["OBS", "WAW"], 30)
    assert {one.role: seat_name(one) for one in play.seats.all()} == {
        "asesor": str(attempt.registration.person), "asesi": "Mahasiswa Budi",
    }  # fmt: skip
    assert AuditEntry.objects.filter(act="exam_play_planned").exists()


def test_retake_is_told_to_who_plays_and_who_records(attempt, by):
    batch = attempt.registration.batch
    Batch.objects.filter(pk=batch.pk).update(time_zone="Asia/Jayapura")
    asesi, room = people_of(batch)[1], Room.objects.create(venue=batch.venue, name="Ruang Cendana")

    play = retake(attempt, by, asesi=asesi, external_name="", room=room)

    person, assessor = attempt.registration, play.assessor
    assert mails() == [
        ("exam_play_planned", person.person.user.email),
        ("exam_play_planned", asesi.person.user.email),
        ("exam_play_assigned", assessor.email),
    ]
    own, other, recorders = map(text_of, Email.objects.order_by("id"))
    when = clock_text(play.round.starts_at, "Asia/Jayapura")
    assert when.endswith("WIT")
    for text in (own, other, recorders):
        assert when in text
        assert "Ruang Cendana" in text
    assert all(word in own for word in (str(asesi.person), str(assessor), "Unit: MA", f"{person.code}/role-play/"))
    assert str(person.person) in other
    assert "Unit:" not in other
    assert all(word in recorders for word in (str(person.person), str(asesi.person), "/penilaian/"))


def test_mail_of_a_retake_that_was_cancelled_meanwhile_is_not_sent(attempt, by):
    play = retake(attempt, by)
    planned = list(Email.objects.order_by("id"))

    services.cancel_play(play, "Asesi tidak datang", by=by)

    assert [text_of(mail) for mail in planned] == ["", ""]
    assert mails()[2:] == [
        ("role_play_cancelled", attempt.registration.person.user.email), ("role_play_cancelled", play.assessor.email),
    ]  # fmt: skip


def test_who_takes_over_a_retake_is_called_instead(attempt, by):
    play = retake(attempt, by)
    second = examiners_of(attempt.registration.batch)[1]

    services.assign_assessor(play, second, by=by)

    first_call, second_call = Email.objects.filter(kind="exam_play_assigned").order_by("id")
    assert text_of(first_call) == ""
    assert (second_call.to_address, bool(text_of(second_call))) == (second.email, True)


def test_retake_runs_like_any_round(attempt, by):
    play = retake(attempt, by)
    services.start_round(play.round, by=by)
    play.refresh_from_db()
    assert play.status == RolePlayStatus.RUNNING


def test_second_retake_waits_for_the_first(attempt, by):
    first = retake(attempt, by)
    with pytest.raises(PlayAlreadyPlanned):
        retake(attempt, by)
    services.cancel_play(first, "Asesi tidak datang", by=by)
    assert retake(attempt, by).round.rotation.version == 2


@pytest.mark.parametrize("with_record", [False, True])
def test_finished_play_blocks_another_only_while_its_record_stands(attempt, by, with_record):
    play = retake(attempt, by)
    RolePlay.objects.filter(pk=play.pk).update(status=RolePlayStatus.FINISHED)
    if not with_record:
        assert retake(attempt, by)
        return
    Record.objects.create(role_play=play, recorder=play.assessor)
    with pytest.raises(PlayAlreadyPlanned):
        retake(attempt, by)


def the_trainer(attempt):
    return {"assessor": facilitators_of(attempt.registration.batch)[0]}


def oneself(attempt):
    return {"asesi": attempt.registration}


def somebody_else(attempt):
    return {"asesi": people_of(make_class(people=2))[0]}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        (the_trainer, ObstaclesRemain),
        (oneself, AsesiNotOfClass),
        (somebody_else, AsesiNotOfClass),
        (lambda attempt: {"external_name": " "}, ExternalNameNeeded),
        (lambda attempt: {"methods": ["WAW"]}, MethodsNotCovered),
    ],
)
def test_retake_is_refused(attempt, by, changes, error):
    with pytest.raises(error):
        retake(attempt, by, **changes(attempt))
    assert not attempt.plays.exists()


def test_retake_needs_an_open_attempt_and_a_class_under_way(attempt, by):
    decided = attempt.registration.exam_attempts.get(attempt=1)
    with pytest.raises(AttemptNotOpen):
        retake(decided, by)
    Batch.objects.filter(pk=attempt.registration.batch_id).update(status=BatchStatus.CLOSED)
    with pytest.raises(ExamNotNow):
        retake(attempt, by)


def test_late_exam_opens_the_first_attempt_once_attendance_is_made_up(by):
    batch = make_class(people=3, status=BatchStatus.EXAMINING)
    late = people_of(batch)[0]
    values = {
        "assessor": examiners_of(batch)[0], "asesi": people_of(batch)[1], "starts_at": clock.now(), "minutes": 30,
        "room": None, "methods": ["OBS", "WAW"], "by": by,
    }  # fmt: skip
    with pytest.raises(NotAdmittedToExam):
        services.plan_late_exam(late, **values)
    attend_all(batch)
    play = services.plan_late_exam(late, **values)
    assert (play.assessment.registration, play.assessment.attempt) == (late, 1)
    assert play.assessment.units == ["MAPA", "MA", "MKVA"]
