"""Reminders about registrations: once each, from the facts; they move and die with their cause, and wake nobody."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test.utils import CaptureQueriesContext

from accounts.models import Lsp, User
from batches.models import Batch, Session, SessionKind
from core import clock
from notifications import services as outbox
from notifications.models import Email
from notifications.registry import kind_title, render
from participants import services
from participants.models import Registration
from participants.reminders import due_reminders
from participants.states import RegistrationStatus as S
from tests.factories.batches import make_batch
from tests.factories.classes import make_class, people_of
from tests.factories.participants import fill, make_admin, make_registration

pytestmark = pytest.mark.django_db
WIB = ZoneInfo("Asia/Jakarta")
KINDS = ("corrections_due", "draft_closing", "sessions_tomorrow", "reviews_due")


def local(on: date, hour: int = 9, minute: int = 0, zone: ZoneInfo = WIB) -> datetime:
    return datetime.combine(on, time(hour, minute), zone)


def sweep(on: date, hour: int = 9, minute: int = 0) -> int:
    """The sweep at that local time in Jakarta."""
    with clock.at(local(on, hour, minute)):
        return services.remind_participants()


def owed(kind: str) -> list[Email]:
    return list(Email.objects.filter(kind=kind).order_by("id"))


def text_of(email: Email, on: date, hour: int = 9):
    """The mail as it is written at that time."""
    with clock.at(local(on, hour)):
        return render(email.kind, email.params, email.language)


def days(count: int) -> timedelta:
    return timedelta(days=count)


@pytest.fixture(scope="module")
def seated_class(django_db_setup, django_db_blocker):
    """Three people whose first day is in thirty days, for all tests of this module; what each adds goes with it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_class(3, status="closed", starts_in=30, capacity=40)
        transaction.set_rollback(True)


@pytest.fixture
def batch(seated_class) -> Batch:
    return Batch.objects.select_related("venue", "scheme", "rule_set").get(pk=seated_class.pk)


@pytest.fixture
def today() -> date:
    return clock.today()


# --- corrections


@pytest.fixture
def returned(batch, today):
    """Returned a week ago, to be mended by today in five days."""
    before = clock.now() - days(7)
    return make_registration(S.RETURNED, batch=batch, return_due_on=today + days(5), status_at=before)


def test_corrections_remind_two_days_before_and_on_the_last_day(returned, today):
    found = [sweep(today + days(number)) for number in range(8)]

    assert found == [0, 0, 0, 1, 0, 1, 0, 0]
    assert {email.recipient for email in owed("corrections_due")} == {returned.person.user}


def test_corrections_that_a_dead_beat_missed_are_caught_up_on_the_day_after(returned, today):
    assert sweep(today + days(4)) == 1


def test_corrections_say_what_the_page_says_and_until_when(returned, today):
    sweep(today + days(3))
    message = text_of(owed("corrections_due")[0], today + days(3))

    assert message.subject.startswith("[Perlu tindakan, paling lambat")
    assert f"perbaiki pendaftaran {returned.number}" in message.subject
    assert "Ijazah belum lengkap." in message.text
    assert "Paling lambat" in message.text


def test_corrections_that_were_sent_are_not_reminded_of(returned, today):
    sweep(today + days(3))
    Registration.objects.filter(pk=returned.pk).update(status=S.SUBMITTED, return_due_on=None)

    assert sweep(today + days(5)) == 0
    assert text_of(owed("corrections_due")[0], today + days(3)) is None


def test_moved_deadline_is_reminded_of_at_its_new_time(returned, today):
    sweep(today + days(3))
    Registration.objects.filter(pk=returned.pk).update(return_due_on=today + days(6))

    assert text_of(owed("corrections_due")[0], today + days(3)) is None  # what still waited is not sent
    assert [sweep(today + days(number)) for number in (3, 4, 5, 6)] == [0, 1, 0, 1]


def test_who_was_told_today_is_not_reminded_today(returned, today):
    Registration.objects.filter(pk=returned.pk).update(status_at=local(today + days(3), 8))

    assert [sweep(today + days(number)) for number in (3, 4, 5)] == [0, 1, 1]


