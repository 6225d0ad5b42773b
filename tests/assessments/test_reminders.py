"""Reminders of duties, plays, sheets and appeals: once each, from the facts; they move and die with their cause."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from assessments import services
from assessments.models import Appeal, DutyEntry, RolePlay, Round
from assessments.reminders import due_reminders
from assessments.states import AppealStatus, Duty, Mode, RecordStatus, RolePlayStatus
from batches.models import Batch, Booking, Session
from core import clock
from notifications.models import Email
from notifications.registry import kind_title, render
from tests.assessments.shared_class import exam_class  # noqa: F401  (a fixture)
from tests.factories.classes import examiners_of, facilitators_of, people_of
from tests.factories.plays import make_play
from tests.factories.records import make_record
from tests.factories.results import make_appeal, make_result

pytestmark = pytest.mark.django_db
WIB = ZoneInfo("Asia/Jakarta")
APPEAL, DUTY, PLAY, SHEET = KINDS = "appeal_due", "duties_tomorrow", "exam_play_tomorrow", "records_unsigned"
DAY = timedelta(days=1)


@pytest.fixture
def batch(exam_class) -> Batch:  # noqa: F811
    return exam_class


@pytest.fixture
def today() -> date:
    return clock.today()


def local(on: date, hour: int = 9) -> datetime:
    return datetime.combine(on, time(hour), WIB)


def sweep(kind: str, on: date, hour: int = 9) -> int:
    """How many mails of that kind the sweep owes at that hour in Jakarta."""
    before = len(owed(kind))
    with clock.at(local(on, hour)):
        services.remind_assessors()
    return len(owed(kind)) - before


def owed(kind: str) -> list[Email]:
    return list(Email.objects.filter(kind=kind).order_by("id"))


def text_of(email: Email, on: date, hour: int = 9):
    """The mail as it is written at that time."""
    with clock.at(local(on, hour)):
        return render(email.kind, email.params, email.language)


def teach(batch: Batch, person: User, on: date, hour: int = 8, title: str = "Merencanakan asesmen") -> Session:
    """A lesson of that person in a room of its own time."""
    period = DateTimeTZRange(local(on, hour), local(on, hour) + timedelta(minutes=90))
    session = Session.objects.create(batch=batch, day=9, order=hour, kind="lecture", title=title, period=period)
    Booking.objects.create(session=session, person=person)
    return session


def play_on(batch: Batch, on: date, mode: str = Mode.SUMMATIVE, hour: int = 10, **fields) -> RolePlay:
    play = make_play(batch, mode, **fields)
    Round.objects.filter(pk=play.round_id).update(starts_at=local(on, hour))
    return RolePlay.objects.select_related("round").get(pk=play.pk)


# --- tomorrow


def test_staff_get_one_mail_the_day_before_over_lessons_and_plays(batch, today):
    person, on = examiners_of(batch)[0], today + 10 * DAY
    teach(batch, person, on)
    play_on(batch, on)
    play_on(batch, on, hour=13)

    assert [sweep(DUTY, on - 2 * DAY), sweep(DUTY, on - DAY), sweep(DUTY, on - DAY, hour=12), sweep(DUTY, on)] == [
        0,
        1,
        0,
        0,
    ]

    email = owed(DUTY)[0]
    message = text_of(email, on - DAY)
    assert email.recipient == person
    assert "Sesi Anda besok" in message.subject
    lines = [line for line in message.text.splitlines() if line.startswith("- ")]
    assert lines[0] == "- 08.00–09.30 WIB: Merencanakan asesmen"
    assert lines[1].startswith("- 10.00 WIB: Uji: Peserta 01")
    assert lines[2].startswith("- 13.00 WIB: Uji: Peserta 02")
    assert f"Angkatan: {batch.name}" in message.text
    assert "/penilaian/tugas/" in message.text


def test_duties_of_several_batches_are_one_mail(batch, today):
    person, on = facilitators_of(batch)[0], today + 10 * DAY
    other = Batch.objects.exclude(pk=batch.pk).first() or Batch.objects.create(
        **{
            field.attname: getattr(batch, field.attname)
            for field in Batch._meta.concrete_fields
            if field.attname not in ("id", "code", "name", "seats_held")
        }
        | {"name": "Angkatan lain"}
    )
    teach(batch, person, on)
    teach(other, person, on, hour=13, title="Kaji ulang")

    assert sweep(DUTY, on - DAY) == 1
    assert f"Kaji ulang · {other.name}" in text_of(owed(DUTY)[0], on - DAY).text


@pytest.mark.parametrize("gone", ["moved", "cancelled", "given to another", "account closed"])
def test_duties_reminder_dies_with_its_cause(batch, today, gone):
    person, on = facilitators_of(batch)[0], today + 10 * DAY
    session = teach(batch, person, on)
    sweep(DUTY, on - DAY)
    {
        "moved": lambda: move(session, 5),
        "cancelled": lambda: Session.objects.filter(pk=session.pk).update(
            cancelled_at=clock.now(), cancelled_by=person, cancel_reason="Listrik padam"
        ),
        "given to another": lambda: session.bookings.update(person=facilitators_of(batch)[1]),
        "account closed": lambda: User.objects.filter(pk=person.pk).update(is_active=False),
    }[gone]()

    assert text_of(owed(DUTY)[0], on - DAY) is None


def move(session: Session, days: int) -> None:
    session.period = DateTimeTZRange(session.starts_at + days * DAY, session.ends_at + days * DAY)
    session.save(update_fields=["period"])


def test_duties_that_waited_until_the_day_say_today_and_are_not_sent_afterwards(batch, today):
    on = today + 10 * DAY
    teach(batch, facilitators_of(batch)[0], on)
    sweep(DUTY, on - DAY)

    assert "Sesi Anda hari ini" in text_of(owed(DUTY)[0], on, hour=7).subject
    assert text_of(owed(DUTY)[0], on, hour=9) is None


def test_moved_lesson_is_reminded_of_before_its_new_day(batch, today):
    on = today + 10 * DAY
    session = teach(batch, facilitators_of(batch)[0], on)
    sweep(DUTY, on - DAY)
    move(session, 5)

    assert (sweep(DUTY, on), sweep(DUTY, on + 4 * DAY)) == (0, 1)


def test_people_of_a_single_exam_play_are_reminded_the_day_before(batch, today):
    asesor, asesi = people_of(batch)[:2]
    play = play_on(batch, today + 10 * DAY, Mode.RETAKE, asesor=asesor, asesi=asesi)

    assert (sweep(PLAY, today + 8 * DAY), sweep(PLAY, today + 9 * DAY)) == (0, 2)

    to = {email.recipient: email for email in owed(PLAY)}
    assert set(to) == {asesor.person.user, asesi.person.user}
    message = text_of(to[asesor.person.user], today + 9 * DAY)
    assert "Pengingat uji" in message.subject
    assert "10.00 WIB" in message.subject
    assert "Uji Anda sudah dijadwalkan." in message.text
    Round.objects.filter(pk=play.round_id).update(starts_at=local(today + 16 * DAY))
    assert text_of(to[asesor.person.user], today + 9 * DAY) is None
    assert sweep(PLAY, today + 15 * DAY) == 2


def test_plays_of_the_class_are_part_of_its_sessions_and_told_with_them(batch, today):
    play_on(batch, today + 10 * DAY)

    assert sweep(PLAY, today + 9 * DAY) == 0


def test_plays_of_a_cancelled_batch_do_not_take_place(batch, today):
    play_on(batch, today + 10 * DAY)
    Batch.objects.filter(pk=batch.pk).update(
        status="cancelled", cancel_reason="Sepi", cancelled_at=clock.now(), cancelled_by=facilitators_of(batch)[0]
    )

    assert sweep(DUTY, today + 9 * DAY) == 0


# --- sheets


@pytest.mark.parametrize("status", [RolePlayStatus.RUNNING, RolePlayStatus.FINISHED])
def test_unsigned_sheets_are_reminded_of_on_the_day_after_once(batch, today, status):
    plays = [play_on(batch, today, status=status), play_on(batch, today, hour=13, status=status)]

    assert [
        sweep(SHEET, today),
        sweep(SHEET, today + DAY),
        sweep(SHEET, today + DAY, hour=12),
        sweep(SHEET, today + 2 * DAY),
    ] == [0, 1, 0, 0]

    email = owed(SHEET)[0]
    message = text_of(email, today + DAY)
    assert email.recipient == plays[0].assessor
    assert "2 rekaman belum ditandatangani" in message.subject
    assert message.subject.startswith("[Perlu tindakan")
    assert "- 13.00 WIB: Uji: Peserta 02" in message.text


def test_outage_of_the_day_after_is_caught_up_on_the_next_and_not_later(batch, today):
    play_on(batch, today, status=RolePlayStatus.FINISHED)
    play_on(batch, today - 3 * DAY, status=RolePlayStatus.FINISHED)

    assert sweep(SHEET, today + 2 * DAY) == 1
    assert [email.params["on"] for email in owed(SHEET)] == [today.isoformat()]


def test_sheets_that_were_signed_meanwhile_are_not_reminded_of(batch, today):
    play = play_on(batch, today, status=RolePlayStatus.FINISHED)
    sweep(SHEET, today + DAY)
    record = make_record(play)
    type(record).objects.filter(pk=record.pk).update(
        status=RecordStatus.SIGNED, digest="x", signed_at=clock.now(), signed_by=play.assessor
    )

    assert text_of(owed(SHEET)[0], today + DAY) is None


def test_begun_sheet_of_a_play_that_nobody_started_counts(batch, today):
    make_record(play_on(batch, today))

    assert sweep(SHEET, today + DAY) == 1


def test_retake_can_be_signed_after_its_class_is_over(batch, today):
    play_on(batch, today, Mode.RETAKE, status=RolePlayStatus.FINISHED)
    Batch.objects.filter(pk=batch.pk).update(status="completed")

    assert sweep(SHEET, today + DAY) == 1


@pytest.mark.parametrize("harmless", ["not played", "cancelled", "class is over"])
def test_nothing_to_sign_is_nothing_to_remind_of(batch, today, harmless):
    play = play_on(batch, today, status=RolePlayStatus.FINISHED if harmless == "class is over" else "scheduled")
    if harmless == "cancelled":
        RolePlay.objects.filter(pk=play.pk).update(status="cancelled", cancel_reason="Sakit")
    if harmless == "class is over":
        Batch.objects.filter(pk=batch.pk).update(status="completed")

    assert sweep(SHEET, today + DAY) == 0


# --- appeals


@pytest.fixture
def appeal(batch, today):
    """Two hear it since a week ago; the answer was promised for a working day some weeks ahead."""
    due_on = clock.add_working_days(today + 14 * DAY, 1)
    made = make_appeal(make_result(people_of(batch)[0], "BK"), AppealStatus.UNDER_REVIEW, answer_due_on=due_on)
    for person in examiners_of(batch):
        hear(made, person)
    return made


def hear(appeal: Appeal, person: User, since: datetime | None = None) -> DutyEntry:
    return DutyEntry.objects.create(
        registration=appeal.decision.assessment.registration, user=person, duty=Duty.HEARS_APPEAL, appeal=appeal,
        since=since or clock.now() - 7 * DAY,
    )  # fmt: skip


def near(appeal: Appeal) -> date:
    """The day on which its panel is reminded."""
    return clock.add_working_days(appeal.answer_due_on, -3)


def test_panel_is_reminded_three_working_days_before_its_answer_is_due(appeal, batch):
    assert [sweep(APPEAL, near(appeal) - DAY), sweep(APPEAL, near(appeal)), sweep(APPEAL, near(appeal), hour=15)] == [
        0,
        2,
        0,
    ]

    assert {email.recipient for email in owed(APPEAL)} == set(examiners_of(batch))
    message = text_of(owed(APPEAL)[0], near(appeal))
    assert message.subject.startswith("[Perlu tindakan, paling lambat")
    assert "Pengingat: putusan banding Peserta 01" in message.subject
    assert f"/banding/{appeal.code}/" in message.text


def test_outage_before_an_answer_is_caught_up_until_the_last_day(appeal):
    assert (sweep(APPEAL, appeal.answer_due_on + DAY), sweep(APPEAL, appeal.answer_due_on)) == (0, 2)


def test_new_member_of_a_panel_is_reminded_from_the_next_day(appeal, batch):
    hear(appeal, facilitators_of(batch)[0], since=local(near(appeal), 8))

    assert (sweep(APPEAL, near(appeal)), sweep(APPEAL, near(appeal) + DAY)) == (2, 1)


@pytest.mark.parametrize("gone", ["answered", "withdrawn", "another day", "another panel"])
def test_appeal_reminder_dies_with_its_cause(appeal, gone):
    sweep(APPEAL, near(appeal))
    row = Appeal.objects.filter(pk=appeal.pk)
    {
        "answered": lambda: row.update(status="upheld", outcome="upheld", outcome_text="Bukti cukup."),
        "withdrawn": lambda: row.update(status="withdrawn"),
        "another day": lambda: row.update(answer_due_on=appeal.answer_due_on + 7 * DAY),
        "another panel": DutyEntry.objects.filter(appeal=appeal).delete,
    }[gone]()

    assert text_of(owed(APPEAL)[0], near(appeal)) is None
    Email.objects.all().delete()
    assert sweep(APPEAL, near(appeal)) == 0


def test_moved_answer_is_reminded_of_at_its_new_time(appeal):
    sweep(APPEAL, near(appeal))
    appeal.answer_due_on = clock.add_working_days(appeal.answer_due_on, 10)
    appeal.save(update_fields=["answer_due_on"])

    assert sweep(APPEAL, near(appeal)) == 2


# --- all of them


def test_people_whose_accounts_are_closed_are_not_reminded(batch, appeal):
    on = near(appeal)
    teach(batch, facilitators_of(batch)[0], on + DAY)
    play_on(batch, on - DAY, status=RolePlayStatus.FINISHED)
    play_on(batch, on + DAY, Mode.RETAKE)
    User.objects.update(is_active=False)

    sweep(APPEAL, on)

    assert not Email.objects.filter(kind__in=KINDS).exists()


def test_nobody_is_reminded_at_night(batch, appeal, today):
    on = near(appeal)
    teach(batch, facilitators_of(batch)[0], on + DAY)
    play_on(batch, on - DAY, status=RolePlayStatus.FINISHED)

    for hour in (3, 6, 20, 23):
        sweep(APPEAL, on, hour)
    assert not Email.objects.filter(kind__in=KINDS).exists()

    sweep(APPEAL, on, hour=7)
    assert [len(owed(kind)) for kind in KINDS] == [2, 1, 0, 1]


def test_each_reminder_of_a_week_comes_once_however_often_the_sweep_runs(batch, appeal):
    start = near(appeal) - DAY
    for days in (2, 4):
        teach(batch, facilitators_of(batch)[0], start + days * DAY)
    play_on(batch, start + 3 * DAY, Mode.RETAKE, asesor=people_of(batch)[1])
    play_on(batch, start, status=RolePlayStatus.FINISHED)
    hours = set()

    for hour in range(1, 24 * 7, 3):
        with clock.at(local(start, 0) + timedelta(hours=hour)):
            if services.remind_assessors():
                hours.add(hour % 24)

    counts = {kind: len(owed(kind)) for kind in KINDS}
    assert counts == {"appeal_due": 2, "duties_tomorrow": 3, "exam_play_tomorrow": 2, "records_unsigned": 1}
    assert hours == {7}


def test_queries_do_not_grow_with_the_number_of_people(batch, appeal):
    on, hours = near(appeal), iter(range(5, 20, 2))

    def count() -> int:
        with clock.at(local(on)), CaptureQueriesContext(connection) as seen:
            list(due_reminders())
        return len(seen)

    def duties(people) -> None:
        for person in people:
            teach(batch, person, on + DAY, hour=next(hours))
            play_on(batch, on - DAY, status=RolePlayStatus.FINISHED, assessor=person)
            play_on(batch, on + DAY, Mode.RETAKE, assessor=person)

    duties(facilitators_of(batch)[:1])
    few = count()
    duties([*facilitators_of(batch), *examiners_of(batch)])

    assert count() == few <= 8


@pytest.mark.parametrize("kind", KINDS)
def test_kind_has_a_title_in_the_list_of_mails(kind):
    assert kind_title(kind).startswith("Pengingat")
