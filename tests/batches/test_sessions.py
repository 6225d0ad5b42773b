"""Sessions: made with the opening, edited one by one, nobody and nothing in two places."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from accounts.models import RoleGrant
from batches import services
from batches.clashes import left_out
from batches.errors import (
    BatchNotReady,
    CancellationUnexplained,
    ExaminerNeeded,
    ExaminerTrains,
    InstructorUnfit,
    RoomElsewhere,
    RoomInUse,
    RoomNameTaken,
    ScheduleClash,
    ScheduleIsFixed,
    SessionEndsFirst,
    SessionIsCancelled,
)
from batches.models import Assignment, Batch, Booking, Session, SessionKind
from batches.readiness import to_start
from batches.timetable import scheduled_days
from core import clock
from core.errors import ChangedMeanwhile
from core.models import AuditEntry
from tests.factories.batches import make_assessor, make_batch, make_draft, make_plan, make_planner, make_venue
from tests.factories.schedule import as_planned, evening, first_session, make_room, make_scheduled, people_of

pytestmark = pytest.mark.django_db
Function = Assignment.Function


@pytest.fixture
def by():
    return make_planner()


def staff(batch, function):
    return {one.person for one in batch.assignments.filter(function=function, released_at=None)}


def plan_of(batch, **changes):
    """The stored plan of a batch with changes."""
    names = ("name", "scheme", "agenda", "time_zone", "starts_on", "ends_on", "registration_opens_at",
             "registration_closes_at", "capacity", "min_people", "venue")  # fmt: skip
    return services.BatchPlan(**{name: getattr(batch, name) for name in names} | changes)


# --- made from the agenda


class TestMaking:
    def test_opening_makes_every_session_of_the_agenda(self):
        batch = make_batch()

        assert batch.sessions.count() == len(batch.agenda.content["sessions"])
        assert {one.period.lower.astimezone(ZoneInfo("Asia/Jakarta")).date() for one in batch.sessions.all()} == {
            batch.starts_on + timedelta(days=number) for number in range(6)
        }
        assert AuditEntry.objects.filter(act="sessions_made", object_id=str(batch.pk)).exists()

    def test_facilitators_hold_the_training_and_examiners_the_exam(self):
        batch = make_scheduled()

        by_kind = {kind: people_of(first_session(batch, kind)) for kind in ("lecture", "role_play", "exam", "break")}

        assert by_kind["lecture"] == by_kind["role_play"] == staff(batch, Function.FACILITATOR)
        assert by_kind["exam"] == staff(batch, Function.EXAMINER)
        assert by_kind["break"] == set()

    def test_making_again_changes_nothing(self, by):
        batch = make_scheduled()
        before = list(batch.sessions.values_list("pk", "period")), Booking.objects.count()

        again = services.make_sessions(batch, by=by)

        assert (list(batch.sessions.values_list("pk", "period")), Booking.objects.count()) == before
        assert [one.pk for one in again] == [pk for pk, _period in before[0]]

    def test_draft_has_no_sessions_yet(self, by):
        with pytest.raises(ScheduleIsFixed):
            services.make_sessions(make_draft(), by=by)

    def test_who_is_busy_elsewhere_is_left_out_and_named(self, by):
        first = make_scheduled(name="Angkatan 1")
        busy = sorted(staff(first, Function.FACILITATOR), key=lambda person: person.pk)[0]
        free = make_assessor()
        second = make_draft(name="Angkatan 2", starts_on=first.starts_on + timedelta(days=4))
        for person in (busy, free):
            services.assign_person(second, person, Function.FACILITATOR, by=by)

        second = services.open_batch(second, by=by)

        opening = first_session(second, SessionKind.CEREMONY)
        assert people_of(opening) == {free}
        [found] = left_out(second)
        assert found.person == str(busy)
        assert "Angkatan 1" in found.elsewhere[0]
        assert opening.title in found.sessions

    def test_who_is_assigned_later_is_booked_and_who_is_released_is_free(self, by):
        batch, person = make_scheduled(), make_assessor()

        assignment = services.assign_person(batch, person, Function.FACILITATOR, by=by)
        booked = Booking.objects.filter(person=person).count()
        services.release_person(assignment, by=by)

        assert booked == batch.sessions.exclude(kind__in=["break", "exam"]).count()
        assert not Booking.objects.filter(person=person).exists()

    def test_sessions_that_are_over_stay_with_who_held_them(self, by):
        batch = make_scheduled()
        assignment = batch.assignments.filter(function=Function.FACILITATOR).first()

        with clock.at(batch.sessions.order_by("period").last().ends_at):
            services.release_person(assignment, by=by)

        assert Booking.objects.filter(person=assignment.person).exists()

    def test_start_waits_for_a_timetable(self, by):
        batch = services.close_registration(make_scheduled(), by=by)
        batch.sessions.all().delete()

        with clock.at(clock.now() + timedelta(days=40)), pytest.raises(BatchNotReady, match="Jadwal"):
            services.start_batch(batch, by=by)

        [missing] = [one for one in to_start(batch) if one.code == "sessions"]
        assert (missing.state, missing.mend) == ("blocked", "batches:schedule")

    def test_timetable_shown_is_the_one_that_stands(self, by):
        batch = make_batch()
        session = first_session(batch)
        services.update_session(session, as_planned(session, title="Judul baru"), version=1, by=by)

        titles = [block["title"] for day in scheduled_days(batch) for block in day.sessions]

        assert "Judul baru" in titles
        assert [day.is_exam for day in scheduled_days(batch)] == [False] * 5 + [True]


# --- shifted with the dates of the batch


class TestShifting:
    def test_other_dates_shift_every_session_at_the_same_hour(self, by):
        batch = make_scheduled()
        before = {one.pk: one.starts_at for one in batch.sessions.all()}
        later = timedelta(days=1)

        services.update_batch(
            batch, plan_of(batch, starts_on=batch.starts_on + later, ends_on=batch.ends_on + later), version=1, by=by
        )

        assert {one.pk: one.starts_at for one in batch.sessions.all()} == {pk: at + later for pk, at in before.items()}
        assert all(one.moved_from.lower == before[one.pk] for one in batch.sessions.all())

    def test_bookings_move_along(self, by):
        batch = make_scheduled()
        later = timedelta(days=1)

        services.update_batch(
            batch, plan_of(batch, starts_on=batch.starts_on + later, ends_on=batch.ends_on + later), version=1, by=by
        )

        bookings = Booking.objects.filter(session__batch=batch).select_related("session")
        assert bookings
        assert all(booking.blocked == booking.session.period for booking in bookings)

    def test_other_zone_keeps_the_clock_on_the_wall(self, by):
        batch = make_batch(venue=None)

        services.update_batch(batch, plan_of(batch, time_zone="Asia/Jayapura"), version=1, by=by)

        first = batch.sessions.order_by("period").first()
        assert first.starts_at.astimezone(ZoneInfo("Asia/Jayapura")).hour == 8

    def test_other_name_moves_nothing(self, by):
        batch = make_batch()

        services.update_batch(batch, plan_of(batch, name="Nama lain"), version=1, by=by)

        assert Batch.objects.get(pk=batch.pk).schedule_version == 0

    def test_another_place_gives_the_rooms_back_and_is_news(self, by):
        batch = make_scheduled()
        session, room = first_session(batch), make_room(batch)
        services.update_session(session, as_planned(session, rooms=[room]), version=1, by=by)

        batch = services.update_batch(batch, plan_of(batch, venue=make_venue()), version=1, by=by)

        assert not Booking.objects.filter(room__isnull=False).exists()
        assert batch.schedule_version == 2
        assert set(batch.sessions.values_list("schedule_version", flat=True)) == {2}

    def test_clash_on_the_new_days_undoes_the_change_and_names_both_sides(self, by):
        first = make_scheduled(name="Angkatan 1")
        shared = sorted(staff(first, Function.FACILITATOR), key=lambda person: person.pk)[0]
        second = make_batch(name="Angkatan 2", starts_on=first.starts_on + timedelta(days=7))
        services.assign_person(second, shared, Function.FACILITATOR, by=by)

        with pytest.raises(ScheduleClash) as refused:
            services.update_batch(
                second, plan_of(second, starts_on=first.starts_on, ends_on=first.ends_on), version=1, by=by
            )

        assert str(shared) in str(refused.value)
        assert "Angkatan 1" in str(refused.value)
        second.refresh_from_db()
        assert second.starts_on == first.starts_on + timedelta(days=7)


# --- one session


class TestEditing:
    def test_session_is_added_after_the_agenda(self, by):
        batch = make_scheduled()
        room, person = make_room(batch), make_assessor()

        session = services.add_session(batch, evening(batch, rooms=[room], instructors=[person]), by=by)

        assert (session.day, session.is_new) == (1, True)
        assert people_of(session) == {person}
        assert Booking.objects.get(room=room).blocked == session.period

    def test_session_moves_with_what_it_takes(self, by):
        batch = make_scheduled()
        session = batch.sessions.filter(day=1).order_by("period").last()
        before = session.period

        session = services.update_session(session, as_planned(session, later=60), version=1, by=by)

        assert session.starts_at == before.lower + timedelta(hours=1)
        assert (session.moved_from, session.ics_sequence, session.version) == (before, 1, 2)
        assert all(one.blocked == session.period for one in session.bookings.all())

    def test_rooms_and_instructors_are_exactly_those_of_the_plan(self, by):
        batch = make_scheduled()
        session, room, other = first_session(batch), make_room(batch), make_assessor()

        session = services.update_session(session, as_planned(session, rooms=[room]), version=1, by=by)
        session = services.update_session(session, as_planned(session, instructors=[other]), version=2, by=by)

        assert people_of(session) == {other}
        assert [one.room for one in session.bookings.all() if one.room_id] == [room]

    def test_nothing_changed_is_nothing_to_tell(self, by):
        batch = make_scheduled()
        session = first_session(batch)

        services.update_session(session, as_planned(session), version=1, by=by)

        assert Batch.objects.get(pk=batch.pk).schedule_version == 0
        assert Session.objects.get(pk=session.pk).version == 1

    def test_second_tab_overwrites_nothing(self, by):
        session = first_session(make_scheduled())
        services.update_session(session, as_planned(session, title="Pertama"), version=1, by=by)

        with pytest.raises(ChangedMeanwhile):
            services.update_session(session, as_planned(session, title="Kedua"), version=1, by=by)

        assert Session.objects.get(pk=session.pk).title == "Pertama"

    def test_cancelled_session_frees_people_and_is_explained(self, by):
        batch = make_scheduled()
        session = first_session(batch)

        session = services.cancel_session(session, " Listrik padam ", by=by)

        assert session.cancel_reason == "Listrik padam"
        assert all(one.blocked.isempty for one in session.bookings.all())
        assert Booking.objects.filter(session=session).exists()
        with pytest.raises(SessionIsCancelled):
            services.cancel_session(session, "lagi", by=by)
        with pytest.raises(SessionIsCancelled):
            services.update_session(session, as_planned(session), version=session.version, by=by)

    def test_cancelling_without_a_reason_is_refused(self, by):
        with pytest.raises(CancellationUnexplained):
            services.cancel_session(first_session(make_batch()), "  ", by=by)

    def test_batch_that_is_cancelled_frees_its_people(self, by):
        batch = make_scheduled()

        services.mark_cancelled(batch, "Kuota kurang", by=by)

        assert not batch.sessions.live().exists()
        assert set(batch.sessions.values_list("cancel_reason", flat=True)) == {"Kuota kurang"}

    @pytest.mark.parametrize("status", ["draft", "completed", "archived", "cancelled"])
    def test_timetable_is_fixed_before_and_after(self, by, status):
        batch = make_scheduled()
        session, plan = first_session(batch), evening(batch)
        values = (
            {"cancel_reason": "x", "cancelled_at": clock.now(), "cancelled_by": by} if status == "cancelled" else {}
        )
        Batch.objects.filter(pk=batch.pk).update(status=status, **values)

        for act in (
            lambda: services.add_session(batch, plan, by=by),
            lambda: services.update_session(session, plan, version=1, by=by),
            lambda: services.cancel_session(session, "x", by=by),
        ):
            with pytest.raises(ScheduleIsFixed):
                act()


class TestWhoMayInstruct:
    def test_end_comes_after_the_start(self, by):
        batch = make_batch()
        plan = evening(batch)

        with pytest.raises(SessionEndsFirst):
            services.add_session(batch, evening(batch, ends_at=plan.starts_at), by=by)

    def test_room_of_another_place_is_refused(self, by):
        batch, other = make_scheduled(), make_scheduled()

        with pytest.raises(RoomElsewhere):
            services.add_session(batch, evening(batch, rooms=[make_room(other)]), by=by)

    def test_who_is_no_assessor_any_more_is_refused(self, by):
        batch, person = make_scheduled(), make_assessor()
        RoleGrant.objects.filter(user=person).delete()

        with pytest.raises(InstructorUnfit):
            services.add_session(batch, evening(batch, instructors=[person]), by=by)

    def test_exam_takes_examiners_of_the_batch_only(self, by):
        batch = make_scheduled()
        trainer = sorted(staff(batch, Function.FACILITATOR), key=lambda one: one.pk)[0]
        session = first_session(batch, SessionKind.EXAM)

        with pytest.raises(ExaminerNeeded):
            services.update_session(session, as_planned(session, instructors=[trainer]), version=1, by=by)

    def test_examiner_does_not_train_the_batch(self, by):
        batch = make_scheduled()
        examiner = sorted(staff(batch, Function.EXAMINER), key=lambda one: one.pk)[0]
        session = first_session(batch)

        with pytest.raises(ExaminerTrains):
            services.update_session(session, as_planned(session, instructors=[examiner]), version=1, by=by)

    def test_examiner_may_be_at_a_ceremony(self, by):
        batch = make_scheduled()
        session, examiners = first_session(batch, SessionKind.CEREMONY), staff(batch, Function.EXAMINER)

        session = services.update_session(session, as_planned(session, instructors=sorted(examiners, key=str)),
                                          version=1, by=by)  # fmt: skip

        assert people_of(session) == examiners


# --- one place at a time


class TestClashes:
    def test_person_in_two_batches_is_explained_with_both_sides(self, by):
        first, second = make_scheduled(name="Angkatan 1"), make_scheduled(name="Angkatan 2")
        shared = sorted(staff(first, Function.FACILITATOR), key=lambda one: one.pk)[0]
        mine, theirs = first_session(second), first_session(first)

        with pytest.raises(ScheduleClash) as refused:
            services.update_session(mine, as_planned(mine, instructors=[shared]), version=1, by=by)

        [sentence] = refused.value.clashes
        assert sentence.startswith(str(shared))
        assert f"“{mine.title}”, Angkatan 2" in sentence
        assert f"“{theirs.title}”, Angkatan 1" in sentence
        assert sentence.count("WIB") == 2
        assert people_of(mine) == staff(second, Function.FACILITATOR)

    def test_room_in_two_batches_is_refused(self, by):
        venue = make_venue()
        first, second = make_scheduled(venue=venue), make_scheduled(venue=venue)
        room = make_room(first, name="Melati")
        session = first_session(first)
        services.update_session(session, as_planned(session, rooms=[room]), version=1, by=by)
        other = first_session(second)

        with pytest.raises(ScheduleClash) as refused:
            services.update_session(other, as_planned(other, rooms=[room]), version=1, by=by)

        assert str(refused.value).startswith("Melati tidak dapat dipakai dua kali")

    def test_class_in_two_sessions_is_refused(self, by):
        batch = make_batch()
        session = first_session(batch)

        with pytest.raises(ScheduleClash) as refused:
            services.add_session(batch, as_planned(session, title="Tambahan"), by=by)

        assert "Angkatan ini" in str(refused.value)
        assert "“Tambahan”" in str(refused.value)

    def test_session_may_begin_when_another_ends(self, by):
        batch = make_scheduled()
        last = batch.sessions.filter(day=1).order_by("period").last()
        plan = as_planned(last, title="Sambungan", starts_at=last.ends_at, ends_at=last.ends_at + timedelta(hours=1))

        session = services.add_session(batch, plan, by=by)

        assert people_of(session) == people_of(last)

    def test_time_of_a_cancelled_session_is_free(self, by):
        batch = make_scheduled()
        session = first_session(batch)
        plan = as_planned(session)
        services.cancel_session(session, "Narasumber sakit", by=by)

        assert services.add_session(batch, plan, by=by).pk != session.pk

    def test_database_refuses_what_goes_round_the_service(self):
        first, second = make_scheduled(), make_scheduled()
        person = next(iter(staff(first, Function.FACILITATOR)))

        with pytest.raises(IntegrityError, match="booking_person_free"), transaction.atomic():
            Booking.objects.create(session=first_session(second), person=person)


class TestRooms:
    def test_room_is_saved_and_renamed(self, by):
        venue = make_venue()

        room = services.save_room(venue, None, name="Melati", capacity=24, by=by)
        room = services.save_room(venue, room, name="Mawar", capacity=None, by=by)

        assert list(venue.rooms.values_list("name", "capacity")) == [("Mawar", None)]
        assert AuditEntry.objects.filter(act="room_saved").count() == 2

    def test_name_is_once_per_venue(self, by):
        venue = make_venue()
        services.save_room(venue, None, name="Melati", capacity=None, by=by)

        with pytest.raises(RoomNameTaken):
            services.save_room(venue, None, name="Melati", capacity=None, by=by)

        assert services.save_room(make_venue(), None, name="Melati", capacity=None, by=by)

    def test_room_on_a_timetable_stays(self, by):
        batch = make_scheduled()
        used, unused = make_room(batch), make_room(batch)
        services.add_session(batch, evening(batch, rooms=[used]), by=by)

        services.delete_room(unused, by=by)
        with pytest.raises(RoomInUse):
            services.delete_room(used, by=by)

        assert list(batch.venue.rooms.all()) == [used]


def test_plan_of_a_batch_is_repeated_by_the_helper():
    """The tests of shifting rest on it."""
    batch = make_batch()

    assert plan_of(batch).starts_on == batch.starts_on
    assert plan_of(batch, name="x").name != make_plan().name
