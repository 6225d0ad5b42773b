"""The participant's timetable, the private calendar, and who hears of changed sessions."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from accounts.feeds import feed_token
from accounts.services import replace_feed
from batches import services as batches
from batches.models import SessionKind
from batches.services import QUIET
from core import clock
from notifications.models import Email
from notifications.registry import render
from participants import services
from participants.states import RegistrationStatus as S
from tests.factories.accounts import client_of
from tests.factories.batches import make_assessor, make_planner
from tests.factories.participants import make_registration
from tests.factories.schedule import as_planned, evening, first_session, make_room, make_scheduled

pytestmark = pytest.mark.django_db
DETAIL_QUERIES = 12


@pytest.fixture
def by():
    return make_planner()


@pytest.fixture
def batch():
    return make_scheduled(name="Angkatan 12")


@pytest.fixture
def seated(batch):
    return make_registration(S.CONFIRMED, batch=batch)


def own_page(registration, query=""):
    address = reverse("participants:my_schedule", args=[registration.code]) + query
    return client_of(registration.person.user).get(address)


def sweep(after=QUIET):
    with clock.at(clock.now() + after):
        return services.tell_schedule_changes()


def move(batch, by, later=60):
    session = batch.sessions.live().filter(day=1).order_by("period").last()
    return batches.update_session(session, as_planned(session, later=later), version=session.version, by=by)


# --- the page


class TestMySchedule:
    def test_list_comes_first_with_the_next_session_then_the_month(self, batch, seated):
        page = own_page(seated)

        text = page.content.decode()
        first = batch.sessions.order_by("period").first()
        assert page.context["next_session"] == first
        assert text.index(first.title) < text.index('class="cal"')
        assert page.context["month"].first == batch.starts_on.replace(day=1)

    def test_next_session_is_the_one_that_runs(self, batch, seated):
        session = first_session(batch)

        with clock.at(session.starts_at + timedelta(minutes=5)):
            assert own_page(seated).context["next_session"] == session

    def test_changed_sessions_are_marked(self, batch, seated, by):
        move(batch, by)
        batches.cancel_session(first_session(batch), "Listrik padam", by=by)

        text = own_page(seated).content.decode()

        assert "Berubah" in text
        assert "Dibatalkan" in text
        assert "Listrik padam" in text
        assert "/ubah/" not in text

    def test_whoever_has_no_seat_reads_when_the_timetable_comes(self, batch):
        page = own_page(make_registration(S.ELIGIBLE, batch=batch))

        assert page.context["days"] == []
        assert "setelah kursi Anda terkonfirmasi" in page.content.decode()

    def test_stranger_finds_nothing(self, seated, stranger):
        address = reverse("participants:my_schedule", args=[seated.code])

        assert client_of(stranger).get(address).status_code == 404

    def test_another_month_is_shown_when_asked(self, seated):
        page = own_page(seated, "?bulan=2020-02")

        assert page.context["month"].is_empty
        assert "Tidak ada sesi pada bulan ini." in page.content.decode()

    def test_page_costs_the_same_for_one_session_and_for_thirty(self, batch, seated, by):
        client, address = client_of(seated.person.user), reverse("participants:my_schedule", args=[seated.code])
        kept = batch.sessions.exclude(kind="break").first()
        batch.sessions.exclude(pk=kept.pk).delete()
        few = queries(client, address)
        batch.sessions.all().delete()
        batches.make_sessions(batch, by=by)

        assert queries(client, address) == few <= DETAIL_QUERIES


def queries(client, address):
    client.get(address)  # a session's first request also writes the session
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


# --- the private calendar


def feed(user, client):
    """UID -> entry of the person's calendar, asked for without signing in."""
    answer = client.get(reverse("participants:calendar_feed", args=[feed_token(user)]))
    assert answer.status_code == 200
    return {str(event["uid"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


class TestFeed:
    def test_participant_has_the_sessions_of_the_own_seat(self, client, batch, seated):
        found = feed(seated.person.user, client)

        assert len(found) == batch.sessions.exclude(kind=SessionKind.BREAK).count()
        event = found[f"{first_session(batch).code}@testserver"]
        assert str(event["url"]).endswith(reverse("participants:my_schedule", args=[seated.code]))
        trainer = batch.assignments.filter(function="facilitator").first().person
        assert str(trainer) in str(event["description"])

    def test_instructor_has_the_own_sessions_only(self, client, batch, by):
        guest, room = make_assessor(), make_room(batch, name="Melati")
        session = batches.add_session(batch, evening(batch, instructors=[guest], rooms=[room]), by=by)

        [event] = feed(guest, client).values()

        assert str(event["uid"]) == f"{session.code}@testserver"
        assert str(event["location"]).startswith("Melati, ")
        assert f"/angkatan/kelola/{batch.code}/jadwal/" in str(event["url"])

    def test_names_of_participants_are_in_nobodys_calendar(self, client, batch, seated):
        trainer = batch.assignments.first().person
        answer = client.get(reverse("participants:calendar_feed", args=[feed_token(trainer)]))

        assert seated.person.full_name not in answer.content.decode()

    def test_seat_given_up_empties_the_calendar(self, client, seated):
        services.withdraw_registration(seated, by=seated.person.user)

        assert feed(seated.person.user, client) == {}

    def test_cancelled_entry_says_why_to_the_class(self, client, batch, seated, by):
        session = first_session(batch)
        batches.cancel_session(session, "Listrik padam", by=by)

        event = feed(seated.person.user, client)[f"{session.code}@testserver"]

        assert "Listrik padam" in str(event["description"])

    def test_cancelled_batch_stays_as_cancelled_for_who_instructs(self, client, batch, by):
        trainer = batch.assignments.first().person
        batches.mark_cancelled(batch, "Kuota kurang", by=by)

        assert {str(event["status"]) for event in feed(trainer, client).values()} == {"CANCELLED"}

    def test_replaced_address_answers_no_more(self, client, seated):
        user = seated.person.user
        old = reverse("participants:calendar_feed", args=[feed_token(user)])
        client_of(user).post(reverse("participants:replace_feed"))
        user.refresh_from_db()

        assert client.get(old).status_code == 404
        assert feed(user, client)

    @pytest.mark.parametrize("change", [lambda token: token[:-1], lambda token: token[1:], lambda token: "x"])
    def test_made_up_address_is_no_page(self, client, seated, change):
        address = reverse("participants:calendar_feed", args=[change(feed_token(seated.person.user))])

        assert client.get(address).status_code == 404

    def test_account_that_is_closed_has_no_calendar(self, client, seated):
        user = seated.person.user
        user.is_active = False
        user.save()

        assert client.get(reverse("participants:calendar_feed", args=[feed_token(user)])).status_code == 404

    def test_version_of_an_address_cannot_be_written_by_hand(self, client, seated):
        user = seated.person.user
        replaced = feed_token(user).replace("-1~", "-2~")
        replace_feed(user, by=user)

        assert client.get(reverse("participants:calendar_feed", args=[replaced])).status_code == 404


# --- changed sessions


class TestNews:
    def test_burst_of_edits_is_one_mail_to_each_confirmed_person(self, batch, seated, by):
        make_registration(S.ELIGIBLE, batch=batch)
        for _number in range(3):
            move(batch, by, later=10)

        early, told, again = sweep(timedelta(seconds=59)), sweep(), sweep()

        assert (early, told, again) == (0, 1, 0)
        [mail] = Email.objects.filter(kind="my_schedule_changed")
        message = render(mail.kind, mail.params, "id")
        assert mail.recipient == seated.person.user
        assert message.subject == "Jadwal Angkatan 12 berubah"
        assert "Semula: " in message.text
        assert "15.45–16.30 WIB" in message.text
        assert f"/pendaftaran/saya/{seated.code}/jadwal/" in message.text

    def test_who_is_confirmed_later_hears_only_of_later_changes(self, batch, by):
        move(batch, by)
        late = services.confirm_registration(make_registration(S.ELIGIBLE, batch=batch), by=by)
        first = sweep()
        move(batch, by, later=10)

        assert (first, sweep()) == (0, 1)
        [mail] = Email.objects.filter(kind="my_schedule_changed")
        assert mail.recipient == late.person.user

    def test_who_is_promoted_from_the_waiting_list_too(self, batch, by):
        move(batch, by)
        make_registration(S.WAITLISTED, batch=batch)
        services.sweep_seats()

        assert sweep() == 0

    def test_seat_given_up_before_the_mail_goes_out_cancels_it(self, batch, seated, by):
        move(batch, by)
        sweep()
        services.withdraw_registration(seated, by=seated.person.user)

        mail = Email.objects.get(kind="my_schedule_changed")
        assert render(mail.kind, mail.params, "id") is None

    def test_both_sweeps_tell_their_own_people(self, batch, seated, by):
        move(batch, by)

        with clock.at(clock.now() + QUIET):
            assert (services.tell_schedule_changes(), batches.tell_schedule_changes()) == (1, 4)

    def test_shifted_dates_are_one_mail(self, batch, seated, by):
        names = ("name", "scheme", "agenda", "time_zone", "registration_opens_at", "registration_closes_at", "capacity",
                 "min_people", "venue")  # fmt: skip
        later = timedelta(days=7)
        plan = batches.BatchPlan(
            **{name: getattr(batch, name) for name in names}, starts_on=batch.starts_on + later,
            ends_on=batch.ends_on + later,
        )  # fmt: skip
        batches.update_batch(batch, plan, version=1, by=by)

        assert sweep() == 1
        mail = Email.objects.get(kind="my_schedule_changed")
        assert "sesi lain" in render(mail.kind, mail.params, "id").text
