"""The desk in HTTP: who sees what, what a click does, and how many queries a page costs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import RoleGrant, User
from accounts.roles import Role
from batches.models import Batch, DocumentType
from core.models import AuditEntry, Job
from notifications.models import Email
from participants import services
from participants.models import Registration, RegistrationEvent
from participants.states import RegistrationStatus as S
from participants.states import Verdict
from tests.factories.batches import make_batch
from tests.factories.participants import (
    admin_client,
    fill,
    make_admin,
    make_document,
    make_person,
    make_registration,
    registration_in,
)
from tot_portal.demo_files import jpeg_bytes

pytestmark = pytest.mark.django_db
LIST_QUERIES, DETAIL_QUERIES = 10, 12


@pytest.fixture
def rina():
    return make_admin("Rina")


@pytest.fixture
def desk(client, rina):
    return admin_client(client, rina)


def url(name: str, *args: str) -> str:
    return reverse(f"participants:{name}", args=args)


def page(client, name: str, *args: str, **query: str) -> str:
    response = client.get(url(name, *args), query)
    assert response.status_code == 200
    return response.content.decode()


def status_of(registration: Registration) -> str:
    return Registration.objects.get(pk=registration.pk).status


def queries(client, address: str) -> int:
    client.get(address)  # sessions and caches warm
    with CaptureQueriesContext(
        connection,
    ) as context:
        assert client.get(address).status_code == 200
    return len(context)


def staff(role: Role) -> User:
    user = User.objects.create_user(f"{role}@example.test", name=role.label)
    RoleGrant.objects.create(user=user, role=role)
    return user


# --- the queue


def test_queue_shows_who_waits_and_keeps_the_filter_in_the_address(desk):
    siti = make_registration(S.SUBMITTED, person=make_person(full_name="Siti Rahmawati"))
    make_registration(S.RETURNED, person=make_person(full_name="Budi Santoso"))
    make_registration(S.DRAFT, person=make_person(full_name="Dewi Draf"))

    everything, narrowed = page(desk, "review_queue"), page(desk, "review_queue", status="open", q="siti")

    assert ("Siti Rahmawati" in everything, "Budi Santoso" in everything, "Dewi Draf" in everything) == (1, 1, 0)
    assert ("Siti Rahmawati" in narrowed, "Budi Santoso" in narrowed) == (1, 0)
    assert siti.person.identity not in everything


def test_queue_tells_empty_from_no_match(desk):
    assert "Belum ada pendaftaran." in page(desk, "review_queue")
    assert "Tidak ada yang cocok" in page(desk, "review_queue", q="zzz")


def test_queue_ignores_what_it_does_not_understand(desk):
    make_registration(S.SUBMITTED, person=make_person(full_name="Siti Rahmawati"))

    assert "Siti Rahmawati" in page(desk, "review_queue", status="x", batch="y", age="-1", h="999")


def test_queue_costs_the_same_for_one_and_for_thirty(desk):
    batch = make_batch()
    make_registration(S.SUBMITTED, batch=batch)
    one = queries(desk, url("review_queue"))
    for _number in range(29):
        make_registration(S.IN_REVIEW, batch=batch)

    assert queries(desk, url("review_queue")) == one <= LIST_QUERIES


# --- one file


@pytest.mark.parametrize("status", [status for status in S if status != S.DRAFT])
def test_review_page_opens_in_every_state_and_changes_nothing(desk, status):
    registration = fill(make_registration(status))
    before = Registration.objects.values().get(pk=registration.pk), RegistrationEvent.objects.count()

    body = page(desk, "review_registration", registration.code)

    assert (Registration.objects.values().get(pk=registration.pk), RegistrationEvent.objects.count()) == before
    assert registration.person.identity_mask in body
    assert registration.person.identity not in body


def test_draft_that_was_withdrawn_unsent_stays_the_persons_own(desk):
    registration = make_registration()
    paper = make_document(registration)
    services.withdraw_registration(registration, by=registration.person.user)

    assert desk.get(url("review_registration", registration.code)).status_code == 404
    assert desk.get(url("reveal_identity", registration.code)).status_code == 404
    assert desk.get(url("review_document", paper.code)).status_code == 404
    assert registration.number not in page(desk, "review_queue")
    assert registration.person.full_name not in page(desk, "roster", registration.batch.code)


def test_review_page_of_a_draft_is_unknown(desk):
    assert desk.get(url("review_registration", make_registration().code)).status_code == 404


def test_three_clicks_for_a_person_whose_papers_are_fine(desk, rina):
    first = registration_in(S.SUBMITTED)
    following = registration_in(S.SUBMITTED)

    desk.get(url("review_registration", first.code))
    desk.post(url("accept_all_documents", first.code))
    response = desk.post(url("find_eligible", first.code))

    assert status_of(first) == S.ELIGIBLE
    assert response.url == url("review_registration", following.code)


def test_last_file_leads_back_to_the_queue(desk):
    registration = registration_in(S.SUBMITTED)
    desk.post(url("accept_all_documents", registration.code))

    assert desk.post(url("find_eligible", registration.code)).url == url("review_queue")


def test_blocked_decision_says_which_rules_block(desk):
    registration = registration_in(S.SUBMITTED)
    desk.post(url("claim_for_review", registration.code))

    address = url("review_registration", registration.code)
    body = desk.post(
        url("find_eligible", registration.code), follow=True, headers={"Referer": f"http://testserver{address}"}
    )

    assert status_of(registration) == S.IN_REVIEW
    assert "Belum dapat dinyatakan memenuhi syarat." in body.content.decode()


def test_document_is_returned_with_a_ready_made_reason(desk):
    registration = registration_in(S.SUBMITTED)
    ktp = registration.documents.get(type="KTP")

    response = desk.post(url("judge_document", ktp.code), {"verdict": "returned", "ready": "0", "text": "Sudut kiri."})

    ktp.refresh_from_db()
    assert (ktp.verdict, status_of(registration)) == (Verdict.RETURNED, S.IN_REVIEW)
    assert ktp.reason.startswith("Gambar buram") and ktp.reason.endswith("Sudut kiri.")  # noqa: PT018
    assert response.url.endswith(f"#dokumen-{ktp.code}")


@pytest.mark.parametrize(
    "data", [{"verdict": "returned"}, {"verdict": "x"}, {"verdict": "returned", "ready": "99"}, {}]
)
def test_document_verdict_without_sense_changes_nothing(desk, data):
    registration = registration_in(S.SUBMITTED)
    ktp = registration.documents.get(type="KTP")

    assert desk.post(url("judge_document", ktp.code), data).status_code == 302

    ktp.refresh_from_db()
    assert ktp.verdict == Verdict.PENDING


def test_return_page_lists_what_is_marked_and_sends_it(desk):
    registration = registration_in(S.SUBMITTED)
    ktp = registration.documents.get(type="KTP")
    desk.post(url("judge_document", ktp.code), {"verdict": "returned", "ready": "0"})

    body = page(desk, "return_registration", registration.code)
    desk.post(url("return_registration", registration.code), {"reason": ""})

    assert "KTP atau paspor: Gambar buram" in body
    assert status_of(registration) == S.RETURNED


@pytest.mark.parametrize(
    ("name", "status", "after"),
    [
        ("reject_registration", S.IN_REVIEW, S.REJECTED),
        ("reopen_after_objection", S.REJECTED, S.SUBMITTED),
        ("cancel_registration", S.CONFIRMED, S.CANCELLED),
    ],
)
def test_decision_with_a_reason(desk, rina, name, status, after):
    registration = registration_in(status, by=rina)

    refused = desk.post(url(name, registration.code), {"reason": " "})
    refused_status = status_of(registration)
    desk.post(url(name, registration.code), {"reason": "Alasan yang jelas."})

    assert (refused.status_code, refused_status, status_of(registration)) == (422, status, after)
    assert Registration.objects.get(pk=registration.pk).reason == "Alasan yang jelas."


def test_refused_decision_keeps_what_was_typed(desk):
    registration = registration_in(S.SUBMITTED)

    response = desk.post(url("reject_registration", registration.code), {"reason": "Kalimat panjang yang diketik."})

    assert response.status_code == 422
    assert "Kalimat panjang yang diketik." in response.content.decode()


def test_confirm_from_the_file_seats_or_lists(desk):
    batch = make_batch(capacity=1)
    first, second = (make_registration(S.ELIGIBLE, batch=batch) for _number in range(2))

    desk.post(url("confirm_registration", first.code))
    body = desk.post(url("confirm_registration", second.code), follow=True).content.decode()

    assert (status_of(first), status_of(second)) == (S.CONFIRMED, S.WAITLISTED)
    assert "di urutan 1 daftar tunggu" in body


def test_number_is_shown_once_with_a_reason_on_record(desk):
    registration = make_registration(S.SUBMITTED)
    address = url("reveal_identity", registration.code)

    before, refused = desk.get(address), desk.post(address, {"reason": ""})
    shown = desk.post(address, {"reason": "Mencocokkan KTP"})

    number = registration.person.identity
    assert (number in before.content.decode(), number in refused.content.decode(), refused.status_code) == (0, 0, 422)
    assert number in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert AuditEntry.objects.get(act="identity_revealed").reason == "Mencocokkan KTP"


def test_pair_with_one_number_is_shown_to_staff(desk):
    first = make_registration(S.SUBMITTED, person=make_person(full_name="Siti Asli"))
    make_registration(
        S.SUBMITTED, person=make_person(full_name="Siti Palsu", nik=first.person.identity), identity_index=None
    )

    assert "Siti Palsu" in page(desk, "review_registration", first.code)


def test_review_page_costs_the_same_for_few_and_many_documents(desk):
    registration = make_registration(S.WAITLISTED)
    make_document(registration, "KTP")
    few = queries(desk, url("review_registration", registration.code))
    for code in DocumentType.objects.exclude(pk="KTP").values_list("code", flat=True):
        make_document(registration, code)
    for _number in range(20):
        RegistrationEvent.objects.create(registration=registration, to_status=S.SUBMITTED, by=registration.person.user)

    assert queries(desk, url("review_registration", registration.code)) == few <= DETAIL_QUERIES


# --- files


def test_file_is_for_its_owner_and_for_admins_after_sending(client, settings, tmp_path):
    settings.PRIVATE_FILES_ROOT = tmp_path
    registration = make_registration()
    owner = registration.person.user
    upload = SimpleUploadedFile("ktp.jpg", jpeg_bytes("KTP"), "image/jpeg")
    document = services.attach_document(registration, DocumentType.objects.get(code="KTP"), upload, by=owner)
    address, admin = url("review_document", document.code), make_admin()

    def answer(user):
        client.force_login(user)
        session = client.session
        session["second_factor_seen"] = True
        session.save()
        return client.get(address).status_code

    draft = [answer(owner), answer(admin), answer(make_person().user)]
    Registration.objects.filter(pk=registration.pk).update(
        status=S.SUBMITTED, submitted_at=document.uploaded_at, submitted_by=owner
    )
    sent = [answer(owner), answer(admin), answer(make_person().user), answer(staff(Role.AUDITOR))]

    assert draft == [200, 404, 404]
    assert sent == [200, 200, 404, 404]
    assert AuditEntry.objects.filter(act="file_viewed").count() == 3


# --- who


READ = ["review_queue", "review_registration", "roster"]
ACTS = ["claim_for_review", "accept_all_documents", "find_eligible", "confirm_registration", "release_claim"]


@pytest.mark.parametrize(
    ("role", "read", "act"),
    [
        (Role.ADMIN, 200, 302),
        (Role.DIRECTOR, 200, 403),
        (Role.AUDITOR, 200, 403),
        (Role.ASSESSOR, 403, 403),
        (None, 403, 403),
    ],
)
def test_who_may_look_and_who_may_act(client, role, read, act):
    registration = registration_in(S.SUBMITTED)
    admin_client(client, staff(role) if role else registration.person.user)

    looks = [
        client.get(url("review_queue")), client.get(url("review_registration", registration.code)),
        client.get(url("roster", registration.batch.code)),
    ]  # fmt: skip

    assert {response.status_code for response in looks} == {read}
    assert {client.post(url(name, registration.code)).status_code for name in ACTS} == {act}


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.AUDITOR])
def test_who_only_looks_sees_neither_papers_nor_address_nor_buttons(client, role):
    registration = registration_in(S.SUBMITTED)
    admin_client(client, staff(role))

    body = page(client, "review_registration", registration.code)

    assert "/berkas/" not in body
    assert registration.person.phone not in body
    assert registration.person.address not in body
    assert "Semua sesuai" not in body


# --- the people of a batch


def test_roster_is_a_page_and_a_panel(desk):
    batch = make_batch(capacity=1)
    make_registration(S.CONFIRMED, batch=batch, person=make_person(full_name="Siti Duduk"))
    make_registration(S.WAITLISTED, batch=batch, person=make_person(full_name="Budi Tunggu"))

    whole = page(desk, "roster", batch.code)
    panel = desk.get(url("roster", batch.code), headers={"HX-Request": "true"}).content.decode()

    assert "<html" in whole
    assert "<html" not in panel
    assert panel.index("Siti Duduk") < panel.index("Budi Tunggu")


def test_roster_costs_the_same_for_one_and_for_thirty(desk):
    batch = make_batch()
    make_registration(S.SUBMITTED, batch=batch)
    one = queries(desk, url("roster", batch.code))
    for _number in range(29):
        make_registration(S.ELIGIBLE, batch=batch)

    assert queries(desk, url("roster", batch.code)) == one <= LIST_QUERIES


def test_confirm_all_leads_to_the_page_of_the_job(desk):
    batch = make_batch()
    make_registration(S.ELIGIBLE, batch=batch)

    response = desk.post(url("confirm_all_eligible", batch.code))

    job = Job.objects.get()
    assert response.url == reverse("core:job_detail", args=[job.code])
    assert (job.total, job.return_to) == (1, url("roster", batch.code))


def test_confirm_all_without_anybody_says_so(desk):
    response = desk.post(url("confirm_all_eligible", make_batch().code), follow=True)

    assert "Belum ada peserta yang memenuhi syarat" in response.content.decode()


def test_cancel_batch_asks_once_more_and_takes_the_reason(desk):
    batch = make_batch()
    registration = make_registration(S.CONFIRMED, batch=batch)

    question = page(desk, "cancel_batch", batch.code)
    refused = desk.post(url("cancel_batch", batch.code), {"reason": ""})
    desk.post(url("cancel_batch", batch.code), {"reason": "Peserta kurang."})

    assert "1 pendaftaran dibatalkan" in question
    assert refused.status_code == 422
    assert (Batch.objects.get(pk=batch.pk).status, status_of(registration)) == ("cancelled", S.CANCELLED)


# --- mails that have not reached the person


def test_file_shows_mails_that_did_not_arrive_with_the_reason(desk, director, client_of):
    registration = registration_in(S.SUBMITTED)
    emails = Email.objects.filter(recipient=registration.person.user)
    assert emails.exists()
    address = url("review_registration", registration.code)
    assert "belum sampai" not in desk.get(address).content.decode()

    emails.update(status="failed", failure_reason="address_refused: 550 no such user")

    shown, link = desk.get(address).content.decode(), reverse("notifications:email_detail", args=[emails[0].code])
    assert "Server email menolak alamat penerima." in shown
    assert link in shown
    to_director = client_of(director).get(address).content.decode()
    assert "Server email menolak alamat penerima." in to_director
    assert link not in to_director