def test_reminder_that_comes_late_is_not_sent_beside_the_last_one(returned, today):
    sweep(today + days(3))

    assert text_of(owed("corrections_due")[0], today + days(5)) is None


@pytest.mark.parametrize("change", [{"starts_on": date(2020, 1, 1)}, {"status": "running"}])
def test_corrections_that_nobody_takes_any_more_are_not_reminded_of(returned, today, change):
    Batch.objects.filter(pk=returned.batch_id).update(**change)

    assert sweep(today + days(3)) == 0


# --- drafts


@pytest.fixture
def draft(batch, today):
    """Begun yesterday, in a batch that closes at noon in five days."""
    Batch.objects.filter(pk=batch.pk).update(status="open", registration_closes_at=local(today + days(5), 12))
    batch.refresh_from_db()
    return make_registration(batch=batch, created_at=clock.now() - days(1))


def test_draft_is_reminded_of_once_before_the_registration_closes(draft, today):
    assert [sweep(today + days(number)) for number in range(7)] == [0, 0, 1, 0, 0, 0, 0]
    assert owed("draft_closing")[0].recipient == draft.person.user


def test_draft_names_parts_and_documents_that_are_missing(draft, today):
    fill(draft, without=["KTP"])
    sweep(today + days(2))
    message = text_of(owed("draft_closing")[0], today + days(2))

    assert "sebelum ditutup" in message.subject
    assert "Yang belum lengkap" in message.text
    assert "- Dokumen: KTP" in message.text
    assert "Pendidikan" not in message.text
    assert "<strong>Dokumen</strong>" in message.html


def test_draft_that_was_begun_today_is_left_alone(draft, today):
    Registration.objects.filter(pk=draft.pk).update(created_at=local(today + days(3), 8))

    assert [sweep(today + days(number)) for number in (3, 4)] == [0, 1]


def test_draft_is_not_reminded_of_after_the_registration_closed(draft, today):
    assert sweep(today + days(5), hour=13) == 0


@pytest.mark.parametrize("gone", ["sent", "deleted", "another day", "another batch"])
def test_draft_reminder_dies_with_its_cause(draft, today, gone):
    sweep(today + days(2))
    row, batch = Registration.objects.filter(pk=draft.pk), Batch.objects.filter(pk=draft.batch_id)
    {
        "sent": lambda: row.update(status=S.SUBMITTED, submitted_at=clock.now(), submitted_by=draft.person.user),
        "deleted": row.delete,
        "another day": lambda: batch.update(registration_closes_at=local(today + days(9), 12)),
        "another batch": lambda: row.update(batch=make_batch()),
    }[gone]()

    assert text_of(owed("draft_closing")[0], today + days(2)) is None


def test_extended_registration_reminds_again_before_its_new_end(draft, today):
    sweep(today + days(2))
    Batch.objects.filter(pk=draft.batch_id).update(registration_closes_at=local(today + days(9), 12))

    assert [sweep(today + days(number)) for number in (3, 6, 7)] == [0, 1, 0]


# --- sessions


def sessions_of(batch: Batch, on: date) -> list[Session]:
    return [one for one in batch.sessions.order_by("period") if one.starts_at.astimezone(WIB).date() == on]


def move_day(batch: Batch, on: date, later: int) -> None:
    """All sessions of a day, as rows."""
    for one in sessions_of(batch, on):
        one.period = DateTimeTZRange(one.starts_at + days(later), one.ends_at + days(later))
        one.save(update_fields=["period"])


def test_each_confirmed_person_gets_one_mail_the_day_before_with_all_sessions(batch, today):
    make_registration(S.WAITLISTED, batch=batch)

    assert (sweep(batch.starts_on - days(2)), sweep(batch.starts_on - days(1))) == (0, 3)

    email = owed("sessions_tomorrow")[0]
    message = text_of(email, batch.starts_on - days(1))
    first = sessions_of(batch, batch.starts_on)[0]
    assert "Sesi Anda besok" in message.subject
    assert f"{first.starts_at.astimezone(WIB):%H.%M}–{first.ends_at.astimezone(WIB):%H.%M} WIB" in message.text
    assert first.title in message.text
    assert batch.venue.address in message.text
    taught = [one for one in sessions_of(batch, batch.starts_on) if one.kind != SessionKind.BREAK]
    assert message.text.count(" WIB: ") == len(taught) < len(sessions_of(batch, batch.starts_on))
    assert f"/pendaftaran/saya/{people_of(batch)[0].code}/" in message.text


