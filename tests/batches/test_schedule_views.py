"""The pages of the timetable: who sees what, what an edit does, how a clash is told, what a page costs."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from accounts.models import Lsp
from batches import services
from batches.models import Assignment, Batch, Room, Session
from core import clock
from tests.factories.batches import make_batch, make_draft, make_planner, make_venue
from tests.factories.schedule import as_planned, evening, first_session, make_room, make_scheduled

pytestmark = pytest.mark.django_db
LIST_QUERIES, FORM_QUERIES = 10, 12
ZONE = ZoneInfo("Asia/Jakarta")


@pytest.fixture(autouse=True)
def lsp(db):
    return Lsp.objects.create(pk=1, name="LSP Contoh", short_name="LSP", uses_bnsp_approval=False)


@pytest.fixture
def batch():
    return make_scheduled(name="Angkatan 12")


@pytest.fixture
def desk(admin, client_of):
    return client_of(admin)


def url(name, *codes):
    return reverse(f"batches:{name}", args=codes)


def text_of(page):
    return page.content.decode()


def queries(client, address):
    client.get(address)  # a session's first request also writes the session
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def typed(session, **changes):
    """The form of a session as it opens, with changes."""
    start, end = (at.astimezone(ZONE) for at in (session.starts_at, session.ends_at))
    data = {
        "version": session.version, "title": session.title, "kind": session.kind, "jp": session.jp,
        "needs_attendance": "on", "on_day": start.day, "on_month": start.month, "on_year": start.year,
        "starts_at": f"{start:%H.%M}", "ends_at": f"{end:%H.%M}",
        "instructors": [one.person.code for one in session.bookings.select_related("person") if one.person_id],
    }  # fmt: skip
    return data | changes


# --- the timetable of a batch


def test_schedule_shows_days_sessions_rooms_and_people(desk, batch):
    room = make_room(batch, name="Ruang Melati")
    session = first_session(batch)
    services.update_session(session, as_planned(session, rooms=[room]), version=1, by=make_planner())

    page = desk.get(url("schedule", batch.code))

    assert len(page.context["days"]) == 6
    assert session.title in text_of(page)
    assert "Ruang Melati" in text_of(page)
    assert str(batch.assignments.first().person) in text_of(page)
    assert "Berubah" not in text_of(page)  # a room that is given is no other time


def test_schedule_says_what_a_session_was_before(desk, batch):
    session = batch.sessions.filter(day=1).order_by("period").last()
    services.update_session(session, as_planned(session, later=60), version=1, by=make_planner())
    services.cancel_session(first_session(batch), "Listrik padam", by=make_planner())

    text = text_of(desk.get(url("schedule", batch.code)))

    assert "Semula 15.15–16.00 WIB" in text
    assert "Listrik padam" in text


def test_batch_without_sessions_offers_to_make_them(desk, batch):
    batch.sessions.all().delete()

    before = desk.get(url("schedule", batch.code))
    answer = desk.post(url("make_sessions", batch.code), follow=True)

    assert "Buat jadwal" in text_of(before)
    assert "Jadwal dibuat" in text_of(answer)
    assert batch.sessions.exists()


def test_draft_says_when_its_timetable_is_made(desk):
    page = desk.get(url("schedule", make_draft().code))

    assert "begitu pendaftaran dibuka" in text_of(page)
    assert "Buat jadwal" not in text_of(page)


def test_who_could_not_be_booked_is_named_to_the_admin(desk, batch):
    busy = batch.assignments.filter(function=Assignment.Function.FACILITATOR).first().person
    other = make_batch(name="Angkatan 13", starts_on=batch.starts_on)
    services.assign_person(other, busy, Assignment.Function.FACILITATOR, by=make_planner())

    text = text_of(desk.get(url("schedule", other.code)))

    assert f"{busy} belum dijadwalkan" in text
    assert "Angkatan 12" in text


@pytest.mark.parametrize("role", ["director", "auditor"])
def test_others_look_but_find_no_way_to_edit(request, client_of, batch, role):
    client = client_of(request.getfixturevalue(role))

    text = text_of(client.get(url("schedule", batch.code)))

    assert "Tambah sesi" not in text
    assert "/ubah/" not in text
    assert client.get(url("add_session", batch.code)).status_code == 403


def test_assessor_sees_the_timetable_of_batches_served_or_instructed(client_of, assessor, batch):
    other = make_scheduled(name="Angkatan 13")
    client = client_of(assessor)
    before = client.get(url("schedule", batch.code)).status_code
    services.add_session(batch, evening(batch, instructors=[assessor]), by=make_planner())
    services.assign_person(other, assessor, Assignment.Function.EXAMINER, by=make_planner())

    assert before == 404
    assert client.get(url("schedule", batch.code)).status_code == 200
    assert client.get(url("schedule", other.code)).status_code == 200


# --- one session


def test_session_is_moved_and_given_a_room_by_the_form(desk, batch):
    session, room = batch.sessions.filter(day=1).order_by("period").last(), make_room(batch)

    answer = desk.post(
        url("update_session", batch.code, session.code),
        typed(session, starts_at="16.30", ends_at="17.15", rooms=[room.code], title="  Pretes  dan tugas "),
    )

    session.refresh_from_db()
    assert answer.url.endswith(f"#sesi-{session.code}")
    assert (session.title, session.starts_at.astimezone(ZONE).hour) == ("Pretes dan tugas", 16)
    assert session.bookings.filter(room=room).exists()


def test_session_is_added_by_the_form(desk, batch):
    data = typed(first_session(batch), title="Diskusi", starts_at="19.00", ends_at="20.00", instructors=[])

    desk.post(url("add_session", batch.code), data)

    assert batch.sessions.get(title="Diskusi").day == 1


def test_clash_is_told_with_both_sides_and_nothing_typed_is_lost(desk, batch):
    other = make_scheduled(name="Angkatan 13")
    mine, theirs = first_session(other), first_session(batch)
    shared = batch.assignments.filter(function=Assignment.Function.FACILITATOR).first().person

    page = desk.post(
        url("update_session", other.code, mine.code), typed(mine, instructors=[shared.code], title="Judul saya")
    )

    assert page.status_code == 422
    text = text_of(page)
    assert f"{shared} tidak dapat dipakai dua kali" in text
    assert "“Judul saya”, Angkatan 13" in text
    assert escape(f"“{theirs.title}”, Angkatan 12") in text
    assert 'value="Judul saya"' in text


def test_second_tab_sees_what_is_stored_and_saves_upon_it(desk, batch):
    session = first_session(batch)
    stale = typed(session, title="Dari tab kedua")
    services.update_session(session, as_planned(session, title="Dari tab pertama"), version=1, by=make_planner())

    page = desk.post(url("update_session", batch.code, session.code), stale)
    again = desk.post(url("update_session", batch.code, session.code), stale | {"version": 2})

    assert page.status_code == 422
    assert "Dari tab pertama" in text_of(page)
    assert again.status_code == 302
    assert Session.objects.get(pk=session.pk).title == "Dari tab kedua"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ends_at": "07.00"}, "Jam selesai harus setelah jam mulai."),
        ({"starts_at": "pagi"}, "Tulis jam dengan titik"),
        ({"title": ""}, "Isi judul."),
        ({"on_day": "31", "on_month": "2"}, "Tulis hari lengkap"),
        ({"jp": "40"}, "JP paling banyak 12."),
        ({"instructors": ["takada"]}, "Pilih pengajar dari daftar."),
    ],
)
def test_form_says_what_to_mend(desk, batch, changes, sentence):
    session = first_session(batch)

    page = desk.post(url("update_session", batch.code, session.code), typed(session, **changes))

    assert page.status_code == 422
    assert sentence in text_of(page)


def test_session_is_cancelled_with_a_reason(desk, batch):
    session = first_session(batch)
    address = url("cancel_session", batch.code, session.code)

    asked = desk.post(address, {"reason": ""})
    desk.post(address, {"reason": "Narasumber sakit"})

    assert asked.status_code == 422
    assert Session.objects.get(pk=session.pk).cancel_reason == "Narasumber sakit"


def test_session_of_another_batch_is_not_found(desk, batch):
    other = make_scheduled()

    assert desk.get(url("update_session", other.code, first_session(batch).code)).status_code == 404


def test_timetable_of_a_finished_batch_is_fixed(desk, batch):
    session = first_session(batch)
    Batch.objects.filter(pk=batch.pk).update(status="completed")

    answer = desk.get(url("update_session", batch.code, session.code), follow=True)

    assert "Sesi dapat diatur sejak pendaftaran dibuka" in text_of(answer)
    assert "Tambah sesi" not in text_of(answer)


# --- rooms on the page of a venue


def test_rooms_are_added_renamed_and_removed(desk):
    venue = make_venue()
    empty = desk.get(url("update_venue", venue.code))
    desk.post(url("venue_create_room", venue.code), {"name": " Melati ", "capacity": "24"})
    room = Room.objects.get()
    again = desk.post(url("venue_create_room", venue.code), {"name": "Melati", "capacity": ""})
    desk.post(url("venue_update_room", venue.code, room.code), {"name": "Mawar", "capacity": ""})
    shown = desk.get(url("update_venue", venue.code))
    desk.post(url("venue_delete_room", venue.code, room.code))

    assert "Tambah ruang pertama" in text_of(empty)
    assert again.status_code == 422
    assert "sudah memiliki ruang dengan nama itu" in text_of(again)
    assert "Mawar" in text_of(shown)
    assert not Room.objects.exists()


def test_room_on_a_timetable_is_kept_and_says_why(desk, batch):
    room = make_room(batch)
    services.add_session(batch, evening(batch, rooms=[room]), by=make_planner())

    answer = desk.post(url("venue_delete_room", batch.venue.code, room.code), follow=True)

    assert "dipakai pada jadwal" in text_of(answer)
    assert Room.objects.exists()


# --- the calendar


def month_of(batch):
    return f"{url('calendar')}?bulan={batch.starts_on:%Y-%m}"


def entries_of(page):
    return [entry for week in page.context["month"].weeks for day in week for entry in day.entries]


def test_admin_sees_each_batch_once_a_day(desk):
    batch = make_scheduled(name="Angkatan 12", starts_on=first_monday())

    found = entries_of(desk.get(month_of(batch)))

    assert [entry.title for entry in found] == ["Angkatan 12"] * 6
    assert found[-1].tone == "warn"  # the exam
    assert found[0].time == "08.00–16.00 WIB"


def first_monday():
    """Of the month after next, so that the whole training lies in one table."""
    day = (clock.today() + timedelta(days=62)).replace(day=1)
    return day + timedelta(days=-day.weekday() % 7)


@pytest.mark.parametrize("by", ["angkatan", "ruang", "orang"])
def test_calendar_is_narrowed_to_a_batch_a_room_or_a_person(desk, by):
    first = make_scheduled(name="Angkatan 12", starts_on=first_monday())
    make_scheduled(name="Angkatan 13", starts_on=first_monday())
    room, session = make_room(first), first_session(first)
    services.update_session(session, as_planned(session, rooms=[room]), version=1, by=make_planner())
    person = first.assignments.filter(function=Assignment.Function.EXAMINER).first().person
    code, number = {
        "angkatan": (first.code, first.sessions.exclude(kind="break").count()),
        "ruang": (room.code, 1),
        "orang": (person.code, first.sessions.filter(kind="exam").count()),
    }[by]

    found = entries_of(desk.get(f"{month_of(first)}&{by}={code}"))

    assert len(found) == number
    assert all("Angkatan 12" in entry.detail for entry in found)


def test_assessor_sees_the_own_sessions_only(client_of, assessor, batch):
    services.add_session(batch, evening(batch, instructors=[assessor]), by=make_planner())

    page = client_of(assessor).get(f"{month_of(batch)}&angkatan=lain")

    assert [entry.title for entry in entries_of(page)] == ["Tugas malam"]
    assert page.context["form"] is None


def test_sessions_of_a_cancelled_batch_are_in_no_calendar(desk, batch):
    services.mark_cancelled(batch, "Kuota kurang", by=make_planner())

    assert entries_of(desk.get(month_of(batch))) == []


def test_empty_month_leads_to_one_that_has_sessions(desk, batch):
    page = desk.get(url("calendar") + "?bulan=2020-02")

    assert page.context["nearest"].url.endswith(f"bulan={batch.starts_on:%Y-%m}")
    assert "Belum ada sesi pada bulan ini" in text_of(page)


def test_calendar_without_any_session_says_what_to_do(desk, client_of, assessor):
    assert "Buka daftar angkatan" in text_of(desk.get(url("calendar")))
    assert "begitu admin menjadwalkan Anda" in text_of(client_of(assessor).get(url("calendar")))


@pytest.mark.parametrize("query", ["bulan=besok", "bulan=2026-99", "ruang=takada&orang=x", "bulan=%00"])
def test_odd_addresses_show_the_present_month(desk, batch, query):
    assert desk.get(f"{url('calendar')}?{query}").status_code in {200, 400}


# --- queries


def test_pages_of_the_timetable_cost_the_same_for_one_session_and_for_thirty(desk, batch):
    one = [session.pk for session in batch.sessions.exclude(kind="break")[:1]]
    batch.sessions.exclude(pk__in=one).delete()
    addresses = [url("schedule", batch.code), month_of(batch), f"{month_of(batch)}&angkatan={batch.code}"]
    few = [queries(desk, address) for address in addresses]
    batch.sessions.all().delete()
    services.make_sessions(batch, by=make_planner())
    room = make_room(batch)
    for session in batch.sessions.exclude(kind="break")[:5]:
        services.update_session(session, as_planned(session, rooms=[room]), version=1, by=make_planner())

    many = [queries(desk, address) for address in addresses]

    assert batch.sessions.count() > 30
    assert few == many
    assert max(many) <= LIST_QUERIES, many


def test_form_of_a_session_costs_the_same_for_many_people(desk, batch):
    address = url("update_session", batch.code, first_session(batch).code)
    few = queries(desk, address)
    for _number in range(5):
        make_scheduled()
        make_room(batch)

    assert queries(desk, address) == few
    assert few <= FORM_QUERIES, few
