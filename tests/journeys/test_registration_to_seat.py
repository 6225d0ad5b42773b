"""The portal's main job by clicks alone: a batch opens, a person registers, is reviewed, and gets a seat."""

import pytest

from tests.journeys import steps
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.inside import prepare
from tests.journeys.people import RUN, Applicant, Applied, numbers, paper

BROWSERS = [
    pytest.param(PHONE, True, id="phone"),
    pytest.param(DESK, True, id="desk", marks=pytest.mark.long),  # the same clicks on a wider page
    pytest.param(PHONE, False, id="phone without JavaScript"),
]


@pytest.mark.parametrize(("viewport", "javascript"), BROWSERS)
def test_registration_leads_from_sign_up_to_a_confirmed_seat(visit, tmp_path, viewport, javascript):
    admin, person = (visit(viewport, javascript=javascript) for _ in range(2))
    batch, who = f"Angkatan {next(numbers)}-{RUN}", Applicant()
    steps.create_batch(admin, batch, seats=1)
    steps.open_batch(admin)

    steps.check_eligibility(person, batch)
    steps.sign_up(person, who)
    steps.fill_application(person, who, tmp_path)
    person.sees(who.email)
    assert "Admin LSP memeriksa berkas" in person.read_mail(who.email, "sudah kami terima")

    return_one_document(admin, who)
    mend_it(person, who, tmp_path)
    steps.confirm(admin, who)
    admin.sees(f"Kursi {who.name} terkonfirmasi.")
    admin.shoot("review-confirmed")
    person.open("/beranda/peserta/")
    person.sees("Terkonfirmasi")  # the page says it at once; only the mail waits
    steps.release_decisions(admin)

    letter = person.read_mail(who.email, "Kursi Anda terkonfirmasi")
    person.shoot("mail-confirmed")
    person.follow_link_of(letter, "/pendaftaran/saya/")
    person.sees("Kursi Anda sudah terkonfirmasi.", "Terkonfirmasi")
    steps.assert_same_words(person, letter)
    person.shoot("confirmed")

    if not javascript:  # once is enough, and no page of it knows JavaScript
        others_wait_and_the_first_of_them_moves_up(visit, person, admin, batch)
    assert admin.errors == person.errors == []


def return_one_document(admin, who):
    """The desk sends one document back with a ready-made reason and some words."""
    steps.open_file(admin, who)
    admin.shoot("review")
    card = admin.page.locator("article.card", has_text="Surat rekomendasi LSP")
    admin.unfold("Perbaiki", within=card)
    admin.choose("Alasan siap pakai", "Tanda tangan atau stempel belum ada. Lengkapi, lalu unggah lagi.", within=card)
    admin.fill("Tambahan alasan", "Stempel LSP belum terlihat.", within=card)
    admin.click("Tandai perlu diperbaiki", within=card)
    admin.sees("Stempel LSP belum terlihat.")
    admin.click("Minta perbaikan")
    admin.shoot("return")
    admin.click("Minta perbaikan", exact=True)
    admin.sees("Keputusan tersimpan. Peserta dikabari lewat email.")


def mend_it(person, who, folder):
    """The participant replaces exactly that document and sends again."""
    letter = person.read_mail(who.email, "[Perlu tindakan, paling lambat")
    assert "Surat rekomendasi LSP" in letter
    assert "Stempel LSP belum terlihat." in letter
    assert "Alasan: Surat rekomendasi LSP" not in letter  # its own words say it
    person.shoot("mail-returned")
    person.follow_link_of(letter, "/pendaftaran/saya/")
    person.sees("Perbaiki yang diminta, lalu kirim lagi", "Stempel LSP belum terlihat.")
    steps.assert_same_words(person, letter)
    person.shoot("returned")
    with person.at_most(4):
        person.click("Ganti berkas Surat rekomendasi LSP")
        person.choose_file("Ganti berkas", paper(folder, "REKOM", "Dengan stempel"))
        if person.javascript:
            person.sees(steps.UPLOADED)
        person.click("Simpan dan lanjutkan")
        person.click("Periksa dan kirim")
    person.click("Kirim pendaftaran")
    person.sees("Pendaftaran terkirim")


def others_wait_and_the_first_of_them_moves_up(visit, first, admin, batch):
    """Two more people for the one seat: both wait in order; the seat's owner withdraws, the next one has it."""
    others = [Applied(**told) for told in prepare("eligible_people", batch, 2)["people"]]
    for position, other in enumerate(others, 1):
        steps.open_file(admin, other)
        admin.click("Konfirmasi kursi")
        admin.sees(f"Kursi penuh. {other.name} di urutan {position} daftar tunggu.")
    steps.release_decisions(admin, mails=2)
    people = [visit(first.page.viewport_size, javascript=first.javascript) for _ in others]
    for position, (other, person) in enumerate(zip(others, people, strict=True), 1):
        letter = person.read_mail(other.email, "Anda masuk daftar tunggu")
        person.follow_link_of(letter, "/pendaftaran/saya/")
        steps.sign_in(person, other)
        person.sees(f"Anda di urutan {position} daftar tunggu.")
        steps.assert_same_words(person, letter)
    people[1].shoot("waiting")

    first.click("Tarik pendaftaran")
    first.shoot("withdraw")
    first.click("Tarik pendaftaran", exact=True)
    first.sees("Pendaftaran sudah ditarik.")
    next_person, last_person = people
    letter = next_person.read_mail(others[0].email, "Ada kursi untuk Anda")
    next_person.follow_link_of(letter, "/pendaftaran/saya/")
    next_person.sees("Kursi Anda sudah terkonfirmasi.")
    steps.assert_same_words(next_person, letter)
    last_person.open("/beranda/peserta/")
    last_person.sees("Anda di urutan 1 daftar tunggu.")
    last_person.shoot("participant-home")
