"""The acts of the second half of the main job, from the timetable to the certificate, by the words on the screen."""

from collections.abc import Iterable
from hashlib import sha256

import pypdfium2
import zxingcpp
from playwright.sync_api import Locator, expect

from tests.journeys.visitor import Visitor

SCHEME = "Pelatihan Asesor Kompetensi - Jasa Konstruksi"  # of tests.journeys.scenes
SAVED = "Tersimpan di server pukul"
SITI = "Siti Rahmawati"
RENDERING = 60_000  # milliseconds for the files of a class
SENDING = 60_000  # milliseconds for a whole sheet on a busy machine


def open_batch(staff: Visitor, batch: str) -> None:
    """From the menu to the page of this batch."""
    staff.go_by_menu("Daftar angkatan")
    staff.click(batch, within=staff.page.locator("main"))


def open_training(person: Visitor, batch: str) -> None:
    """From the participant's home to the registration in this batch."""
    person.click(SCHEME, within=person.page.get_by_role("article").filter(has_text=batch))


# --- timetable and attendance


def change_session(admin: Visitor, *, room: str, teacher: str, instead_of: Iterable[str]) -> None:
    """On the page of the session: that room and that teacher, without those that were ticked."""
    for label in instead_of:
        admin.untick(label)
    admin.tick(f"{room} (30 orang)")
    admin.tick(teacher)
    admin.click("Simpan sesi")


def call_the_roll(staff: Visitor, session: str, exceptions: dict[str, str]) -> None:
    """From the page of the batch: everybody is present but these."""
    staff.tab("Kehadiran")
    staff.click(session, within=staff.page.locator("main"))
    staff.shoot("roll-call")
    for name, status in exceptions.items():
        staff.tick(status, within=staff.page.get_by_role("group", name=name))
    staff.click("Simpan kehadiran")
    staff.sees(f"Kehadiran “{session}” tersimpan.")


# --- recording


def criteria(assessor: Visitor) -> list[Locator]:
    """The lines of the sheet that are criteria, not evidence."""
    return assessor.page.locator(".rec-line:not(.rec-aspect)").all()


def begin_recording(assessor: Visitor, batch: str) -> None:
    """From the list of duties to the sheet of the only exam in this batch."""
    assessor.click("Mulai merekam", within=assessor.page.get_by_role("listitem").filter(has_text=batch))
    assessor.click("Saya menyatakan demikian dan mulai merekam")


def go_on_recording(assessor: Visitor, batch: str) -> None:
    """The same on a second device."""
    assessor.click("Lanjutkan merekam", within=assessor.page.get_by_role("listitem").filter(has_text=batch))


def sees_all_saved(assessor: Visitor, count: str = "") -> None:
    """The line at the foot of the sheet: how much is recorded, and that the server has it."""
    expect(assessor.page.get_by_role("status")).to_contain_text(f"{count} {SAVED}", timeout=SENDING)


def sees_waiting(assessor: Visitor, count: int) -> None:
    """The same line while so many values are on the device only."""
    words = f"{count} nilai menunggu jaringan. Aman di perangkat ini."
    expect(assessor.page.get_by_role("status")).to_contain_text(words)


def rate_evidence(assessor: Visitor) -> None:
    """Every piece of evidence is valid, asli, terkini and memadai."""
    for button in assessor.page.get_by_role("button", name="Keempatnya Ya").all():
        button.click()
        assessor.clicks += 1


def sign(assessor: Visitor, name: str = "Bambang Hartono") -> None:
    """On the page that reviews the sheet."""
    assessor.sees("Rekomendasi: kompeten")
    assessor.fill("Ringkasan", "Runtut dari perencanaan sampai laporan.")
    assessor.fill("Tanda tangan: ketik nama Anda", name)
    assessor.shoot("record-review")
    assessor.click("Tanda tangani dan kunci")
    assessor.sees("Ditandatangani Bambang Hartono")
    assessor.shoot("record-signed")


def expect_chosen(line: Locator, label: str) -> None:
    expect(line.get_by_label(label, exact=True)).to_be_checked()


# --- results and certificates


