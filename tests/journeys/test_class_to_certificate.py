"""The second half of the main job by clicks alone: a class runs, is examined, decided on, and gets its certificates."""

import pytest
from playwright.sync_api import expect

from tests.journeys import class_steps as steps
from tests.journeys.class_steps import SITI
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.inside import prepare

TABLET = {"width": 820, "height": 1180}
CRITERIA = 81
RECORD_CLICKS = CRITERIA + 2  # from the list of duties: begin, declare, and one tap per criterion
ROLL_CALL_CLICKS = 5  # 24 people with two exceptions, from the page of the batch
DECIDE_CLICKS = 4  # from the page of the results to their release
ISSUE_CLICKS = 4  # from the director's home to the numbers


# --- a class on its first day


def test_admin_mends_a_clash_and_takes_attendance_of_24_people(visit):
    scene, admin = prepare("first_day", 24), visit(DESK)
    admin.enter_as("Admin LSP")
    steps.open_batch(admin, scene["batch"])
    admin.shoot("batch-running")
    admin.tab("Jadwal")
    admin.shoot("schedule")

    admin.click(f"Ubah {scene['session']}, {scene['hours']}")
    steps.change_session(admin, room=scene["taken"], teacher=scene["trainer"], instead_of=scene["own"][1:])
    admin.sees(f"{scene['taken']} tidak dapat dipakai dua kali", f"{scene['trainer']} tidak dapat dipakai dua kali")
    admin.sees(f"“{scene['session']}”, {scene['batch']}", f"“{scene['session']}”, {scene['other']}")
    admin.shoot("session-clash")
    admin.untick(f"{scene['taken']} (30 orang)")
    steps.change_session(admin, room=scene["free"], teacher=scene["spare"], instead_of=[scene["trainer"]])
    row = admin.page.get_by_role("row", name=scene["session"])
    expect(row).to_contain_text(scene["free"])
    expect(row).to_contain_text(scene["spare"])
    admin.shoot("schedule-changed")

    first, second = scene["people"][0], scene["people"][1]
    admin.tab("Ringkasan")
    with admin.at_most(ROLL_CALL_CLICKS):
        steps.call_the_roll(admin, scene["session"], {first: "Sakit", second: "Alpa"})
    admin.sees("Hadir 22 Sakit 1 Alpa 1", "Perlu susulan")
    admin.shoot("attendance-board")

    admin.click(f"Setujui susulan {first}: {scene['session']}")
    admin.fill("Alasan persetujuan", "Tugas pengganti diserahkan kepada fasilitator.")
    admin.shoot("make-up")
    admin.click("Setujui susulan", exact=True)
    admin.sees(f"Susulan {first} disetujui.", "Hadir 22 Alpa 1 Susulan 1")

    siti = visit(PHONE)
    siti.enter_as("Peserta")
    steps.open_training(siti, scene["batch"])
    siti.tab("Kehadiran")
    siti.sees(scene["session"], "Hadir")
    siti.shoot("my-attendance")
    siti.tab("Jadwal")
    siti.sees(scene["spare"], scene["free"])
    siti.shoot("my-schedule")
    assert admin.errors == siti.errors == []


# --- an exam


@pytest.mark.parametrize("viewport", [pytest.param(TABLET, id="tablet"), pytest.param(PHONE, id="phone")])
def test_assessor_records_all_criteria_with_one_tap_each(visit, viewport):
    scene, assessor = prepare("exam_play"), visit(viewport, has_touch=True)
    saved = []
    assessor.page.on("response", lambda answer: answer.url.endswith("/nilai/") and saved.append(answer.status))
    assessor.enter_as("Asesor senior")
    assessor.go_by_menu("Tugas menilai")
    assessor.shoot("duties")
    with assessor.at_most(RECORD_CLICKS):
        steps.begin_recording(assessor, scene["batch"])
        assessor.shoot("sheet-new")
        lines = steps.criteria(assessor)
        assert len(lines) == CRITERIA
        for line in lines:
            assessor.tick("Ya", within=line)
    steps.sees_all_saved(assessor, f"{CRITERIA}/91")
    assert saved == [200] * CRITERIA

    steps.rate_evidence(assessor)
    steps.sees_all_saved(assessor, "91/91")
    assessor.shoot("sheet-full")
    assessor.click("Periksa hasil")
    steps.sign(assessor)
    assert assessor.errors == []


