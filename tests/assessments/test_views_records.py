"""The pages of recording: one page for everything, no tap lost, and all of it without JavaScript."""

import gzip
import json
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from assessments import services
from assessments.models import Decision, PlayDecision, Rating, RatingEvent, Record
from assessments.selectors.plays import assessed_registration
from assessments.states import Mode, RecordStatus
from core import clock
from tests.assessments.shared_class import exam_class
from tests.assessments.tap_helpers import PHONE, TABLET, make_tap
from tests.factories.accounts import client_of, make_user
from tests.factories.plays import make_play
from tests.factories.records import NOTE, make_record, sign

pytestmark = pytest.mark.django_db
__all__ = ["exam_class"]
ALL_METHODS = ("OBS", "STR", "TUL", "LIS", "POR", "WAW", "PK3", "PRD")


@pytest.fixture
def exam(exam_class):
    return make_play(exam_class)


@pytest.fixture
def record(exam):
    return make_record(exam, "", evidence="")


@pytest.fixture
def browser(exam):
    return client_of(exam.assessor)


def address(name, code):
    return reverse(f"assessments:{name}", args=[code])


def page(browser, record, name="record_sheet"):
    response = browser.get(address(name, record.code))
    assert response.status_code == 200
    return response.content.decode()


def body(**fields):
    tap = {
        "key": str(uuid4()), "client_id": str(uuid4()), "seq": 1, "item": "PLN-01", "aspect": "", "value": "Y",
        "note": "", "base_version": 0, "tapped_at": "2026-11-28T10:32:05.123Z",
    }  # fmt: skip
    return tap | fields


def post_tap(browser, record, tap):
    return browser.post(address("record_tap", record.code), json.dumps(tap), content_type="application/json")


# --- starting


def test_exam_starts_after_the_declaration(exam, browser):
    start = address("start_record", exam.code)

    asked = browser.post(start)  # a button on another page
    response = browser.post(start, {"impartial": "1"})

    assert "Saya tidak memiliki hubungan" in asked.content.decode()
    record = Record.objects.get()
    assert response.url == address("record_sheet", record.code)
    assert record.impartial_at


def test_practice_starts_with_one_press(exam_class):
    practice = make_play(exam_class, Mode.FORMATIVE)

    response = client_of(practice.assessor).post(address("start_record", practice.code))

    assert response.url == address("record_sheet", Record.objects.get().code)


def test_refusal_says_the_rule_on_the_page(exam, browser):
    services.declare_relation(exam.assessor, assessed_registration(exam).person, "family", by=exam.assessor)

    response = browser.post(address("start_record", exam.code), {"impartial": "1"})

    assert response.status_code == 422
    assert "menyatakan hubungan" in response.content.decode()


# --- the sheet


def test_all_81_criteria_are_on_one_page_and_need_no_unfolding(exam_class):
    play = make_play(exam_class, methods=ALL_METHODS, has_objection=True)
    record = make_record(play, "", evidence="")

    html = page(client_of(play.assessor), record)

    names = set(re.findall(r'<input type="radio" class="rec-Y" name="([A-Z]+-\d+)"', html))
    assert len(names) == 81
    assert len(re.findall(r'class="rec-TR"', html)) == 7 + 4  # conditional criteria, and those of an objection
    assert html.count('data-all="EV-') == 10
    assert "<details" not in html.split("data-record=")[1]


def test_page_fits_in_one_round_trip(exam_class):
    play = make_play(exam_class, methods=ALL_METHODS, has_objection=True)
    html = page(client_of(play.assessor), make_record(play, "T"))

    assert len(gzip.compress(html.encode())) <= 14_000


def test_criteria_of_methods_that_are_not_used_are_named_and_ask_nothing(browser, record):
    html = page(browser, record)

    assert 'name="POR-01"' not in html
    assert "Verifikasi portofolio" in html
    assert "Tidak ada keberatan asesi" in html


def test_sheet_asks_as_few_questions_for_121_ratings_as_for_none(exam_class):
    counts = []
    for values, evidence in [("", ""), ("T", "T")]:
        record = make_record(make_play(exam_class), values, evidence=evidence)
        browser = client_of(record.recorder)
        page(browser, record)
        with CaptureQueriesContext(connection) as queries:
            page(browser, record)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12


