"""The demo's bar, mailbox and walk. Its routes exist in the demo only."""

from email.message import EmailMessage

import pytest
from django.test import override_settings
from django.urls import NoReverseMatch, resolve, reverse

from accounts.roles import Role
from tests.factories.accounts import make_user
from tests.factories.batches import load_schemes, make_batch
from tests.tot_portal.pages import Page
from tot_portal.access import ACCESS, Who
from tot_portal.demo import mailbox, views, walk
from tot_portal.demo.people import BY_ROLE, PEOPLE

pytestmark = pytest.mark.django_db
MAIL = (
    b"From: Portal <no-reply@contoh.test>\r\nTo: %s\r\nSubject: Bukti pengiriman\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/alternative; boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n'
    b"Pendaftaran terkirim. https://localhost/pendaftaran/\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b"<html><head></head><body><p>Pendaftaran terkirim.</p></body></html>\r\n--x--\r\n"
)


@pytest.fixture
def demo(settings, tmp_path):
    """The portal as `make run` starts it."""
    settings.DEMO_MAIL_DIR = tmp_path
    with override_settings(ROOT_URLCONF="tests.tot_portal.demo_urls", DEMO=True, SECOND_FACTOR_REQUIRED=False):
        yield tmp_path


def deliver(folder, name, to=b"siti@contoh.test"):
    (folder / name).write_bytes(MAIL % to)


# --- only in the demo


@pytest.mark.parametrize("address", ["/demo/surat/", "/demo/ikuti-alur/", "/demo/masuk/admin/", "/dev/komponen/"])
def test_production_has_no_demo(client, address):
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("demo:mail_list")


def test_production_shows_no_demo_bar(client):
    assert "demo-bar" not in client.get(reverse("home")).content.decode()


# --- one click into a role


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.role.value)
def test_bar_enters_as_the_person_of_the_role(demo, client, person):
    make_user(person.email, name=person.name, role=person.role, second_factor=False)

    response = client.post(reverse("demo:enter", args=[person.role]), follow=True)

    assert response.status_code == 200
    assert response.wsgi_request.user.email == person.email
    assert response.context["demo_bar"]


def test_bar_leads_on_to_our_own_pages_only(demo, client):
    make_user(BY_ROLE[Role.ADMIN].email, role=Role.ADMIN, second_factor=False)
    address = reverse("demo:enter", args=[Role.ADMIN])

    assert client.post(address, {"next": "/surat/"}).url == "/surat/"
    assert client.post(address, {"next": "https://evil.example/"}).url == reverse("dashboard")


@pytest.mark.parametrize("role", ["owner", "", "participant"])
def test_bar_knows_its_own_people_only(demo, client, role):
    assert client.post(f"/demo/masuk/{role}/").status_code == 404


def test_entering_is_a_button_not_a_link(demo, client):
    assert client.get(reverse("demo:enter", args=[Role.ADMIN])).status_code == 405


# --- the mailbox


def test_mailbox_shows_the_newest_first_and_one_address(demo, client):
    deliver(demo, "20260101T000000-a.eml")
    deliver(demo, "20260102T000000-b.eml", b"joko@contoh.test")

    assert [mailbox.read(path).to for path in mailbox.newest()] == ["joko@contoh.test", "siti@contoh.test"]
    assert [mailbox.read(path).to for path in mailbox.newest("SITI@contoh.test")] == ["siti@contoh.test"]
    page = client.get(reverse("demo:mail_list"), {"untuk": "siti"}).content.decode()
    assert "siti@contoh.test" in page
    assert "joko@contoh.test" not in page


def test_empty_mailbox_says_what_to_do(demo, client):
    response = client.get(reverse("demo:mail_list"))

    assert "Belum ada surat" in response.content.decode()
    assert list(Page(response).faults()) == []


