"""Changed sessions tell those who serve or instruct: once, after a quiet minute, from the facts as they stand."""

from datetime import timedelta

import pytest

from batches import services
from batches.models import Assignment, Batch, GuestInstructor, Session
from batches.news import changes_since
from batches.services import QUIET
from core import clock
from notifications.models import Email
from notifications.registry import render
from tests.factories.batches import make_assessor, make_planner
from tests.factories.schedule import as_planned, evening, first_session, make_room, make_scheduled

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return make_planner()


@pytest.fixture
def batch():
    return make_scheduled(name="Angkatan 12")


def sweep(after=QUIET):
    """The sweep, so long after now."""
    with clock.at(clock.now() + after):
        return services.tell_schedule_changes()


def last_of_day(batch):
    return batch.sessions.live().filter(day=1).order_by("period").last()


def move(session, by, later=60):
    return services.update_session(session, as_planned(session, later=later), version=session.version, by=by)


def sent(email):
    """The mail as it is written when it goes out."""
    return render(email.kind, email.params, email.language)


def test_opening_is_no_news(batch):
    assert sweep() == 0
    assert not Email.objects.filter(kind="schedule_changed").exists()


def test_burst_of_edits_is_one_mail_to_each_who_serves(batch, by):
    session = last_of_day(batch)
    was = session.starts_at
    for _number in range(3):
        session = move(session, by, later=30)

    assert sweep(timedelta(seconds=59)) == 0  # not quiet yet
    assert sweep() == sweep() + 4
    assert Email.objects.filter(kind="schedule_changed").count() == 4

    session.refresh_from_db()
    assert session.moved_from.lower == was  # the time that people know, not one in between


def test_mail_lists_old_and_new_time_place_and_reason(batch, by):
    room = make_room(batch, name="Melati")
    session = last_of_day(batch)
    services.update_session(session, as_planned(session, later=60, rooms=[room]), version=1, by=by)
    services.cancel_session(first_session(batch), "Listrik padam", by=by)
    services.add_session(batch, evening(batch, hour=20, title="Diskusi"), by=by)
    sweep()

    text = sent(Email.objects.filter(kind="schedule_changed").first()).text

    assert "Jadwal Angkatan 12 berubah" in text
    assert "pukul 15.15–16.00 WIB" in text.split("Semula:")[1]
    assert "pukul 16.15–17.00 WIB" in text.split("Sekarang:")[1]
    assert "Ruang: Melati" in text
    assert "Dibatalkan" in text
    assert "Alasan: Listrik padam" in text
    assert "Baru: Diskusi" in text
    assert "/angkatan/kelola/" in text


def test_mail_tells_what_holds_when_it_is_sent(batch, by):
    session = move(last_of_day(batch), by)
    sweep()
    move(session, by, later=30)

    text = sent(Email.objects.filter(kind="schedule_changed").first()).text

    assert "16.45–17.30 WIB" in text


def test_move_that_was_taken_back_is_told_to_nobody(batch, by):
    session = move(last_of_day(batch), by)
    move(session, by, later=-60)

    session.refresh_from_db()
    assert session.moved_from is None
    changes = changes_since(batch, 0)
    assert [one.kind for one in changes.lines] == ["edited"]


def test_next_change_is_the_next_mail_and_names_only_what_is_new(batch, by):
    move(last_of_day(batch), by)
    sweep()
    session = first_session(batch)
    services.update_session(session, as_planned(session, title="Judul baru"), version=1, by=by)
    sweep()

    latest = Email.objects.filter(kind="schedule_changed").first()
    text = sent(latest).text
    assert "Judul baru" in text
    assert "Semula" not in text
    assert Email.objects.filter(kind="schedule_changed").count() == 8


def test_told_move_is_not_told_again_with_another_change(batch, by):
    session = move(last_of_day(batch), by)
    sweep()
    session = Session.objects.get(pk=session.pk)

    services.update_session(session, as_planned(session, jp=2), version=session.version, by=by)

    assert [one.kind for one in changes_since(batch, 1).lines] == ["edited"]


def test_who_is_assigned_later_hears_only_of_later_changes(batch, by):
    move(last_of_day(batch), by)
    newcomer = make_assessor()
    services.assign_person(batch, newcomer, Assignment.Function.FACILITATOR, by=by)

    sweep()

    assert not Email.objects.filter(recipient=newcomer).exists()


def test_who_was_released_or_has_no_account_hears_nothing(batch, by):
    first, second = batch.assignments.filter(function=Assignment.Function.FACILITATOR)
    services.release_person(first, by=by)
    move(last_of_day(batch), by)
    second.person.is_active = False
    second.person.save()

    assert sweep() == 2  # the examiners
    assert not Email.objects.filter(recipient__in=[first.person, second.person]).exists()


def test_past_session_is_corrected_silently(batch, by):
    session = first_session(batch)
    plan = as_planned(session, jp=1)

    with clock.at(session.ends_at + timedelta(hours=1)):
        services.update_session(session, plan, version=1, by=by)

    assert Batch.objects.get(pk=batch.pk).schedule_version == 0


def test_breaks_are_no_news(batch, by):
    session = batch.sessions.filter(kind="break").first()
    services.update_session(session, as_planned(session, title="Kopi"), version=1, by=by)

    assert sweep() == 0


class TestGuests:
    """A senior assessor who instructs a session without serving the batch."""

    def test_guest_hears_of_being_booked_and_a_last_time_when_not_any_more(self, batch, by):
        guest = make_assessor()
        session = services.add_session(batch, evening(batch, instructors=[guest]), by=by)
        sweep()
        booked = Email.objects.filter(recipient=guest).count()

        services.update_session(session, as_planned(session, instructors=[]), version=session.version, by=by)
        sweep()

        assert (booked, Email.objects.filter(recipient=guest).count()) == (1, 2)
        assert not GuestInstructor.objects.exists()
        assert "/jadwal/" in sent(Email.objects.filter(recipient=guest).first()).text

    def test_guest_who_is_assigned_is_no_guest(self, batch, by):
        guest = make_assessor()
        services.add_session(batch, evening(batch, instructors=[guest]), by=by)

        services.assign_person(batch, guest, Assignment.Function.FACILITATOR, by=by)

        assert not GuestInstructor.objects.exists()


def test_cancelled_batch_tells_its_staff_in_one_sentence(batch, by):
    services.mark_cancelled(batch, "Kuota kurang", by=by)

    assert sweep() == 4
    mail = sent(Email.objects.filter(kind="schedule_changed").first())
    assert mail.subject == "Angkatan 12 dibatalkan"
    assert "Kuota kurang" in mail.text
    assert "Semula" not in mail.text


def test_long_list_is_cut(batch, by):
    for session in batch.sessions.exclude(kind="break"):
        services.update_session(session, as_planned(session, title=f"{session.title}."), version=1, by=by)

    changes = changes_since(batch, 0)

    assert len(changes.lines) == 20
    assert changes.more == batch.sessions.exclude(kind="break").count() - 20