def test_signed_sheet_leads_to_what_was_signed(exam, browser):
    record = sign(make_record(exam))

    assert browser.get(address("record_sheet", record.code)).url == address("record_detail", record.code)
    assert browser.get(address("review_record", record.code)).url == address("record_detail", record.code)


def test_methods_are_set_on_the_sheet(exam, browser, record):
    browser.post(address("set_methods", record.code), {"methods": ["OBS", "POR"], "has_objection": "on"})

    html = page(browser, record)
    assert 'name="POR-01"' in html
    assert 'name="BND-01"' in html
    assert 'name="WAW-01"' not in html


# --- a tap


def test_tap_is_answered_in_json(browser, record):
    response = post_tap(browser, record, body())

    assert response.status_code == 200
    told = response.json()
    assert (told["value"], told["version"], told["outcome"], told["counts"]["PLN"]) == ("Y", 1, "applied", [1, 10])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"seq": 0}, "tap_refused"),
        ({"key": "x"}, "tap_refused"),
        ({"value": "X"}, "tap_refused"),
        ({"note": "x" * 1001}, "tap_refused"),
        ({"note": "\ud800"}, "tap_refused"),  # half a character, which no database stores
        ({"tapped_at": ""}, "tap_refused"),
        ({"tapped_at": 5}, "tap_refused"),
        ({"tapped_at": "9999-12-31T23:59:59-14:00"}, "tap_refused"),  # could be stored, but never read again
        ({"tapped_at": "0001-01-01T00:00:00+14:00"}, "tap_refused"),
        ({"item": "X-1"}, "tap_refused"),
        ({"value": "TR"}, "not_relevant_here"),
    ],
)
def test_tap_that_the_sheet_cannot_hold_is_422(browser, record, change, code):
    response = post_tap(browser, record, body(**change))

    assert (response.status_code, response.json()["code"]) == (422, code)
    assert RatingEvent.objects.count() == 0


@pytest.mark.parametrize("text", ["", "[]", "{", "1", "[" * 100_000])
def test_torn_body_is_422(browser, record, text):
    response = browser.post(address("record_tap", record.code), text, content_type="application/json")

    assert response.status_code == 422


def test_tap_sent_as_a_form_is_422(browser, record):
    assert browser.post(address("record_tap", record.code), body()).status_code == 422


def test_key_with_another_body_is_422(browser, record):
    tap = body()
    first = post_tap(browser, record, tap)

    assert post_tap(browser, record, tap).json() == first.json()
    assert post_tap(browser, record, tap | {"value": "T"}).json()["code"] == "key_reused"


def test_tap_on_a_signed_sheet_is_409_with_its_sentence(exam, browser):
    record = sign(make_record(exam))

    response = post_tap(browser, record, body(value="T"))

    assert response.status_code == 409
    assert "Ditandatangani" in response.json()["message"]


def test_tap_after_the_session_leads_to_the_door(client, record):
    response = post_tap(client, record, body())

    assert response.status_code == 302
    assert reverse("account_login") in response.url


def test_tap_asks_few_questions(browser, record):
    post_tap(browser, record, body())
    with CaptureQueriesContext(connection) as queries:
        post_tap(browser, record, body(value="T", note="Belum", base_version=1))
    asked = [one["sql"] for one in queries if "SAVEPOINT" not in one["sql"]]

    assert len(asked) <= 10


# --- without JavaScript


def form_of(html):
    """What a browser sends when nothing was touched."""
    fields = dict(re.findall(r'<input type="hidden" name="(client|seen)" value="([^"]*)"', html))
    fields |= dict(
        re.findall(r'<input type="radio" class="[^"]*" name="([^"]*)" id="[^"]*" value="([^"]*)" checked>', html)
    )
    return fields | dict(re.findall(r'<textarea [^>]*name="(n-[^"]*)"[^>]*>([^<]*)</textarea>', html))