def confirm_name(person: Visitor, batch: str) -> None:
    """The participant looks at the name as it will be printed, and confirms it."""
    open_training(person, batch)
    person.tab("Sertifikat")
    person.sees("Anda belum mengonfirmasi nama yang akan dicetak.")
    person.shoot("my-checklist")
    person.click("Konfirmasi nama")
    person.shoot("confirm-name")
    person.tick("Nama ini sudah benar dan boleh dicetak")
    person.click("Konfirmasi nama", exact=True)
    person.sees("Nama pada sertifikat sudah Anda konfirmasi.")


def decide_and_release(director: Visitor, people: list[str]) -> None:
    """From the board of results: everything that is recommended. One click ticks all, where there is JavaScript."""
    if director.javascript:
        director.click("Centang semua")
    else:
        for name in people:
            director.tick(name)
    director.click("Tetapkan yang dicentang")
    director.sees(f"{len(people)} hasil ditetapkan.")
    director.shoot("results-decided")
    director.click("Rilis hasil")
    director.shoot("results-release")
    director.click("Rilis hasil", exact=True)
    director.sees(f"{len(people)} hasil dirilis.")


def read_result(person: Visitor, batch: str) -> None:
    """What the participant sees, in the mail and on the page."""
    letter = person.read_mail("siti.rahmawati@contoh.test", "Hasil uji", about=batch)
    person.shoot("mail-result")
    person.follow_link_of(letter, "/pendaftaran/saya/")
    person.sees("Kompeten")
    person.shoot("my-result")


def download_twice(person: Visitor, batch: str) -> bytes:
    """The same bytes each time, and in the mail: that is the certificate."""
    letter = person.read_mail("siti.rahmawati@contoh.test", "Sertifikat pelatihan Anda", about=batch)
    person.shoot("mail-certificate")
    attached = person.download("Unduh lampiran")
    person.follow_link_of(letter, "/pendaftaran/saya/")
    person.sees("Selamat, sertifikat Anda sudah terbit")
    person.shoot("my-certificate")
    first, second = (person.download("Unduh sertifikat (PDF)") for _time in range(2))
    assert sha256(first).digest() == sha256(second).digest() == sha256(attached).digest()
    return first


def issue_all(director: Visitor, scene: dict) -> None:
    """From the director's home to the numbers of everybody who is ready."""
    count = len(scene["people"])
    director.click("siap diterbitkan sertifikatnya")
    director.click(SITI, within=director.page.get_by_role("row").filter(has_text=scene["batch"]))
    director.shoot("certificates-ready")
    director.click("Periksa daftar yang dicentang")
    director.shoot("certificates-ask")
    director.click(f"Terbitkan {count} sertifikat")
    director.sees(f"{count} sertifikat terbit.")
    director.shoot("certificates-progress")


def watch_files(director: Visitor, count: int) -> None:
    """Until all files are made: the page tells it by itself, or asked again."""
    done = director.page.get_by_text(f"{count} dari {count} berkas selesai dibuat.")
    while not director.javascript and not done.count():
        director.click("Muat ulang untuk melihat kemajuan")
    expect(done).to_be_visible(timeout=RENDERING)
    director.shoot("certificates-done")


def verify(stranger: Visitor, paper: bytes, batch: str) -> None:
    """Somebody without an account opens what the QR code of the paper says."""
    address = qr_address(paper)
    assert address.startswith(stranger.portal)
    stranger.open(address)
    stranger.sees("Asli dan berlaku", SITI, batch, "LSP Contoh Nusantara", "Hendra Wijaya, Direktur LSP Contoh")
    stranger.shoot("verify-genuine")


def qr_address(paper: bytes) -> str:
    """What a phone reads on the first page."""
    page = pypdfium2.PdfDocument(paper)[0]
    (code,) = zxingcpp.read_barcodes(page.render(scale=2).to_pil())
    return code.text


def revoke(director: Visitor, person: str, batch: str) -> None:
    """From the register."""
    director.go_by_menu("Sertifikat")
    director.shoot("register")
    director.fill("Nama atau nomor sertifikat", person)
    director.click("Saring")
    director.click("LSP-CN", within=director.page.get_by_role("row", name=person).filter(has_text=batch))
    director.shoot("certificate")
    director.click("Cabut")
    director.fill("Alasan", "Nama tercetak keliru.")
    director.shoot("revoke")
    director.click("Cabut sertifikat", exact=True)
    director.sees("Sertifikat dicabut. Pemegangnya dikabari.")