def test_mailbox_pages_what_it_has_and_tells_none_found_from_none_there(demo, client, monkeypatch):
    monkeypatch.setattr(views, "MAILS_PER_PAGE", 2)
    for day in (1, 2, 3):
        deliver(demo, f"2026010{day}T000000-a.eml")

    last = client.get(reverse("demo:mail_list"), {"h": 2}).content.decode()
    unknown = client.get(reverse("demo:mail_list"), {"untuk": "joko"}).content.decode()

    assert "3–3 dari 3 surat" in last
    assert f'href="{reverse("demo:mail_list")}?h=2"' in last  # to look for new ones
    assert last.count("Bukti pengiriman") == 1
    assert "Tidak ada yang cocok" in unknown
    assert "Belum ada surat" not in unknown


def test_mail_server_of_the_demo_is_switched_off_and_on(demo, client):
    address = reverse("demo:switch_mail_server")

    off = client.post(address, {"server": "off"}, follow=True)
    assert mailbox.is_server_off(demo)
    on = client.post(address, {"server": "on"}, follow=True)
    assert not mailbox.is_server_off(demo)

    assert [answer.content.decode().count("Hidupkan lagi") for answer in (off, on)] == [1, 0]
    assert list(Page(off).faults()) == []


def test_mail_is_shown_in_a_sandbox(demo, client):
    deliver(demo, "a.eml")

    page = Page(client.get(reverse("demo:mail_detail", args=["a.eml"])))
    body = client.get(reverse("demo:mail_html", args=["a.eml"]))

    frame = page.tree.xpath("//iframe")[0]
    assert "allow-scripts" not in frame.get("sandbox")
    assert "allow-same-origin" not in frame.get("sandbox")
    assert frame.get("src") == reverse("demo:mail_html", args=["a.eml"])
    assert "script-src 'none'" in body["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in body["Content-Security-Policy"]
    assert body["X-Frame-Options"] == "SAMEORIGIN"
    assert list(page.faults()) == []


def test_attachment_of_a_mail_is_kept_as_it_came(demo, client):
    message = EmailMessage()
    message["To"], message["Subject"] = "siti@contoh.test", "Sertifikat Anda"
    message.set_content("Terlampir.")
    message.add_attachment(b"%PDF-1.7 isi", maintype="application", subtype="pdf", filename="Sertifikat 0001.pdf")
    (demo / "a.eml").write_bytes(message.as_bytes())

    page = Page(client.get(reverse("demo:mail_detail", args=["a.eml"])))
    address = reverse("demo:mail_attachment", args=["a.eml", 1])
    file = client.get(address)

    assert address in page.links()
    assert list(page.faults()) == []
    assert (file.content, file["Content-Type"]) == (b"%PDF-1.7 isi", "application/pdf")
    assert file["Content-Disposition"] == 'attachment; filename="Sertifikat 0001.pdf"'
    assert client.get(reverse("demo:mail_attachment", args=["a.eml", 2])).status_code == 404
    assert client.get(reverse("demo:mail_attachment", args=["a.eml", 0])).status_code == 404


@pytest.mark.parametrize("name", ["missing.eml", "..%2Fsecrets.env", "%2e%2e"])
def test_mailbox_opens_mails_only(demo, client, name):
    (demo.parent / "secrets.env").write_text("SECRET_KEY=x")

    assert client.get(f"/demo/surat/{name}/").status_code == 404
    assert client.get(f"/demo/surat/{name}/isi/").status_code == 404


# --- the walk


@pytest.mark.parametrize("with_batch", [False, True])
def test_each_step_of_the_walk_leads_to_a_page_of_its_person(demo, client, with_batch):
    if with_batch:
        load_schemes()
        make_batch()
    for person in PEOPLE:
        make_user(person.email, name=person.name, role=person.role, second_factor=False)

    answers = {}
    for step in walk.steps():
        rule = ACCESS[resolve(step.url).view_name]
        assert step.role is None or rule.who != Who.ROLES or step.role in rule.roles
        if step.role:
            client.post(reverse("demo:enter", args=[step.role]), {"next": step.url})
        else:
            client.logout()
        answers[str(step.title)] = client.get(step.url).status_code

    assert answers == dict.fromkeys(answers, 200)
    assert len(answers) >= 6


def test_walk_page_is_well_made(demo, client):
    response = client.get(reverse("demo:follow"))

    assert response.status_code == 200
    assert list(Page(response).faults()) == []