def test_mail_that_waited_until_the_day_says_today_and_is_not_sent_afterwards(batch):
    sweep(batch.starts_on - days(1))
    email = owed("sessions_tomorrow")[0]

    assert "Sesi Anda hari ini" in text_of(email, batch.starts_on, hour=6).subject
    assert text_of(email, batch.starts_on, hour=23) is None


def test_day_that_moved_is_reminded_of_before_its_new_date(batch):
    first = batch.starts_on
    sweep(first - days(1))
    move_day(batch, first, later=20)

    assert text_of(owed("sessions_tomorrow")[0], first - days(1)) is None
    assert (sweep(first + days(19)), sweep(first + days(19), hour=12)) == (3, 0)


def test_mail_says_the_times_that_hold_when_it_is_sent(batch):
    sweep(batch.starts_on - days(1))
    one = sessions_of(batch, batch.starts_on)[0]
    Session.objects.filter(pk=one.pk).update(title="Pembukaan dipindah")

    assert "Pembukaan dipindah" in text_of(owed("sessions_tomorrow")[0], batch.starts_on - days(1)).text


@pytest.mark.parametrize("gone", ["cancelled sessions", "cancelled batch", "seat given up"])
def test_sessions_reminder_dies_with_its_cause(batch, gone):
    sweep(batch.starts_on - days(1))
    first = people_of(batch)[0]
    {
        "cancelled sessions": lambda: batch.sessions.update(
            cancelled_at=clock.now(), cancelled_by=User.objects.first(), cancel_reason="Listrik padam"
        ),
        "cancelled batch": lambda: Batch.objects.filter(pk=batch.pk).update(
            status="cancelled", cancel_reason="Sepi", cancelled_at=clock.now(), cancelled_by=User.objects.first()
        ),
        "seat given up": lambda: services.withdraw_registration(first, by=first.person.user),
    }[gone]()  # fmt: skip

    assert text_of(owed("sessions_tomorrow")[0], batch.starts_on - days(1)) is None


def test_person_whose_account_is_closed_is_not_reminded(batch):
    User.objects.filter(person__registrations=people_of(batch)[0]).update(is_active=False)

    assert sweep(batch.starts_on - days(1)) == 2


@pytest.mark.parametrize(("hour", "minute", "count"), [(6, 59, 0), (7, 0, 3), (19, 59, 3), (20, 0, 0)])
def test_reminders_come_between_seven_and_eight_in_the_evening(batch, hour, minute, count):
    assert sweep(batch.starts_on - days(1), hour, minute) == count


def test_hours_are_those_of_the_place(batch):
    zone = ZoneInfo("Asia/Jayapura")
    Batch.objects.filter(pk=batch.pk).update(time_zone=zone.key)
    eve = batch.starts_on - days(1)

    with clock.at(local(eve, 6, 59, zone)):
        assert services.remind_participants() == 0
    with clock.at(local(eve, 7, 0, zone)):  # five in the morning in Jakarta
        assert services.remind_participants() == 3


def test_what_was_missed_by_a_dead_beat_is_never_told(batch, returned, draft):
    assert sweep(batch.ends_on + days(1)) == 0


def test_two_days_of_sessions_are_two_mails_whatever_was_missed_between(batch):
    nights = [batch.starts_on - days(1), batch.starts_on + days(1)]  # the evening between them was without a sweep

    assert [sweep(on) for on in nights] == [3, 3]


# --- the desk


@pytest.fixture
def friday(today):
    """A working Friday before a working Monday."""
    on = today
    while on.weekday() != 4 or not clock.is_working_day(on) or clock.add_working_days(on, 1) != on + days(3):
        on += days(1)
    return on


