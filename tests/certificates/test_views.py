"""The pages of certificates as people use them; plain forms, without JavaScript."""

import re
from datetime import timedelta

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from assessments.models import Decision
from batches.models import Batch
from certificates import policies, services
from certificates.models import Certificate
from certificates.selectors.checklist import batch_checklists
from certificates.states import CertificateStatus
from core import clock
from core.files import read_file
from core.models import AuditEntry
from participants.models import Registration
from participants.states import RegistrationStatus
from tests.factories.accounts import make_user
from tests.factories.certificates import make_certificate, make_ready_class, put_certificate
from tests.factories.classes import people_of
from tests.factories.participants import make_person, make_registration
from tests.tot_portal.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(db):
    return make_ready_class(3)


@pytest.fixture
def boss(director, client_of):
    """The director's browser, just signed in."""
    return client_of(director)


def board(batch):
    return reverse("certificates:certificate_board", args=[batch.code])


def issue(batch):
    return reverse("certificates:issue_certificates", args=[batch.code])


def codes(people):
    return [one.code for one in people]


def grow_old(client):
    """The last proof of who sits there is twenty minutes old."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": (clock.now() - timedelta(minutes=20)).timestamp()}
    ]
    session.save()


# --- the board, and issuing


def test_board_ticks_the_ready_and_says_what_the_others_lack(batch, boss):
    first, second, third = people_of(batch)
    Registration.objects.filter(pk=first.pk).update(name_confirmed_at=None, name_confirmed_by=None)
    Decision.objects.filter(assessment__registration=second).update(released_at=None, released_by=None)

    page = Page(boss.get(board(batch)))

    ticked = page.tree.xpath("//input[@name='peserta' and @checked]/@value")
    assert ticked == [third.code]
    assert page.tree.xpath("//input[@name='peserta']/@value") == ticked
    assert "Peserta belum mengonfirmasi nama yang akan dicetak." in page.text()
    assert "Hasil sudah diputuskan, tetapi belum dirilis." in page.text()
    assert list(page.faults()) == []


@pytest.mark.parametrize("who", ["admin", "auditor"])
def test_others_look_at_the_board_and_cannot_issue(batch, client_of, request, who):
    client = client_of(request.getfixturevalue(who))

    page = Page(client.get(board(batch)))

    assert page.tree.xpath("//input[@name='peserta']") == []
    assert "Sertifikat diterbitkan oleh pimpinan LSP." in page.text()
    assert client.post(issue(batch), {"peserta": codes(people_of(batch))}).status_code == 403
    assert not Certificate.objects.exists()


def test_admin_is_led_to_what_mends(batch, client_of, admin):
    first = people_of(batch)[0]
    Registration.objects.filter(pk=first.pk).update(name_confirmed_at=None, name_confirmed_by=None)

    links = Page(client_of(admin).get(board(batch))).links()

    assert reverse("certificates:correct_name", args=[first.code]) in links


def test_issuing_names_the_list_once_more_then_shows_progress(batch, boss):
    people = people_of(batch)[:2]

    asked = Page(boss.get(issue(batch), {"peserta": codes(people)}))
    assert "Terbitkan 2 sertifikat?" in asked.text()
    assert not Certificate.objects.exists()
    assert list(asked.faults()) == []
    response = boss.post(issue(batch), {"peserta": asked.tree.xpath("//input[@name='peserta']/@value")})

    assert (response.status_code, response.url) == (302, reverse("certificates:issue_progress", args=[batch.code]))
    assert {one.registration for one in Certificate.objects.all()} == set(people)


def test_second_click_leads_to_the_files_that_the_first_one_began(batch, boss):
    people = people_of(batch)
    first, second = [boss.post(issue(batch), {"peserta": codes(people[:2])}) for _click in range(2)]
    wider = boss.post(issue(batch), {"peserta": codes(people)})
    stranger = boss.post(issue(batch), {"peserta": [*codes(people[:2]), "tidak-ada"]})

    assert (second.status_code, second.url) == (302, first.url)
    assert Certificate.objects.count() == 2
    assert (wider.status_code, stranger.status_code) == (422, 422)


def test_list_whose_paper_cannot_be_printed_says_so_before_anybody_issues(batch, boss):
    Batch.objects.update(name="Angkatan 7 → 8")
    listed = Page(boss.get(board(batch)))

    page = Page(boss.get(issue(batch), {"peserta": codes(people_of(batch))}))

    assert "U+2192" in listed.text()
    assert listed.tree.xpath("//input[@name='peserta']") == []
    assert "U+2192" in page.text()
    assert list(page.faults()) == []


def test_list_of_nobody_says_so(batch, boss):
    page = Page(boss.get(issue(batch)))

    assert "Pilih sekurangnya satu peserta yang siap." in page.text()
    assert "Terbitkan 0" not in page.text()
    assert board(batch) in page.links()
    assert list(page.faults()) == []


@pytest.mark.parametrize("stranger", ["tidak-ada", "another batch"])
def test_list_with_a_stranger_is_refused_whole(batch, boss, stranger):
    other = people_of(make_ready_class(1))[0]
    wanted = [*codes(people_of(batch)), other.code if stranger == "another batch" else stranger]

    response = boss.post(issue(batch), {"peserta": wanted})

    assert response.status_code == 422
    assert "di luar angkatan" in response.content.decode()
    assert not Certificate.objects.exists()


def test_refusal_stands_on_the_page_with_its_reason(batch, boss):
    people = people_of(batch)
    Registration.objects.filter(pk=people[0].pk).update(name_confirmed_at=None, name_confirmed_by=None)

    response = boss.post(issue(batch), {"peserta": codes(people)})

    assert response.status_code == 422
    assert people[0].person.display_name in response.content.decode()
    assert list(Page(response).faults()) == []
    assert not Certificate.objects.exists()


def test_issuing_revoking_and_replacing_need_a_fresh_proof(batch, boss):
    certificate = make_certificate()
    grow_old(boss)

    for address in (
        issue(batch),
        reverse("certificates:revoke_certificate", args=[certificate.code]),
        reverse("certificates:reissue_certificate", args=[certificate.code]),
    ):
        response = boss.post(address, {"peserta": codes(people_of(batch)), "reason": "Keliru."})
        assert response.url.startswith(reverse("mfa_reauthenticate")), response.url
    assert Certificate.objects.count() == 1
    assert Certificate.objects.get().status == CertificateStatus.ISSUED


def queries(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_pages_of_a_batch_take_as_many_queries_for_24_as_for_one(boss):
    one, many = make_ready_class(1), make_ready_class(24)
    boards = [queries(boss, board(batch)) for batch in (one, many)]
    for batch in (one, many):
        boss.post(issue(batch), {"peserta": codes(people_of(batch))})
    issued = [queries(boss, board(batch)) for batch in (one, many)]
    progress = [queries(boss, reverse("certificates:issue_progress", args=[batch.code])) for batch in (one, many)]

    assert boards[0] == boards[1] <= 12
    assert issued[0] == issued[1] <= 12
    assert progress[0] == progress[1] <= 8


# --- progress


def test_progress_is_read_from_the_certificates(batch, boss, director):
    first, second, _third = services.issue_certificates(batch, people_of(batch), by=director)
    Certificate.objects.filter(pk=second.pk).update(render_attempts=5, render_error="OSError: full")
    page = Page(boss.get(reverse("certificates:issue_progress", args=[batch.code])))

    assert "0 dari 3 berkas selesai dibuat." in page.text()
    assert page.tree.xpath("//*[@hx-get]/@hx-trigger") == ["load delay:1s"]
    assert reverse("certificates:restart_rendering", args=[second.code]) in page.buttons()
    assert reverse("certificates:restart_rendering", args=[first.code]) not in page.buttons()
    assert list(page.faults()) == []


def test_progress_stops_asking_when_all_is_said(boss, director, batch):
    registration = people_of(batch)[0]
    put_certificate(registration, by=director)

    page = Page(boss.get(reverse("certificates:issue_progress", args=[batch.code])))

    assert "1 dari 1 berkas selesai dibuat." in page.text()
    assert page.tree.xpath("//*[@hx-get]") == []


def test_fragment_is_what_htmx_gets(batch, boss, director):
    services.issue_certificates(batch, people_of(batch), by=director)

    response = boss.get(reverse("certificates:issue_progress", args=[batch.code]), headers={"HX-Request": "true"})

    assert response.content.decode().lstrip().startswith('<div id="cert-progress"')


def test_restart_starts_over(batch, boss, director):
    (certificate,) = services.issue_certificates(batch, people_of(batch)[:1], by=director)
    Certificate.objects.update(render_attempts=5, render_error="OSError: full")

    boss.post(reverse("certificates:restart_rendering", args=[certificate.code]))

    certificate.refresh_from_db()
    assert (certificate.render_attempts, certificate.render_error) == (0, "")


# --- the register


def test_register_is_searched_and_filtered(boss, director):
    siti, joko = [
        make_registration(RegistrationStatus.CONFIRMED, person=make_person(full_name=name))
        for name in ("Siti Aminah", "Joko")
    ]
    mine = put_certificate(siti, by=director)
    other = put_certificate(joko, by=director, year=2020)
    services.revoke_certificate(other, "Keliru.", by=director)
    address = reverse("certificates:certificate_list")

    def found(**query):
        return {number for number in (mine.number, other.number) if number in boss.get(address, query).content.decode()}

    assert found() == {mine.number, other.number}
    assert (
        found(q="aminah")
        == found(q=mine.number[:4])
        == found(status="issued")
        == found(batch=siti.batch.code)
        == {mine.number}
    )
    assert found(year="2020") == found(status="revoked") == {other.number}
    assert found(q="tidak ada") == set()
    assert found(year="x", status="x", batch="x") == {mine.number, other.number}
    assert list(Page(boss.get(address)).faults()) == []


def test_register_takes_as_many_queries_for_40_as_for_one(boss, director):
    registration = make_registration(RegistrationStatus.CONFIRMED)
    address = reverse("certificates:certificate_list")
    put_certificate(registration, by=director, status="replaced")
    one = queries(boss, address)
    for _number in range(40):
        put_certificate(registration, by=director, status="replaced", file=False)

    assert queries(boss, address) == one <= 10


def test_detail_shows_facts_log_and_acts_of_the_director(boss, director, batch):
    certificate = put_certificate(people_of(batch)[0], by=director)

    page = Page(boss.get(reverse("certificates:certificate_detail", args=[certificate.code])))

    assert certificate.file_sha256 in page.response.content.decode()
    assert {f"/sertifikat/{certificate.code}/{act}/" for act in ("unduh", "cabut", "terbitkan-ulang")} <= page.links()
    assert list(page.faults()) == []
    assert queries(boss, page.path) <= 12


def test_revoke_asks_for_a_reason_keeps_what_was_typed_and_shows_at_once(boss):
    certificate = make_certificate()
    address = reverse("certificates:revoke_certificate", args=[certificate.code])

    empty = boss.post(address, {"reason": ""})
    done = boss.post(address, {"reason": "Hasil uji dibatalkan."}, follow=True)

    assert empty.status_code == 422
    assert list(Page(empty).faults()) == []
    assert "Hasil uji dibatalkan." in done.content.decode()
    assert Certificate.objects.get().status == CertificateStatus.REVOKED


def test_reissue_leads_to_the_new_one_which_links_back(boss):
    certificate = make_certificate()

    done = boss.post(
        reverse("certificates:reissue_certificate", args=[certificate.code]), {"reason": "Gelar."}, follow=True
    )

    new = Certificate.objects.get(replaces=certificate)
    assert done.redirect_chain[-1][0] == reverse("certificates:certificate_detail", args=[new.code])
    assert reverse("certificates:certificate_detail", args=[certificate.code]) in Page(done).links()
    old = Page(boss.get(reverse("certificates:certificate_detail", args=[certificate.code])))
    assert reverse("certificates:certificate_detail", args=[new.code]) in old.links()


# --- the file


@pytest.fixture
def paper(db, director):
    registration = people_of(make_ready_class(1))[0]
    return put_certificate(registration, by=director)


def test_holder_downloads_the_same_bytes_for_ever_and_each_view_is_on_record(paper, client_of):
    holder = paper.registration.person.user
    address = reverse("certificates:download", args=[paper.code])

    answers = [client_of(holder).get(address) for _time in range(3)]

    assert {answer.content for answer in answers} == {read_file(paper.file)}
    assert answers[0]["Content-Type"] == "application/pdf"
    assert AuditEntry.objects.filter(act="file_viewed", actor_id=holder.pk).count() == 3


@pytest.mark.parametrize(
    ("who", "status"), [("admin", 200), ("director", 200), ("auditor", 404), ("assessor", 404), ("stranger", 404)]
)
def test_file_is_for_holder_admin_and_director(paper, client_of, request, who, status):
    client = client_of(request.getfixturevalue(who))

    assert client.get(reverse("certificates:download", args=[paper.code])).status_code == status


def test_holder_of_a_revoked_certificate_gets_no_file(paper, client_of, director):
    services.revoke_certificate(paper, "Keliru.", by=director)
    address = reverse("certificates:download", args=[paper.code])

    assert client_of(paper.registration.person.user).get(address).status_code == 404
    assert client_of(director).get(address).status_code == 200


ACTS = {
    ("issued", Role.DIRECTOR): {"download", "revoke", "reissue"},
    ("replaced", Role.DIRECTOR): {"download", "revoke"},
    ("revoked", Role.DIRECTOR): {"download"},
    ("issued", Role.ADMIN): {"download"},
    ("revoked", Role.ADMIN): {"download"},
    ("issued", Role.AUDITOR): set(),
    ("issued", Role.ASSESSOR): set(),
    ("issued", Role.PARTICIPANT): set(),
}


@pytest.mark.parametrize(("status", "role"), ACTS)
def test_who_may_do_what_with_a_certificate(paper, status, role):
    user = make_user(role=None if role == Role.PARTICIPANT else role)
    paper.status = status

    assert policies.allowed_actions(user, paper) == ACTS[status, role]


@pytest.mark.parametrize(("role", "may"), [(Role.DIRECTOR, True), (Role.ADMIN, True), (Role.AUDITOR, False)])
def test_who_may_start_a_stuck_file_again(paper, role, may):
    paper.file, paper.file_id, paper.render_attempts, paper.render_error = None, None, 5, "OSError"

    assert ("retry" in policies.allowed_actions(make_user(role=role), paper)) is may


# --- the participant's own


def own(registration):
    return reverse("certificates:my_certificate", args=[registration.code])


def test_own_page_lists_what_is_missing_and_leads_there(client_of):
    registration = make_registration(RegistrationStatus.CONFIRMED)
    client = client_of(registration.person.user)

    page = Page(client.get(own(registration)))

    assert "Sertifikat Anda belum terbit" in page.text()
    assert "Anda belum mengonfirmasi nama yang akan dicetak." in page.text()
    assert reverse("certificates:confirm_name", args=[registration.code]) in page.links()
    assert list(page.faults()) == []
    assert queries(client, own(registration)) <= 12


def test_name_is_confirmed_as_it_will_be_printed(client_of):
    person = make_person(full_name="Siti Rahmawati", title_back="S.Pd.")
    registration = make_registration(RegistrationStatus.CONFIRMED, person=person)
    client, address = client_of(person.user), reverse("certificates:confirm_name", args=[registration.code])

    form = Page(client.get(address))
    assert form.tree.xpath("//input[@name='name']/@value") == ["Siti Rahmawati, S.Pd."]
    refused = client.post(address, {"name": "Siti 😀", "agree": "on"})
    unticked = client.post(address, {"name": "Siti Rahmawati"})
    done = client.post(address, {"name": " Siti  Rahmawati ", "agree": "on"})

    assert (refused.status_code, unticked.status_code) == (422, 422)
    assert "Siti 😀" in refused.content.decode()  # nothing typed is lost
    assert list(Page(refused).faults()) == []
    assert (done.status_code, done.url) == (302, own(registration))
    registration.refresh_from_db()
    assert registration.certificate_name == "Siti Rahmawati"


def test_own_certificate_has_file_code_and_address(paper, client_of):
    client = client_of(paper.registration.person.user)

    page = Page(client.get(own(paper.registration)))

    assert reverse("certificates:download", args=[paper.code]) in page.links()
    assert page.tree.xpath("//input[@readonly]/@value") == [paper.verify_url]
    (picture,) = page.tree.xpath("//img[@class='cert-qr']/@src")
    assert picture.startswith("data:image/svg+xml")
    assert not re.search(r"style=|<script", picture)
    assert list(page.faults()) == []
    assert queries(client, own(paper.registration)) <= 12


def test_own_page_asks_to_confirm_a_name_that_the_desk_corrected(paper, client_of, admin):
    services.correct_certificate_name(paper.registration, "Siti Rahmawati", "Sesuai ijazah.", by=admin)

    page = Page(client_of(paper.registration.person.user).get(own(paper.registration)))

    assert reverse("certificates:confirm_name", args=[paper.registration.code]) in page.links()


def test_own_page_of_a_revoked_certificate_says_why(paper, client_of, director):
    services.revoke_certificate(paper, "Hasil uji dibatalkan.", by=director)

    text = Page(client_of(paper.registration.person.user).get(own(paper.registration))).text()

    assert "Sertifikat Anda dicabut" in text
    assert "Hasil uji dibatalkan." in text


def test_confirmed_name_of_an_issued_certificate_is_locked_on_the_page(paper, client_of):
    address = reverse("certificates:confirm_name", args=[paper.registration.code])
    client = client_of(paper.registration.person.user)

    assert Page(client.get(address)).tree.xpath("//input[@name='name']") == []
    refused = client.post(address, {"name": "Nama Lain", "agree": "on"})

    paper.registration.refresh_from_db()
    assert paper.registration.certificate_name != "Nama Lain"
    assert refused.status_code == 422


def test_desk_corrects_a_name_with_a_reason(batch, client_of, admin):
    registration = people_of(batch)[0]
    address = reverse("certificates:correct_name", args=[registration.code])
    client = client_of(admin)

    refused = client.post(address, {"name": "Siti", "reason": ""})
    done = client.post(address, {"name": "Siti Rahmawati", "reason": "Sesuai ijazah."})

    assert refused.status_code == 422
    assert (done.status_code, done.url) == (302, board(batch))
    (listed,) = [one for one in batch_checklists(batch) if one.registration == registration]
    assert [line.code for line in listed.missing] == ["name"]
