"""The pages of batches: who sees what, what each act does, and how many queries a page costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Lsp
from batches import services
from batches.models import Assignment, Batch, Venue
from batches.policies import allowed_actions
from batches.states import TRANSITIONS, BatchStatus
from core import clock
from tests.factories.batches import (
    load_schemes,
    make_assessor,
    make_batch,
    make_draft,
    make_planner,
    make_scheme,
    make_venue,
)

pytestmark = pytest.mark.django_db
S = BatchStatus


@pytest.fixture
def lsp(db):
    return Lsp.objects.create(pk=1, name="LSP Contoh", short_name="LSP", uses_bnsp_approval=False)


@pytest.fixture
def desk(admin, client_of):
    return client_of(admin)


def plan_data(**changes):
    """A plan as typed by an admin who leaves to the portal what it can work out."""
    day = clock.today() + timedelta(days=60)
    load_schemes()
    data = {
        "name": "Angkatan 12 Umum", "agenda": "AG-40JP-6H", "time_zone": "Asia/Jakarta",
        "starts_on_day": day.day, "starts_on_month": day.month, "starts_on_year": day.year,
        "capacity": "24", "min_people": "20", "venue": "",
    }  # fmt: skip
    return data | changes


def create_url(scheme="ASKOM-UMUM"):
    return f"{reverse('batches:create_batch')}?skema={scheme}"


def url(name, batch):
    return reverse(f"batches:{name}", args=[batch.code])


def queries(client, address):
    client.get(address)  # a session's first request also writes the session
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


# --- public


def test_batch_list_shows_what_takes_registrations(client, lsp):
    shown = make_batch(name="Angkatan 1", venue=make_venue(city="Bandung"))
    soon = make_batch(name="Angkatan 2", registration_opens_at=clock.now() + timedelta(days=2))
    make_draft(name="Angkatan 3")
    services.close_registration(make_batch(name="Angkatan 4"), by=None)

    page = client.get(reverse("batches:batch_list"))

    assert page.context["batches"] == [shown]
    assert list(page.context["coming"]) == [soon]
    assert "Bandung" in page.content.decode()


def test_batch_list_is_narrowed_by_scheme_and_city(client, lsp):
    in_bandung = make_batch(venue=make_venue(city="Bandung"))
    of_rcc = make_batch(scheme=make_scheme("ASKOM-RCC"), venue=make_venue(city="Kupang"))

    def found(query):
        return client.get(reverse("batches:batch_list") + query).context["batches"]

    assert found("?kota=Bandung") == [in_bandung]
    assert found("?skema=ASKOM-RCC") == [of_rcc]
    assert found("?skema=ASKOM-RCC&kota=Bandung") == []
    assert set(found("?kota=Paris")) == {in_bandung, of_rcc}


def test_empty_lists_say_what_to_do(client, db):
    assert "Lihat skema dan syarat" in client.get(reverse("batches:batch_list")).content.decode()
    assert "Hubungi kami" in client.get(reverse("batches:scheme_list")).content.decode()


def test_scheme_list_shows_every_active_scheme(client):
    load_schemes()

    assert len(client.get(reverse("batches:scheme_list")).context["schemes"]) == 4


def test_public_facts_show_dates_zone_and_agenda(client, lsp):
    batch = make_batch(venue=make_venue(time_zone="Asia/Jayapura", city="Jayapura"), time_zone="Asia/Jayapura")

    text = client.get(reverse("participants:batch_page", args=[batch.code])).content.decode()

    assert "Jayapura" in text
    assert "08.30–10.00 WIT" in text
    assert "Kebijakan BNSP dan sistem sertifikasi kompetensi nasional" in text


def test_closed_batch_points_to_the_next_open_one(client, lsp):
    closed = services.close_registration(make_batch(), by=None)
    other = make_batch()

    text = client.get(reverse("participants:batch_page", args=[closed.code])).content.decode()

    assert reverse("participants:batch_page", args=[other.code]) in text


# --- making and changing


def test_create_starts_with_the_scheme(desk):
    load_schemes()

    page = desk.get(reverse("batches:create_batch"))

    assert [scheme.code for scheme in page.context["schemes"]][0] == "ASKOM-UMUM"
    assert "?skema=ASKOM-RCC" in page.content.decode()


def test_create_proposes_what_the_scheme_and_its_latest_batch_know(desk, lsp):
    venue, trainer = make_venue(time_zone="Asia/Makassar"), make_assessor()
    make_batch(name="Angkatan 7 Umum", venue=venue, time_zone="Asia/Makassar", facilitators=[trainer])

    new = desk.get(create_url()).context["new"]

    assert new.plan.initial["name"].startswith("Angkatan 8 Umum")
    assert (new.plan.initial["venue"], new.plan.initial["time_zone"]) == (venue, "Asia/Makassar")
    assert (new.plan.initial["capacity"], new.plan.initial["min_people"]) == (24, 20)
    assert new.staff.initial == {"facilitators": [trainer], "examiners": []}


def test_create_works_out_what_was_left_blank(desk, admin):
    trainer, examiner = make_assessor(), make_assessor()

    answer = desk.post(create_url(), plan_data() | {"facilitators": trainer.code, "examiners": examiner.code})

    batch = Batch.objects.get()
    assert answer.url == url("manage_batch", batch)
    assert (batch.status, batch.status_by) == (S.DRAFT, admin)
    assert (batch.ends_on - batch.starts_on).days == 5
    assert (batch.starts_on - batch.registration_closes_at.date()).days == 10
    assert set(batch.assignments.values_list("person", flat=True)) == {trainer.pk, examiner.pk}


def test_create_adds_a_new_venue_in_the_zone_of_the_batch(desk):
    typed = {
        "tempat-name": "BLK Kupang",
        "tempat-kind": "workplace",
        "tempat-address": "Jalan 1",
        "tempat-city": "Kupang",
    }

    desk.post(create_url(), plan_data(time_zone="Asia/Makassar") | typed)

    assert Batch.objects.get().venue == Venue.objects.get()
    assert Venue.objects.get().time_zone == "Asia/Makassar"


def test_half_a_venue_makes_neither_venue_nor_batch(desk):
    page = desk.post(create_url(), plan_data() | {"tempat-name": "BLK Kupang"})

    assert page.status_code == 422
    assert "BLK Kupang" in page.content.decode()
    assert not Batch.objects.exists()
    assert not Venue.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"starts_on_day": "31", "starts_on_month": "2"}, "starts_on"),
        ({"ends_on_day": "1", "ends_on_month": "1", "ends_on_year": "2026"}, "ends_on"),
        ({"capacity": "banyak"}, "capacity"),
        ({"min_people": "30"}, "min_people"),
        ({"registration_closes_at_day": "1", "registration_closes_at_month": "1",
          "registration_closes_at_year": "2026", "registration_closes_at_time": "17.00"}, "registration_closes_at"),
        ({"agenda": "AG-LAIN"}, "agenda"),
    ],
)  # fmt: skip
def test_what_was_typed_survives_an_error(desk, changes, field):
    page = desk.post(create_url(), plan_data(name="Kelas Pagi") | changes)

    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert changes.get("name", "Kelas Pagi") in page.content.decode()
    assert not Batch.objects.exists()


def test_registration_cannot_close_after_the_first_day(desk):
    late = clock.today() + timedelta(days=61)
    data = {f"registration_closes_at_{part}": getattr(late, part) for part in ("day", "month", "year")}

    page = desk.post(create_url(), plan_data() | data | {"registration_closes_at_time": "08.00"})

    assert "hari pertama pelatihan" in page.context["form"].errors["registration_closes_at"][0]


def test_zone_must_be_that_of_the_venue(desk):
    venue = make_venue(time_zone="Asia/Jayapura")

    page = desk.post(create_url(), plan_data(venue=venue.code))

    assert "WIT" in page.context["form"].errors["time_zone"][0]


def test_name_is_used_once(desk, lsp):
    make_batch(name="Angkatan 12 Umum")

    page = desk.post(create_url(), plan_data(name="angkatan 12  umum"))

    assert "name" in page.context["form"].errors


def test_nobody_is_chosen_for_both_duties(desk):
    both = make_assessor()

    page = desk.post(create_url(), plan_data() | {"facilitators": both.code, "examiners": both.code})

    assert "dua tugas" in page.context["new"].staff.errors["examiners"][0]
    assert not Batch.objects.exists()


def test_update_changes_and_counts_the_version(desk):
    batch = make_draft()

    desk.post(url("update_batch", batch), plan_data(name="Nama baru", version="1", scheme="ASKOM-UMUM"))

    batch.refresh_from_db()
    assert (batch.name, batch.version) == ("Nama baru", 2)


def test_update_shows_what_somebody_else_saved(desk, lsp):
    batch = make_draft(name="Angkatan 1")
    data = plan_data(version="1", scheme="ASKOM-UMUM")
    desk.post(url("update_batch", batch), data | {"name": "Dari tab lain"})

    page = desk.post(url("update_batch", batch), data | {"name": "Dari tab ini"})

    text = page.content.decode()
    assert page.status_code == 422
    assert "Dari tab lain" in text
    assert "Dari tab ini" in text
    assert page.context["form"].data["version"] == 2
    assert desk.post(url("update_batch", batch), page.context["form"].data.dict()).status_code == 302


def test_published_batch_keeps_scheme_and_agenda(desk, lsp):
    batch = make_batch()

    page = desk.get(url("update_batch", batch))

    assert not {"scheme", "agenda"} & set(page.context["form"].fields)
    assert desk.post(url("update_batch", batch), plan_data(version="1", name="Lain")).status_code == 302


def test_capacity_below_the_seats_held_is_told_at_its_field(desk, lsp):
    batch = make_batch(capacity=24)
    for _number in range(9):
        services.take_seat(batch.pk)

    page = desk.post(url("update_batch", batch), plan_data(version="1", capacity="8", min_people="1"))

    assert "9 kursi" in page.context["form"].errors["capacity"][0]
    for _number in range(9):  # at the end of a transaction seats and people agree
        services.give_seat_back(batch.pk)


def test_staff_is_replaced_and_history_kept(desk):
    old, new = make_assessor(), make_assessor()
    batch = make_draft(facilitators=[old])

    desk.post(url("assign_staff", batch), {"facilitators": new.code, "examiners": old.code})

    live = Assignment.objects.filter(batch=batch, released_at=None).values_list("person", "function")
    assert set(live) == {(new.pk, "facilitator"), (old.pk, "examiner")}
    assert Assignment.objects.filter(batch=batch, released_at__isnull=False).count() == 1


# --- acts


@pytest.mark.parametrize(
    "act",
    ["open_batch", "close_registration", "reopen_registration", "start_batch", "start_examination", "archive_batch"],
)
def test_act_out_of_turn_is_a_sentence(desk, lsp, act):
    batch = services.close_registration(make_batch(), by=None)
    if act in {"start_batch", "reopen_registration"}:  # from a draft neither leads anywhere
        batch = make_draft()

    answer = desk.post(url(act, batch), follow=True)

    assert answer.status_code == 200
    assert "Statusnya sekarang" in answer.content.decode()


def test_batch_is_opened_and_closed_by_clicks(desk, lsp):
    batch = make_draft()

    desk.post(url("open_batch", batch))
    batch.refresh_from_db()
    assert batch.status == S.OPEN
    desk.post(url("close_registration", batch))
    desk.post(url("reopen_registration", batch))
    desk.post(url("close_registration", batch))

    batch.refresh_from_db()
    assert batch.status == S.CLOSED


def test_letter_and_approval_are_recorded(desk):
    today, batch = clock.today(), make_draft()
    paper = {"number": "001/LSP", "on_day": today.day, "on_month": today.month, "on_year": today.year}

    assert desk.get(url("submit_to_bnsp", batch)).status_code == 200
    desk.post(url("submit_to_bnsp", batch), paper)
    desk.post(url("record_bnsp_approval", batch), paper | {"number": "B/7"})

    batch.refresh_from_db()
    assert (batch.status, batch.application_number, batch.approval_number) == (S.APPROVED, "001/LSP", "B/7")


def test_letter_of_tomorrow_is_refused(desk):
    day, batch = clock.today() + timedelta(days=1), make_draft()
    paper = {"number": "001/LSP", "on_day": day.day, "on_month": day.month, "on_year": day.year}

    page = desk.post(url("submit_to_bnsp", batch), paper)

    assert page.status_code == 422
    assert "001/LSP" in page.content.decode()


def test_what_blocks_is_said_on_the_page_and_by_the_act(desk):
    batch = make_draft()

    page = desk.get(url("manage_batch", batch)).content.decode()
    answer = desk.post(url("open_batch", batch), follow=True).content.decode()

    assert "Kirim surat permohonan ke BNSP" in page
    assert url("open_batch", batch) not in page
    assert "Kirim surat permohonan ke BNSP" in answer


# --- who


@pytest.mark.parametrize("role", ["director", "auditor"])
def test_those_who_watch_see_no_buttons(role, request, client_of, lsp):
    viewer, batch = client_of(request.getfixturevalue(role)), make_batch()

    page = viewer.get(url("manage_batch", batch))

    assert viewer.get(reverse("batches:manage_list")).status_code == 200
    assert page.context["actions"] == []
    assert url("update_batch", batch) not in page.content.decode()
    assert viewer.post(url("close_registration", batch)).status_code == 403


def test_assessor_opens_only_the_batches_that_he_serves(assessor, client_of, lsp):
    mine, other = make_batch(facilitators=[assessor]), make_batch()
    mine_client = client_of(assessor)

    assert mine_client.get(url("manage_batch", mine)).status_code == 200
    assert mine_client.get(url("manage_batch", other)).status_code == 404
    services.set_staff(mine, facilitators=[], examiners=[], by=make_planner())
    assert mine_client.get(url("manage_batch", mine)).status_code == 404


def test_participants_have_no_desk(participant, client_of, lsp):
    assert client_of(participant).get(url("manage_batch", make_batch())).status_code == 403


@pytest.mark.parametrize("status", list(S))
def test_buttons_are_the_allowed_moves(status, admin):
    batch = Batch(status=status)

    targets = {action.target for action in allowed_actions(admin, batch, uses_bnsp=True)}
    without = {action.target for action in allowed_actions(admin, batch, uses_bnsp=False)}

    assert targets | without == TRANSITIONS[status]
    assert (S.OPEN in targets, S.SUBMITTED_TO_BNSP in without) == (status in {S.APPROVED, S.CLOSED}, False)


# --- venues


def test_venues_are_added_and_changed(desk):
    typed = {"name": "BLK", "kind": "workplace", "address": "Jalan 1", "city": "Kupang", "time_zone": "Asia/Makassar"}
    desk.post(reverse("batches:create_venue"), typed)
    venue = Venue.objects.get()

    desk.post(reverse("batches:update_venue", args=[venue.code]), typed | {"city": "Ende"})

    venue.refresh_from_db()
    assert venue.city == "Ende"
    assert "Ende" in desk.get(reverse("batches:venue_list")).content.decode()
    again = desk.post(reverse("batches:create_venue"), typed)
    assert "sudah ada" in again.context["form"].errors["name"][0]


# --- queries


@pytest.mark.parametrize("name", ["batch_list", "scheme_list", "manage_list", "venue_list"])
def test_lists_cost_the_same_for_one_row_and_for_thirty(name, desk, lsp):
    address = reverse(f"batches:{name}")
    make_batch(venue=make_venue())
    one = queries(desk, address)

    for _number in range(29):
        make_batch(venue=make_venue())

    assert queries(desk, address) == one
    assert one <= 10


def test_detail_costs_the_same_however_many_serve(desk, lsp):
    batch = make_batch(venue=make_venue(), staffed=True)
    few = queries(desk, url("manage_batch", batch))

    for _number in range(10):
        services.assign_person(batch, make_assessor(), "examiner", by=make_planner())

    assert queries(desk, url("manage_batch", batch)) == few
    assert few <= 12


def test_forms_stay_within_their_queries(desk, lsp):
    batch = make_batch(venue=make_venue(), staffed=True)

    assert queries(desk, create_url()) <= 12
    assert queries(desk, url("update_batch", batch)) <= 12
    assert queries(desk, url("assign_staff", batch)) <= 12
