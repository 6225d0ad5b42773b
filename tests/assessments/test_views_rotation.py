"""The desk of role plays: board, making, publishing, single plays, and what the pages cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import services
from assessments.models import Assessment, RolePlay, Rotation, Waiver
from assessments.selectors.plays import seat, seat_name
from assessments.states import Mode, RotationStatus
from batches.models import Room
from batches.states import BatchStatus
from core import clock
from tests.assessments.rotation_helpers import exam, plays_of_rotation, practice, second_factor
from tests.factories.attendance import attend_all
from tests.factories.batches import make_planner
from tests.factories.classes import examiners_of, facilitators_of, make_class, people_of
from tests.factories.plays import make_play

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch():
    return make_class(people=5)


@pytest.fixture
def desk(admin, client_of):
    return client_of(admin)


def url(name, *codes, query=""):
    return reverse(f"assessments:{name}", args=codes) + query


def publish(rotation):
    return services.publish_rotation(rotation, by=make_planner())


def queries(client, address):
    client.get(address)  # a session's first request also writes the session
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


# --- board


def test_board_without_a_rotation_says_what_to_do(desk, batch):
    text = desk.get(url("rotation_board", batch.code)).content.decode()
    assert url("make_rotation", batch.code, query="?jenis=latihan") in text


def test_assessors_see_the_empty_board_without_the_button(client_of, batch):
    text = client_of(second_factor(facilitators_of(batch)[0])).get(url("rotation_board", batch.code)).content.decode()
    assert url("make_rotation", batch.code) not in text
    assert "Admin LSP membuat rotasinya" in text


def test_desk_makes_looks_and_publishes(desk, batch):
    form = {"minutes": "45", "group_size": "3", "methods": ["OBS", "WAW"]}
    made = desk.post(url("make_rotation", batch.code), form, follow=True)
    rotation = Rotation.objects.get()
    assert rotation.settings["minutes"] == 45
    assert made.context["board"].rotation == rotation
    assert made.context["board"].is_fair
    assert all(str(person.person) in made.content.decode() for person in people_of(batch))
    used = desk.post(url("publish_rotation", rotation.code), follow=True)
    assert used.context["board"].rotation.status == RotationStatus.PUBLISHED
    assert url("run_sheet", batch.code) in used.content.decode()


def test_refused_form_keeps_what_was_typed(desk, batch):
    form = {"minutes": "25", "methods": ["WAW"]}
    page = desk.post(url("make_rotation", batch.code, query="?jenis=uji"), form)
    assert page.status_code == 422
    assert page.context["form"]["minutes"].value() == "25"
    assert not Rotation.objects.exists()


def test_draft_beside_the_published_one_and_back(desk, batch):
    published = publish(practice(batch))
    draft = practice(batch, seed=3)
    board = url("rotation_board", batch.code)
    assert desk.get(board).context["board"].rotation == draft
    assert desk.get(board + "?tampil=dipakai").context["board"].rotation == published


def test_exam_board_says_who_is_left_out_and_who_has_no_play(desk, batch):
    people = people_of(batch)
    attend_all(batch, except_=people[:1])
    rotation = publish(exam(batch))
    services.cancel_play(plays_of_rotation(rotation)[0], "Sakit", by=make_planner())
    page = desk.get(url("rotation_board", batch.code, query="?jenis=uji"))
    board = page.context["board"]
    assert not board.is_fair
    assert [one.registration for one in board.left_out] == people[:1]
    assert [str(one.person) for one in board.unplanned] == [str(assessed(rotation).person)]
    assert url("plan_exam_play", batch.code, board.unplanned[0].code) in page.content.decode()
    assert "Kehadiran sebelum uji 0%" in page.content.decode()


def assessed(rotation):
    return seat(plays_of_rotation(rotation)[0], "asesor").registration


def test_refused_publishing_says_why_on_the_board(desk, batch):
    attend_all(batch)
    rotation = exam(batch)
    type(batch).objects.filter(pk=batch.pk).update(status=BatchStatus.COMPLETED)
    page = desk.post(url("publish_rotation", rotation.code), follow=True)
    assert "Uji dijadwalkan selama pelatihan" in page.content.decode()


# --- one play


def test_desk_arranges_a_play(desk):
    play = make_play()
    batch = play.round.rotation.batch
    room = Room.objects.create(venue=batch.venue, name="Ruang A")
    second = examiners_of(batch)[1]
    form = {"assessor": second.code, "room": room.code, "external_name": "Mahasiswa Budi"}
    answer = desk.post(url("arrange_play", play.code), form)
    play = RolePlay.objects.get(pk=play.pk)
    assert answer.url == url("rotation_board", batch.code, query="?jenis=uji")
    assert (play.assessor, play.room, seat_name(seat(play, "asesi"))) == (second, room, "Mahasiswa Budi")


def test_play_page_says_who_is_blocked_and_what_was_waived(desk, director):
    play = make_play()
    batch = play.round.rotation.batch
    first, second = facilitators_of(batch)
    services.grant_waiver(batch, "own_trainer", first, None, "Penguji lain berhalangan.", by=director)
    page = desk.get(url("arrange_play", play.code))
    assert [who for who, _text in page.context["blocked"]] == [second]
    assert "Penguji lain berhalangan." in page.content.decode()


def test_play_with_an_assessor_offers_others_but_not_nobody(desk):
    play = make_play()
    offered = {
        code for code, _name in desk.get(url("arrange_play", play.code)).context["form"].fields["assessor"].choices
    }
    assert play.assessor.code in offered
    assert "" not in offered


def test_blocked_assessor_is_refused_with_the_rule(desk):
    play = make_play()
    trainer = facilitators_of(play.round.rotation.batch)[0]
    page = desk.post(url("arrange_play", play.code), {"assessor": trainer.code, "external_name": "Budi"})
    assert page.status_code == 422
    assert "pelatih tidak menguji kelasnya sendiri" in page.content.decode()
    assert page.context["form"]["external_name"].value() == "Budi"
    assert not play.seats.filter(external_name="Budi").exists()


def test_desk_cancels_a_play_with_a_reason(desk):
    play = make_play()
    assert desk.post(url("cancel_play", play.code), {"reason": ""}).status_code == 422
    desk.post(url("cancel_play", play.code), {"reason": "Peserta sakit"})
    play.refresh_from_db()
    assert (play.status, play.cancel_reason) == ("cancelled", "Peserta sakit")


def test_desk_plans_a_late_exam(desk, batch):
    attend_all(batch)
    person, other = people_of(batch)[:2]
    day = clock.today()
    form = {
        "assessor": examiners_of(batch)[0].code, "asesi": other.code, "minutes": "30", "methods": ["OBS", "WAW"],
        "starts_at_day": day.day, "starts_at_month": day.month, "starts_at_year": day.year, "starts_at_time": "09.00",
        "starts_at_0": day.day, "starts_at_1": day.month, "starts_at_2": day.year, "starts_at_3": "09.00",
    }  # fmt: skip
    answer = desk.post(url("plan_exam_play", batch.code, person.code), form)
    assert answer.status_code == 302
    assert Assessment.objects.get().registration == person
    page = desk.get(answer.url)
    assert len(page.context["board"].single_plays) == 1


def test_late_exam_is_refused_on_the_form(desk, batch):
    person = people_of(batch)[0]
    page = desk.post(url("plan_exam_play", batch.code, person.code), {"external_name": "Budi"})
    assert page.status_code == 422
    assert not Assessment.objects.exists()


# --- independence


def test_examiner_declares_an_own_tie(client_of, batch):
    examiner, person = examiners_of(batch)[0], people_of(batch)[0]
    mine = client_of(second_factor(examiner))
    form = {"person": person.code, "kind": "family", "note": "Sepupu"}
    page = mine.post(url("declare_relation", batch.code), form, follow=True)
    assert "Sepupu" in page.content.decode()
    relation = examiner.relations.get()
    mine.post(url("end_relation", batch.code), {"relation": relation.pk})
    relation.refresh_from_db()
    assert relation.ended_by == examiner


def test_admin_notes_the_tie_of_an_examiner(desk, batch):
    examiner, person = examiners_of(batch)[0], people_of(batch)[0]
    form = {"assessor": examiner.code, "person": person.code, "kind": "project"}
    assert desk.post(url("declare_relation", batch.code), form).status_code == 302
    assert examiner.relations.get().person == person.person


def test_nothing_named_ends_nothing(desk, batch):
    page = desk.post(url("end_relation", batch.code), {"relation": "x"}, follow=True)
    assert "Pilih pernyataan" in page.content.decode()


def test_director_grants_a_waiver_and_everybody_reads_it(client_of, director, auditor, batch):
    trainer = facilitators_of(batch)[0]
    board = client_of(director)
    assert board.post(url("grant_waiver", batch.code), {"rule": "own_trainer"}).status_code == 422
    form = {"rule": "own_trainer", "assessor": trainer.code, "registration": "", "reason": "Tidak ada penguji lain."}
    assert board.post(url("grant_waiver", batch.code), form).status_code == 302
    assert Waiver.objects.get().granted_by == director
    text = client_of(auditor).get(url("independence", batch.code)).content.decode()
    assert "Tidak ada penguji lain." in text
    assert url("grant_waiver", batch.code) not in text


# --- cost


@pytest.fixture
def small_and_large():
    """Classes of 5 and 24 with practice and exam in use and somebody left out."""
    batches = []
    for people in (5, 24):
        batch = make_class(people=people)
        attend_all(batch, except_=people_of(batch)[:1])
        publish(practice(batch))
        publish(exam(batch))
        batches.append(batch)
    return batches


PAGES = [
    ("rotation_board", "", 12),
    ("rotation_board", "?jenis=uji", 12),
    ("run_sheet", "", 10),
    ("independence", "", 10),
    ("make_rotation", "?jenis=uji", 12),
]


def test_pages_of_a_class_cost_the_same_for_5_and_24(desk, small_and_large):
    for name, query, most in PAGES:
        few, many = (queries(desk, url(name, batch.code, query=query)) for batch in small_and_large)
        assert few == many <= most, name
    plays = [
        RolePlay.objects.filter(round__rotation__batch=batch, round__rotation__mode=Mode.SUMMATIVE).first()
        for batch in small_and_large
    ]
    few, many = (queries(desk, url("arrange_play", play.code)) for play in plays)
    assert few == many <= 12
    late = [url("plan_exam_play", batch.code, people_of(batch)[0].code) for batch in small_and_large]
    few, many = (queries(desk, address) for address in late)
    assert few == many <= 12