def test_taps_without_network_are_sent_later_and_survive_a_reload(visit):
    scene, assessor = prepare("exam_play"), visit(PHONE)
    assessor.enter_as("Asesor senior")
    steps.begin_recording(assessor, scene["batch"])
    first, second, third, fourth, *_ = steps.criteria(assessor)
    assessor.tick("Ya", within=first)
    steps.sees_all_saved(assessor)

    with assessor.without_network():
        assessor.tick("Ya", within=second)
        assessor.tick("Tidak", within=third)
        assessor.fill("Catatan fakta", "Jadwal belum disepakati.", within=third)
        steps.sees_waiting(assessor, 3)  # two values, and a note to one of them
        assessor.shoot("sheet-offline")
    steps.sees_all_saved(assessor)

    with assessor.without_network(to="**/nilai/"):
        assessor.tick("Ya", within=fourth)
        steps.sees_waiting(assessor, 1)
        assessor.page.reload()
        steps.expect_chosen(fourth, "Ya")
        steps.sees_waiting(assessor, 1)
    assessor.page.reload()
    steps.sees_all_saved(assessor)

    elsewhere = visit(TABLET)
    elsewhere.enter_as("Asesor senior")
    steps.go_on_recording(elsewhere, scene["batch"])
    for line, label in zip(steps.criteria(elsewhere), ["Ya", "Ya", "Tidak", "Ya"], strict=False):
        steps.expect_chosen(line, label)
    expect(elsewhere.page.get_by_label("Catatan fakta").locator("visible=true")).to_have_value(
        "Jadwal belum disepakati."
    )
    assert assessor.errors == elsewhere.errors == []


def test_two_devices_that_disagree_are_settled_by_a_click(visit):
    scene, tablet, phone = prepare("exam_play"), visit(TABLET), visit(PHONE)
    tablet.enter_as("Asesor senior")
    steps.begin_recording(tablet, scene["batch"])
    phone.enter_as("Asesor senior")
    steps.go_on_recording(phone, scene["batch"])
    on_tablet, on_phone = steps.criteria(tablet)[0], steps.criteria(phone)[0]
    tablet.tick("Ya", within=on_tablet)
    steps.sees_all_saved(tablet)

    phone.tick("Tidak", within=on_phone)
    phone.sees("Perangkat lain mencatat “Ya”, Anda “Tidak”.")
    phone.shoot("sheet-conflict")
    with phone.at_most(2):
        phone.click("Pilih nilai")
        phone.shoot("conflict")
        phone.click("Pakai “Ya”")
    tablet.page.reload()
    steps.expect_chosen(on_tablet, "Ya")
    expect(tablet.page.get_by_text("Dua perangkat berbeda")).to_have_count(0)
    assert tablet.errors == phone.errors == []


# --- results and certificates


def test_director_issues_24_certificates_and_a_stranger_verifies_one(visit):
    scene = prepare("recommended_class", 24)
    siti, director, stranger = visit(PHONE), visit(DESK), visit(PHONE)
    siti.enter_as("Peserta")
    steps.confirm_name(siti, scene["batch"])

    director.enter_as("Pimpinan")
    director.shoot("director-home")
    steps.open_batch(director, scene["batch"])
    director.tab("Hasil")
    director.shoot("results-recommended")
    with director.at_most(DECIDE_CLICKS):
        steps.decide_and_release(director, scene["people"])
    director.shoot("results-released")
    steps.read_result(siti, scene["batch"])

    director.go_by_menu("Beranda pimpinan")
    with director.at_most(ISSUE_CLICKS):
        steps.issue_all(director, scene)
    steps.watch_files(director, 24)
    steps.verify(stranger, steps.download_twice(siti, scene["batch"]), scene["batch"])

    steps.revoke(director, SITI, scene["batch"])
    stranger.page.reload()
    stranger.sees("Dicabut", "Nama tercetak keliru.")
    stranger.shoot("verify-revoked")
    assert siti.errors == director.errors == stranger.errors == []


# --- the same without JavaScript


def test_small_class_goes_from_attendance_to_verification_without_javascript(visit):
    scene = prepare("small_class", 6)
    assessor, director, siti, stranger = (visit(PHONE, javascript=False) for _ in range(4))
    assessor.enter_as("Asesor senior")
    assessor.click(scene["batch"], within=assessor.page.locator("main"))
    steps.call_the_roll(assessor, scene["session"], {})
    assessor.sees("100%")

    assessor.go_by_menu("Tugas menilai")
    steps.begin_recording(assessor, scene["batch"])
    for choice in assessor.page.get_by_label("Ya", exact=True).all():
        choice.check()
    assessor.click("Simpan tahap ini")
    assessor.sees("nilai tersimpan di server.")
    assessor.shoot("sheet-plain")
    assessor.click("Periksa hasil")
    steps.sign(assessor)

    director.enter_as("Pimpinan")
    steps.open_batch(director, scene["batch"])
    director.tab("Hasil")
    steps.decide_and_release(director, scene["people"])
    director.go_by_menu("Beranda pimpinan")
    steps.issue_all(director, scene)
    steps.watch_files(director, 6)

    siti.enter_as("Peserta")
    paper = steps.download_twice(siti, scene["batch"])
    steps.verify(stranger, paper, scene["batch"])
