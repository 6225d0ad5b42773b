"""The acts of the main job, each as a person does it: by the words on the screen."""

from datetime import date
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.people import PASSWORD, Applicant, Applied, paper
from tests.journeys.visitor import Visitor

SCHEME = "Pelatihan Asesor Kompetensi - Umum (TOT BNSP)"
MONTHS = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
)  # fmt: skip
FORM_CLICKS = 40  # the whole application with all data at hand
BATCH_CLICKS = 6  # a batch from its template
UPLOADED = "Terunggah"


# --- the admin plans


def create_batch(admin: Visitor, name: str, *, seats: int) -> None:
    """From the dashboard to a draft, in few clicks: most of the page is proposed already."""
    admin.enter_as("Admin LSP")
    with admin.at_most(BATCH_CLICKS):
        admin.click("Buat angkatan")
        admin.shoot("choose-scheme")
        admin.click(f"Pakai skema ini {SCHEME}")
        admin.fill("Nama angkatan", name)
        admin.choose("Tempat", "TUK Gedung Merdeka, Jakarta")
        admin.fill("Jumlah kursi", str(seats))
        admin.fill("Peserta paling sedikit", "1")
        facilitators = admin.page.get_by_role("group", name="Fasilitator")
        admin.tick("Bambang Hartono (bambang.asesor@contoh.test)", within=facilitators)
        admin.tick("Sri Mulatsih (asesor2@contoh.test)", within=facilitators)
        admin.shoot("create-batch")
        admin.click("Buat angkatan", exact=True)
    admin.sees(f"{name} dibuat sebagai draf.")


def open_batch(admin: Visitor) -> None:
    """What the list of readiness demands: the letter to BNSP, the approval, then the button."""
    admin.sees("Kirim surat permohonan ke BNSP, lalu catat nomornya.")
    admin.shoot("batch-draft")
    admin.click("Catat surat ke BNSP")
    admin.fill("Nomor surat permohonan", "012/LSP-C/2026")
    fill_today(admin, "Tanggal surat")
    admin.click("Catat surat", exact=True)
    admin.sees("Catat nomor persetujuan dari BNSP.")
    admin.click("Catat persetujuan BNSP")
    admin.fill("Nomor persetujuan BNSP", "B.245/BNSP/2026")
    fill_today(admin, "Tanggal surat")
    admin.click("Catat persetujuan", exact=True)
    admin.click("Buka pendaftaran", exact=True)
    admin.sees("Pendaftaran dibuka. Angkatan ini sekarang terlihat oleh umum.")
    admin.shoot("batch-open")


def fill_today(visitor: Visitor, label: str) -> None:
    today = date.today()
    visitor.date(label, today.day, MONTHS[today.month - 1], today.year)


def any_open_batch(admin: Visitor) -> str:
    """The name of a batch that takes registrations; made when there is none."""
    admin.open("/angkatan/")
    cards = admin.page.locator("article.card .kicker")
    if not cards.count():
        create_batch(admin, "Angkatan 1 Umum", seats=20)
        open_batch(admin)
        return "Angkatan 1 Umum"
    return cards.first.inner_text()


# --- somebody becomes a participant


def check_eligibility(person: Visitor, batch: str) -> None:
    """Four questions without an account; ends on the page of the batch."""
    person.open("/")
    person.shoot("home")
    person.click("Periksa kelayakan dahulu")
    person.choose("Skema yang ingin Anda ikuti", SCHEME)
    if not person.javascript:
        person.click("Lanjutkan")
    person.sees("Jawab pertanyaan untuk melihat hasil tiap syarat.")
    person.choose("Pendidikan terakhir Anda", "Sarjana / Diploma 4")
    person.fill("Lama bekerja di bidang yang akan Anda ases, dalam tahun", "6")
    person.tick("Ya, masih berlaku")
    person.click("Lihat hasil")
    person.sees("Pengalaman 6 tahun", "Dokumen yang disiapkan", "Hasil ini perkiraan dari jawaban Anda.")
    person.shoot("quick-check")
    person.click(batch)


