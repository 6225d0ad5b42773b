"""An admin brings a colleague in and names the LSP; the audit log tells it. Language and look are one click away."""

import re

from playwright.sync_api import expect

from tests.journeys.conftest import DESK
from tests.journeys.people import PASSWORD, Applicant


def test_invited_colleague_sets_a_password_and_the_log_tells_all(visit):
    admin, colleague, who = visit(DESK), visit(DESK), Applicant()
    admin.enter_as("Admin LSP")
    invite(admin, who)
    name_the_lsp(admin, phone=f"021-555-{who.number}")

    letter = colleague.read_mail(who.email, "Undangan petugas")
    assert "Auditor" in letter
    colleague.follow_link_of(letter, "/akun/undangan/")
    colleague.sees(who.email, "Peran Anda: Auditor")
    colleague.fill("Kata sandi", PASSWORD)
    colleague.shoot("invitation")
    colleague.click("Buat kata sandi dan masuk")
    colleague.sees("Selamat datang. Akun Anda siap dipakai.")
    colleague.shoot("auditor-home")

    colleague.go_by_menu("Jejak audit")
    colleague.sees("Petugas diundang", "Undangan diterima", "Identitas LSP diubah", "Rina Kusumawardani")
    colleague.shoot("audit-log")
    colleague.follow_link_of(letter, "/akun/undangan/")
    colleague.sees("Undangan")  # a link serves once
    expect(colleague.page.get_by_role("button", name="Buat kata sandi dan masuk")).to_have_count(0)


def invite(admin, who):
    admin.go_by_menu("Pengguna dan peran")
    admin.shoot("people")
    admin.click("Undang petugas")
    admin.fill("Nama lengkap", who.name)
    admin.fill("Email", who.email)
    admin.tick("Auditor")
    admin.shoot("invite")
    admin.click("Kirim undangan")
    admin.sees(f"Undangan untuk {who.email} sedang dikirim.")
    admin.shoot("person")


def name_the_lsp(admin, phone):
    """Settings that every page and mail shows."""
    admin.go_by_menu("Identitas LSP")
    admin.fill("Telepon", phone)
    admin.shoot("lsp-settings")
    admin.click("Simpan pengaturan")
    admin.sees("Pengaturan LSP tersimpan.")
    expect(admin.page.get_by_role("contentinfo")).to_contain_text(phone)


def test_language_is_switched_on_the_same_page_and_kept(visit):
    person = visit()
    person.open("/kelayakan/")
    person.sees("Periksa kelayakan")
    person.click("English")
    expect(person.page.locator("html")).to_have_attribute("lang", "en")
    assert person.page.url.endswith("/kelayakan/")
    person.sees("Check")
    person.shoot("english-quick-check")
    person.open("/tentang/")
    expect(person.page.locator("html")).to_have_attribute("lang", "en")
    person.shoot("english-about")
    person.click("Bahasa Indonesia")
    expect(person.page.locator("html")).to_have_attribute("lang", "id")
    person.sees("Apa itu Pelatihan TOT BNSP")


def test_look_is_switched_and_kept(visit):
    person = visit()
    person.open("/tentang/")
    light = ground(person)
    person.click("Gelap")
    expect(person.page.get_by_role("button", name="Gelap")).to_have_attribute("aria-pressed", "true")
    assert ground(person) != light
    person.open("/")
    assert ground(person) != light
    person.shoot("home-dark")
    person.click("Sistem")
    assert ground(person) == light


def ground(person):
    colour = person.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert re.match(r"rgb", colour)
    return colour