def test_admins_are_reminded_on_the_working_day_before_a_promise(batch, friday):
    admins = {make_admin(), make_admin("Dewi Admin")}
    monday = friday + days(3)
    for status in (S.SUBMITTED, S.IN_REVIEW):
        make_registration(status, batch=batch, review_due_on=monday)
    make_registration(S.SUBMITTED, batch=batch, review_due_on=monday + days(1))
    make_registration(S.ELIGIBLE, batch=batch, review_due_on=monday)

    assert [sweep(friday - days(1)), sweep(friday), sweep(friday + days(1))] == [0, 2, 0]

    assert {email.recipient for email in owed("reviews_due")} == admins
    message = text_of(owed("reviews_due")[0], friday)
    assert "2 pendaftaran menunggu diperiksa" in message.subject
    assert message.subject.startswith("[Perlu tindakan, paling lambat")
    assert "/pendaftaran/?status=open" in message.text


def test_promise_that_was_kept_meanwhile_is_not_reminded_of(batch, friday):
    make_admin()
    one = make_registration(S.SUBMITTED, batch=batch, review_due_on=friday + days(3))
    sweep(friday)
    Registration.objects.filter(pk=one.pk).update(status=S.WITHDRAWN)

    assert text_of(owed("reviews_due")[0], friday) is None


def test_desk_is_reminded_in_the_hours_of_the_lsp(batch, friday):
    make_admin()
    make_registration(S.SUBMITTED, batch=batch, review_due_on=friday + days(3))
    Lsp.objects.update_or_create(pk=1, defaults={"time_zone": "Asia/Jayapura", "name": "LSP", "short_name": "LSP"})

    assert (sweep(friday, 18), sweep(friday, 17)) == (0, 1)  # two hours later there


# --- all of them


def test_each_reminder_of_a_week_comes_once_however_often_the_sweep_runs(batch, returned, draft):
    """Every third hour of a week: each person has one mail per cause, at the first hour of its day."""
    make_admin()
    start = batch.starts_on - days(4)
    promised = clock.add_working_days(start, 2)
    make_registration(S.SUBMITTED, batch=batch, review_due_on=promised)
    Registration.objects.filter(pk=returned.pk).update(return_due_on=batch.starts_on - days(1))
    Batch.objects.filter(pk=batch.pk).update(registration_closes_at=local(batch.starts_on, 6))
    hours = set()

    for hour in range(1, 24 * 7, 3):
        with clock.at(local(start, 0) + timedelta(hours=hour)):
            if services.remind_participants():
                hours.add(hour % 24)

    meets_on = {one.starts_at.astimezone(WIB).date() for one in batch.sessions.all()}
    told = [on for on in meets_on if on <= start + days(7)]
    assert {kind: len(owed(kind)) for kind in KINDS} == {
        "corrections_due": 2, "draft_closing": 1, "sessions_tomorrow": 3 * len(told), "reviews_due": 1,
    }  # fmt: skip
    assert hours == {7}


def test_reminder_that_cannot_be_written_keeps_nobody_waiting(batch, monkeypatch, caplog):
    broken = people_of(batch)[0]
    real = outbox.reminding.queue_email

    def queue_email(kind, **values):
        if values["registration_id"] == broken.pk:
            raise ValueError("a template is broken")
        return real(kind, **values)

    monkeypatch.setattr(outbox.reminding, "queue_email", queue_email)

    assert sweep(batch.starts_on - days(1)) == 2
    assert f"sessions_tomorrow:{broken.pk}" in caplog.text


def test_queries_do_not_grow_with_the_number_of_people(batch):
    def count() -> int:
        with clock.at(local(batch.starts_on - days(1))), CaptureQueriesContext(connection) as seen:
            list(due_reminders())
        return len(seen)

    few = count()
    for _number in range(27):
        make_registration(S.CONFIRMED, batch=Batch.objects.get(pk=batch.pk))

    assert count() == few <= 6


@pytest.mark.parametrize("kind", KINDS)
def test_kind_has_a_title_in_the_list_of_mails(kind):
    assert kind_title(kind).startswith("Pengingat")