def sign_up(person: Visitor, who: Applicant) -> None:
    """From the button of the batch to a verified account; ends where it began."""
    person.click("Daftar", exact=True)
    person.fill("Nama lengkap", who.name)
    person.fill("Email", who.email)
    person.fill("Kata sandi", PASSWORD)
    person.tick("Saya sudah membaca pemberitahuan privasi dan menyetujui pemrosesan data saya")
    person.shoot("sign-up")
    person.click("Buat akun", within=person.page.locator("main"))
    person.sees("Periksa email Anda")
    letter = person.read_mail(who.email, "Satu langkah lagi: pastikan email Anda")
    person.shoot("mail-verify")
    person.follow_link_of(letter, "/akun/email/konfirmasi/")
    person.click("Ya, ini email saya")


def sign_in(person: Visitor, who: Applied) -> None:
    """Where a page asks for it; ends on that page."""
    person.fill("Email", who.email)
    person.fill("Kata sandi", PASSWORD)
    person.click("Masuk", within=person.page.locator("main"), exact=True)


# --- the application


def fill_application(person: Visitor, who: Applicant, folder: Path) -> None:
    """Every part from the first to the button that sends; ends on the receipt."""
    with person.at_most(FORM_CLICKS):
        person.click("Daftar", exact=True)
        person.sees("Anda sudah menyelesaikan 0 dari 7 bagian.")
        person.shoot("tasks-new")
        person.click("Lanjutkan", exact=True)
        fill_target(person, who)
        fill_identity(person, who)
        fill_education(person)
        fill_experience(person, who)
        fill_self_assessment(person)
        upload_documents(person, who, folder)
        tick_declarations(person)
        check_and_send(person, who)


def fill_target(person: Visitor, who: Applicant) -> None:
    person.sees("Langkah 1 dari 8")
    person.fill("Skema atau bidang yang akan Anda ases", who.field)
    next_part(person, "Data diri")


def fill_identity(person: Visitor, who: Applicant) -> None:
    person.fill("NIK", who.nik)
    person.fill("Tempat lahir", "Bandung")
    person.date("Tanggal lahir", who.born.day, MONTHS[who.born.month - 1], who.born.year)
    person.tick("Perempuan")
    person.fill("Nomor WhatsApp", "0812-3456-7890")
    person.fill("Alamat tempat tinggal", "Jalan Merdeka 10, Bandung")
    person.shoot("identity")
    next_part(person, "Pendidikan")


def fill_education(person: Visitor) -> None:
    person.choose("Pendidikan terakhir", "Sarjana / Diploma 4")
    person.fill("Sekolah atau perguruan tinggi", "Universitas Padjadjaran")
    person.fill("Tahun lulus", "2010")
    next_part(person, "Pengalaman kerja")


def fill_experience(person: Visitor, who: Applicant) -> None:
    person.fill("Instansi atau perusahaan", who.employer)
    person.fill("Jabatan", "Kepala Tata Usaha")
    person.date("Mulai", None, "Maret", date.today().year - 8)
    person.tick("Masih bekerja di sini")
    if person.javascript:  # the rule answers while one types
        person.sees("cukup untuk syarat 3 tahun.")
    person.shoot("experience")
    next_part(person, "Asesmen mandiri")


def fill_self_assessment(person: Visitor) -> None:
    for unit in person.page.locator("fieldset.group").all():
        person.tick("Kompeten", within=unit)
        person.fill("Bukti yang relevan", "Menyusun rencana uji di tempat kerja.", within=unit)
    person.shoot("self-assessment")
    next_part(person, "Dokumen")