def test_plain_form_saves_the_phase_and_stays_there(browser, record):
    data = form_of(page(browser, record)) | {"PLN-01": "Y", "PLN-02": "T", "n-PLN-02": "Skema lama", "go": "PLN"}

    response = browser.post(address("record_sheet", record.code), data)

    assert response.url == address("record_sheet", record.code) + "#PLN"
    assert set(Rating.objects.values_list("item", "value", "note")) == {
        ("PLN-01", "Y", ""),
        ("PLN-02", "T", "Skema lama"),
    }
    assert "Tersimpan di server pukul" in page(browser, record)


def test_plain_form_sends_only_what_was_touched(exam, browser):
    record = make_record(exam)
    old_page = form_of(page(browser, record))
    services.record_tap(record, make_tap("T", note="Dari ponsel", base_version=1), by=record.recorder)

    browser.post(address("record_sheet", record.code), old_page | {"PLN-02": "T", "n-PLN-02": "Belum", "go": "review"})

    assert Rating.objects.get(item="PLN-01").value == "T"
    assert Rating.objects.get(item="PLN-02").value == "T"
    assert RatingEvent.objects.count() == 2


def test_plain_form_of_two_devices_asks_which_one_counts(exam, browser):
    record = make_record(exam)
    old_page = form_of(page(browser, record))
    services.record_tap(record, make_tap("T", note="Dari ponsel", base_version=1), by=record.recorder)
    data = old_page | {"PLN-01": "T", "n-PLN-01": "Dari tablet", "go": "review"}

    response = browser.post(address("record_sheet", record.code), data)

    assert response.url == address("resolve_conflict", record.code)


def test_refused_form_keeps_everything_that_was_typed(browser, record):
    data = form_of(page(browser, record)) | {"PLN-01": "Y", "PLN-02": "TR", "n-PLN-02": "Tidak ada"}

    response = browser.post(address("record_sheet", record.code), data)

    html = response.content.decode()
    assert response.status_code == 422
    assert "hanya untuk kriteria bersyarat" in html
    kept = form_of(html)
    assert (kept["PLN-01"], kept["n-PLN-02"], kept["client"]) == ("Y", "Tidak ada", data["client"])
    assert Rating.objects.count() == 0


@pytest.mark.parametrize("change", [{"client": "x"}, {"n-PLN-01": "x" * 1001}])
def test_torn_form_keeps_everything_too(browser, record, change):
    response = browser.post(
        address("record_sheet", record.code), form_of(page(browser, record)) | {"PLN-02": "Y"} | change
    )

    assert response.status_code == 422
    assert form_of(response.content.decode())["PLN-02"] == "Y"


# --- conflicts


def test_conflict_shows_both_values_and_is_settled_with_one_press(browser, record):
    services.record_tap(record, make_tap("Y", client=TABLET), by=record.recorder)
    services.record_tap(record, make_tap("T", client=PHONE, note="Tidak terdengar"), by=record.recorder)
    rival = Rating.objects.get().rival

    assert "menunggu pilihan Anda" in page(browser, record)
    html = page(browser, record, "resolve_conflict")
    assert "Pakai “Ya”" in html
    assert "Pakai “Tidak”" in html
    assert "Tidak terdengar" in html
    response = settle(browser, record, html, choice=str(rival.key))

    assert response.url == address("record_sheet", record.code)
    assert (Rating.objects.get().value, Rating.objects.get().rival) == ("T", None)


def test_empty_choice_keeps_what_stands_and_nonsense_is_refused(browser, record):
    services.record_tap(record, make_tap("Y", client=TABLET), by=record.recorder)
    services.record_tap(record, make_tap("T", client=PHONE), by=record.recorder)

    html = page(browser, record, "resolve_conflict")
    settle(browser, record, html, place="PLN-09")
    assert Rating.objects.get().rival is not None
    settle(browser, record, html)
    assert (Rating.objects.get().value, Rating.objects.get().rival) == ("Y", None)


