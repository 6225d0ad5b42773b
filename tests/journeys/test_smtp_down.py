"""The mail server is away: an admin sees it, mends it, tries again, and the mail arrives."""

import socket
import threading
import time
from contextlib import contextmanager

from playwright.sync_api import expect

from tests.journeys import inside
from tests.journeys.conftest import DESK

SECONDS = 30
REASON = "Server email tidak dapat dihubungi."


def test_admin_sees_that_mail_does_not_go_out_mends_it_and_tries_again(visit):
    admin = visit(DESK)
    admin.enter_as("Admin LSP")
    with mail_server_away():
        admin.go_by_menu("Surat keluar")
        admin.click("Kirim surat uji")
        admin.sees("Surat uji ditulis untuk")
        wait_until_tried(admin)
        admin.sees("Percobaan berikutnya", REASON)
        admin.shoot("mail-retrying")
    inside.prepare("mail_waits_long")

    admin.open("/beranda/admin/")
    banner = admin.page.get_by_role("alert").filter(has_text="tertahan lebih dari 10 menit")
    expect(banner).to_contain_text(REASON)
    admin.shoot("mail-banner")
    admin.click("Lihat suratnya", within=banner)
    admin.click("Coba sekarang yang menunggu")
    admin.shoot("mail-retry-all")
    admin.click("Kirim ulang semua")
    admin.sees("surat masuk antrean lagi.")
    expect(banner).to_have_count(0)

    letter = admin.read_mail("rina.admin@contoh.test", "Surat uji dari portal")
    assert "Surat uji ini sampai" in letter
    assert admin.errors == []


@contextmanager
def mail_server_away():
    """The demo's mail server is killed, and its port hangs up on everybody; afterwards the portal starts it again."""
    sink = inside.program("mail_sink")
    port = int(sink.environ()["EMAIL_PORT"])
    sink.kill()
    sink.wait(SECONDS)
    with socket.create_server(("127.0.0.1", port)) as door:
        threading.Thread(target=hang_up, args=(door,), daemon=True).start()
        yield
        door.shutdown(socket.SHUT_RDWR)
    wait_for_greeting(port)


def hang_up(door):
    while True:
        try:
            door.accept()[0].close()
        except OSError:  # the door is gone
            return


def wait_for_greeting(port):
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as line:
                if line.recv(3) == b"220":
                    return
        except OSError:
            pass
        assert time.monotonic() < deadline, "the mail server does not come back"
        time.sleep(0.1)


def wait_until_tried(admin):
    """The page of the mail, until its first attempt has failed."""
    deadline = time.monotonic() + SECONDS
    while admin.page.get_by_text("Percobaan berikutnya").count() == 0:
        assert time.monotonic() < deadline, "nobody tries to send the mail"
        admin.page.wait_for_timeout(100)
        admin.page.reload()