def upload_documents(person: Visitor, who: Applicant, folder: Path) -> None:
    """One after the other, as the portal leads; facts where the document has some."""
    person.shoot("documents")
    person.click("Unggah berikutnya")
    while person.page.get_by_text("Berkas", exact=True).count():
        code = person.page.url.rstrip("/").rpartition("/")[2]
        if code == "SERKOM":
            fill_certificate(person, who)
        elif code == "REKOM":
            person.fill("LSP yang memberi rekomendasi", "LSP Contoh Nusantara")
        upload(person, paper(folder, code, who.name))
        person.shoot(f"document-{code.lower()}")
        person.click("Simpan dan lanjutkan")


def fill_certificate(person: Visitor, who: Applicant) -> None:
    year = date.today().year
    person.fill("Nomor sertifikat", f"SK-{who.number}")
    person.fill("Penerbit", "LSP Teknik Contoh")
    person.fill("Skema pada sertifikat", who.field)
    person.date("Tanggal terbit", 1, "Juli", year - 1)
    person.date("Berlaku sampai", 30, "Juni", year + 2)


def upload(person: Visitor, path: Path) -> None:
    person.choose_file("Pilih berkas", path)
    if person.javascript:
        person.sees(UPLOADED)


def tick_declarations(person: Visitor) -> None:
    person.sees("Baca tiap pernyataan, lalu centang satu per satu.")
    for box in person.page.get_by_role("checkbox").all():
        box.check()
        person.clicks += 1
    person.shoot("declarations")
    next_part(person, "Periksa jawaban Anda sebelum mengirim")


def check_and_send(person: Visitor, who: Applicant) -> None:
    """The last look: everything in words, the number masked, the rules."""
    person.sees(who.name, who.field, "PT Nusantara Data", f"3174 •••• •••• {who.nik[-4:]}", "kelompok syarat terpenuhi")
    assert who.nik not in person.page.content()
    person.shoot("check-answers")
    person.click("Kirim pendaftaran")
    person.sees("Pendaftaran terkirim", "Paling lambat")
    person.shoot("receipt")


def next_part(person: Visitor, title: str) -> None:
    person.click("Simpan dan lanjutkan")
    expect(person.page.get_by_role("heading", level=1, name=title)).to_be_visible()


# --- the desk


def open_file(admin: Visitor, who: Applicant | Applied) -> None:
    """From the menu to the file of this person."""
    if not admin.page.locator(".side-nav").count():
        admin.enter_as("Admin LSP")
    admin.go_by_menu("Pendaftaran")
    admin.fill("Nama, nomor, atau 4 angka akhir NIK", who.nik[-4:])
    admin.click("Saring")
    admin.shoot("queue")
    admin.click(who.name, within=admin.page.locator("#queue"))


def find_eligible(admin: Visitor, who: Applicant) -> None:
    """All documents are fine; ends on the file of this person."""
    open_file(admin, who)
    admin.click("Semua sesuai")
    admin.sees("dokumen ditandai sesuai.")
    admin.click("Nyatakan memenuhi syarat")
    admin.sees(f"{who.name} memenuhi syarat.")
    open_file(admin, who)


def confirm(admin: Visitor, who: Applicant) -> None:
    find_eligible(admin, who)
    admin.click("Konfirmasi kursi")


def release_decisions(admin: Visitor, *, mails: int = 1) -> None:
    """From the file of a decided person: the mails waited; what was overtaken ends, the newest goes out."""
    admin.sees("Surat keputusan ditahan, lepas bersama.")
    admin.click("Buka surat keputusan")
    admin.sees(f"{mails} surat akan dikirim, {mails} akan dibatalkan", "ada surat yang lebih baru kepada orang ini.")
    admin.shoot("decision-mails")
    admin.click(f"Lepas semua ({mails})")
    admin.click(f"Lepas {mails} surat")
    admin.sees(f"{mails} surat masuk antrean kirim.")


# --- what the participant reads


def assert_same_words(person: Visitor, letter: str) -> None:
    """The state box of the page says what the mail says."""
    words = " ".join(letter.split())
    for line in person.page.locator(".state-title, .state-body > p:not(.state-label), .state-facts dd").all():
        assert line.inner_text().strip() in words, f"“{line.inner_text()}” is not in the mail: {words}"