def test_what_a_third_device_says_meanwhile_is_shown_before_anything_is_chosen(browser, record):
    services.record_tap(record, make_tap("Y", client=TABLET), by=record.recorder)
    services.record_tap(record, make_tap("T", client=PHONE), by=record.recorder)
    html = page(browser, record, "resolve_conflict")
    services.record_tap(record, make_tap("T", client=uuid4(), note="Langkah dilewati"), by=record.recorder)

    settle(browser, record, html)

    assert Rating.objects.get().rival.note == "Langkah dilewati"
    again = page(browser, record, "resolve_conflict")
    assert "sudah diubah di tempat lain" in again
    settle(browser, record, again)
    assert Rating.objects.get().rival is None


def settle(browser, record, html, **fields):
    """Presses a button of the page: what stands, unless `choice` says another one."""
    shown = re.search(r'name="shown" value="([^"]*)"', html).group(1)
    values = {"place": "PLN-01", "choice": "", "shown": shown} | fields
    return browser.post(address("resolve_conflict", record.code), values)


# --- review and signature


def sign_data(html, name, **fields):
    hidden = dict(re.findall(r'<input type="hidden" name="(digest|shown)" value="([^"]*)"', html))
    return hidden | {"name": name, "summary": ""} | fields


def test_review_lists_what_is_missing_first_and_offers_no_signature(exam, browser):
    record = make_record(exam, {"PLN-02": ""})

    html = page(browser, record, "review_record")

    assert html.index("Belum dapat ditandatangani") < html.index("Memakai skema") < html.index("Hasil per unit")
    assert f"{address('record_sheet', record.code)}#PLN-02" in html
    assert "Tanda tangani dan kunci" not in html


def test_review_and_signature_of_a_bk(exam, browser):
    record = make_record(exam, {"PLN-01": "T"})
    html = page(browser, record, "review_record")
    assert "Kriteria kritis belum terpenuhi: PLN-01" in html
    name = str(exam.assessor)

    empty = browser.post(address("review_record", record.code), sign_data(html, "Orang Lain", gap_MAPA="Kurang jelas"))
    assert empty.status_code == 422
    assert "Kurang jelas" in empty.content.decode()
    assert "Pilih tindak lanjut" in empty.content.decode()
    assert "Ketik nama Anda seperti di portal" in empty.content.decode()

    data = sign_data(html, f" {name.lower()} ", gap_MAPA="Kurang jelas", next_MAPA=["bukti_tambahan"])
    response = browser.post(address("review_record", record.code), data)
    record.refresh_from_db()
    assert response.url == address("record_detail", record.code)
    assert (record.status, record.result) == (RecordStatus.SIGNED, "BK")


def test_what_changed_after_the_review_was_opened_is_shown_and_signed_by_the_next_press(exam, browser):
    record = make_record(exam)
    data = sign_data(page(browser, record, "review_record"), str(exam.assessor), summary="Baik")
    services.record_tap(record, make_tap("T", "PLN-06", note="Belum", base_version=1), by=exam.assessor)

    response = browser.post(address("review_record", record.code), data)
    html = response.content.decode()
    again = browser.post(address("review_record", record.code), sign_data(html, str(exam.assessor), summary="Baik"))

    assert response.status_code == 422
    assert "PLN-06: Tidak" in html
    assert again.url == address("record_detail", record.code)


def test_practice_with_gaps_says_not_observed(exam_class):
    practice = make_play(exam_class, Mode.FORMATIVE)
    record = make_record(practice, {"PLN-02": ""})
    browser = client_of(practice.assessor)

    assert "Tanda tangani dan kunci" in page(browser, record, "review_record")
    assert "Tidak diamati" in page(browser, sign(record), "record_detail")


@pytest.mark.parametrize("name", ["review_record", "record_detail", "resolve_conflict"])
def test_pages_around_the_sheet_ask_few_questions(exam, browser, name):
    record = make_record(exam, {"PLN-01": "T", "ETK-01": "T"})
    if name == "record_detail":
        record = sign(record)
    page(browser, record, name)
    with CaptureQueriesContext(connection) as queries:
        page(browser, record, name)

    assert len(queries) <= 12


# --- what was signed


@pytest.mark.parametrize("role", [Role.ADMIN, Role.DIRECTOR, Role.AUDITOR])
def test_desk_reads_what_was_signed_and_nothing_before(exam, role):
    record = make_record(exam, {"PLN-06": "T"})
    reader = client_of(make_user(role=role))

    assert reader.get(address("record_detail", record.code)).status_code == 404
    html = page(reader, sign(record), "record_detail")
    assert NOTE in html
    assert "Koreksi rekaman" not in html


def test_strangers_and_the_assessed_person_do_not_read_it(exam):
    record = sign(make_record(exam))
    assessed = client_of(assessed_registration(exam).person.user)
    other = client_of(make_user(role=Role.ASSESSOR))

    assert assessed.get(address("record_detail", record.code)).status_code == 403
    assert other.get(address("record_detail", record.code)).status_code == 404


def test_correction_leads_to_a_new_sheet_and_the_versions_are_listed(exam, browser):
    signed = sign(make_record(exam))

    empty = browser.post(address("correct_record", signed.code), {"reason": ""})
    response = browser.post(address("correct_record", signed.code), {"reason": "Salah ketuk"})
    version = Record.objects.get(replaces=signed)

    assert empty.status_code == 422
    assert response.url == address("record_sheet", version.code)
    html = page(browser, sign(version), "record_detail")
    assert address("record_detail", signed.code) in html
    assert "Salah ketuk" in html


def test_draft_is_given_up_with_a_reason(browser, record):
    assert "Batalkan lembar ini?" in page(browser, record, "void_record")
    browser.post(address("void_record", record.code), {"reason": "Peserta pulang"})

    record.refresh_from_db()
    assert record.status == RecordStatus.VOID
    assert "Lembar ini dibatalkan" in page(browser, record, "record_detail")


# --- the two decisions about the asesi


def test_each_side_sees_the_other_only_after_its_own(exam_class):
    play = make_play(exam_class, Mode.FORMATIVE)
    record, browser = make_record(play, "", evidence=""), client_of(play.assessor)
    trainee = client_of(assessed_registration(play).person.user)
    mine, theirs = address("my_decision", play.code), address("senior_decision", record.code)

    browser.post(theirs, {"result": "BK", "reason": "Bukti lama"})
    assert "Bukti lama" not in trainee.get(mine).content.decode()
    assert trainee.post(mine, {"result": "K", "reason": ""}).status_code == 422
    trainee.post(mine, {"result": "K", "reason": "Bukti cukup"})

    html = trainee.get(mine).content.decode()
    assert "Bukti lama" in html
    assert "berbeda" in html
    assert "Bukti cukup" in page(browser, record, "review_record")
    assert PlayDecision.objects.count() == 2


def test_trainee_of_an_exam_reads_the_other_side_with_the_released_result(exam, browser, record):
    trainee, mine = client_of(assessed_registration(exam).person.user), address("my_decision", exam.code)
    browser.post(address("senior_decision", record.code), {"result": "BK", "reason": "Bukti lama"})
    trainee.post(mine, {"result": "K", "reason": "Bukti cukup"})

    waiting = trainee.get(mine).content.decode()
    make_decision(exam)

    assert "Bukti lama" not in waiting
    assert "Bukti cukup" in waiting
    assert "Hasil belum dirilis." in waiting
    assert "Bukti lama" in trainee.get(mine).content.decode()
    assert "Bukti cukup" in page(browser, record, "review_record")


def make_decision(play):
    """The released result of the play's attempt."""
    director = make_user(name="Hendra Wijaya", role=Role.DIRECTOR)
    stamps = {"decided_by": director, "released_by": director, "released_at": clock.now()}
    return Decision.objects.create(assessment=play.assessment, result="K", units=[], **stamps)


def test_only_who_plays_asesor_decides_as_trainee(exam):
    asesi = exam.seats.get(role="asesi").registration.person.user

    assert client_of(asesi).get(address("my_decision", exam.code)).status_code == 404
    assert client_of(exam.assessor).get(address("my_decision", exam.code)).status_code == 404


def test_last_notes_are_offered_again(exam, browser, record):
    services.record_tap(record, make_tap("T", note="Terlalu cepat"), by=record.recorder)

    chips = re.search(r'<script id="chips" type="application/json">(.*?)</script>', page(browser, record)).group(1)
    assert json.loads(chips) == ["Terlalu cepat"]
