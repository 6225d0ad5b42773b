"""The participant's pages: whose they are, what they keep, where they lead."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from batches.models import Batch
from core import clock
from notifications.models import Email
from participants import services
from participants.models import Document, Person, Registration
from participants.states import Part, Verdict
from participants.states import RegistrationStatus as S
from tests.factories import participants as people
from tests.factories.accounts import client_of
from tests.factories.batches import make_batch
from tot_portal.demo_files import jpeg_bytes, pdf_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms")]
CONTENT = {"pdf": pdf_bytes, "jpg": jpeg_bytes}
JOB = {
    "job-TOTAL_FORMS": "1", "job-INITIAL_FORMS": "0", "job-0-employer": "PT Contoh", "job-0-position": "Staf",
    "job-0-field": people.FIELD, "job-0-starts_on_month": "1", "job-0-starts_on_year": "2014", "job-0-still": "on",
}  # fmt: skip
EDUCATION = {"level": "S1", "school": "Universitas Contoh", "major": "Administrasi", "year": "2012"}
ANSWERS = {
    Part.TARGET: {"field": people.FIELD},
    Part.IDENTITY: {
        "full_name": "Siti Rahmawati", "nationality": "WNI", "identity_kind": "nik", "nik": "3174015708900003",
        "birth_place": "Bandung", "birth_date_day": "17", "birth_date_month": "8", "birth_date_year": "1990",
        "sex": "P", "phone": "081234567890", "address": "Jalan Merdeka 1",
    },
    Part.EDUCATION: EDUCATION,
    Part.EXPERIENCE: JOB,
    Part.SELF_ASSESSMENT: {"answer_MAPA": "BK", "answer_MA": "BK", "answer_MKVA": "BK"},
    Part.DECLARATIONS: {"KODE_ETIK": "on", "KEABSAHAN_DOKUMEN": "on", "HADIR_PENUH": "on"},
}  # fmt: skip
PAPER_FACTS = {
    "SERKOM": {
        "number": "SK-1", "issuer": "LSP Contoh", "scheme": people.FIELD, "issued_on_day": "1", "issued_on_month": "2",
        "issued_on_year": "2024", "valid_until_day": "1", "valid_until_month": "2", "valid_until_year": "2090",
    },
    "REKOM": {"issuer": "LSP Contoh"},
}  # fmt: skip


@pytest.fixture
def draft():
    return services.start_registration(make_batch(), by=people.make_user())


def owner(registration):
    return client_of(registration.person.user)


def url(name, registration, *args):
    return reverse(f"participants:{name}", args=[registration.code, *args])


def upload(kind="pdf", content=None):
    return SimpleUploadedFile(f"berkas.{kind}", content or CONTENT[kind]())


def save(client, registration, part, typed, version=0, **extra):
    data = typed | {"version": str(version), "action": "continue"} | extra
    return client.post(url("edit_part", registration, part), data)


def version_of(registration, part):
    row = registration.parts.filter(part=part).first()
    return row.version if row else 0


# --- whose pages


ROUTES = [
    ("registration_detail", ()),
    ("check_answers", ()),
    ("receipt", ()),
    ("withdraw_registration", ()),
    ("document_list", ()),
    ("edit_document", ("KTP",)),
    *(("edit_part", (part,)) for part in Part),
]
POSTS = [
    ("submit_registration", ()),
    ("withdraw_registration", ()),
    ("edit_document", ("KTP",)),
    ("remove_document", ("KTP",)),
    ("edit_part", (Part.TARGET,)),
    ("autosave_part", (Part.TARGET,)),
    ("check_eligibility", (Part.TARGET,)),
]


@pytest.mark.parametrize(("name", "args"), ROUTES)
def test_pages_are_the_owners_alone(draft, stranger, name, args):
    address = url(name, draft, *args)

    assert owner(draft).get(address, follow=True).status_code == 200
    assert client_of(stranger).get(address).status_code == 404
    anonymous = client_of(None).get(address)
    assert anonymous.status_code == 302
    assert anonymous["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(("name", "args"), POSTS)
def test_acts_are_the_owners_alone(draft, stranger, admin, name, args):
    for user in (stranger, admin):
        assert client_of(user).post(url(name, draft, *args), {"field": "Lain"}).status_code == 404
    assert client_of(None).post(url(name, draft, *args)).status_code == 302
    draft.refresh_from_db()
    assert (draft.status, draft.target_field) == (S.DRAFT, "")


@pytest.mark.parametrize("status", [S.SUBMITTED, S.RETURNED, S.WAITLISTED, S.CONFIRMED, S.REJECTED, S.WITHDRAWN])
def test_page_of_every_state_says_state_and_who_acts(status):
    batch = make_batch(capacity=1)
    if status == S.WAITLISTED:
        people.registration_in(S.CONFIRMED, batch=batch)
    registration = people.registration_in(status, batch=batch)
    page = owner(registration).get(url("registration_detail", registration)).content.decode()

    assert str(S(status).label) in page
    assert registration.number in page or status == S.RETURNED
    if registration.reason:
        assert registration.reason in page


# --- starting


def test_start_leads_to_the_task_list_once():
    batch, user = make_batch(), people.make_user()
    client = client_of(user)
    first = client.post(reverse("participants:start_registration", args=[batch.code]))
    second = client.post(reverse("participants:start_registration", args=[batch.code]))

    registration = Registration.objects.get()
    assert first["Location"] == second["Location"] == url("registration_detail", registration)
    page = client.get(first["Location"]).content.decode()
    assert "Anda sudah menyelesaikan 0 dari 7 bagian." in page
    assert "Isi data diri" in page


def test_stranger_makes_an_account_and_comes_back():
    batch = make_batch()
    answer = client_of(None).post(reverse("participants:start_registration", args=[batch.code]))

    assert answer["Location"] == f"{reverse('account_signup')}?next=%2Fangkatan%2F{batch.code}%2F"


def test_unverified_address_is_led_to_verification():
    answer = client_of(people.make_user(verified=False)).post(
        reverse("participants:start_registration", args=[make_batch().code])
    )

    assert answer["Location"] == reverse("account_email")
    assert not Registration.objects.exists()


def test_closed_batch_says_so():
    batch = make_batch()
    Batch.objects.filter(pk=batch.pk).update(registration_closes_at=clock.now())
    client = client_of(people.make_user())

    assert (
        "tidak sedang menerima pendaftaran"
        in client.get(reverse("participants:batch_page", args=[batch.code])).content.decode()
    )
    answer = client.post(reverse("participants:start_registration", args=[batch.code]), follow=True)
    assert "Angkatan ini tidak sedang menerima pendaftaran. Pilih angkatan lain." in answer.content.decode()


# --- the whole form


def test_from_the_first_part_to_the_receipt(draft, django_capture_on_commit_callbacks):
    client = owner(draft)
    address = url("edit_part", draft, Part.TARGET)
    seen = []
    while address != url("check_answers", draft):
        seen.append(address)
        assert len(seen) < 20, seen
        code = address.rstrip("/").rpartition("/")[2]
        if address == url("edit_part", draft, Part.DOCUMENTS):
            page = client.get(address).content.decode()
            address = re.search(r'class="btn btn-primary[^"]*" href="([^"]+)"', page).group(1)
            continue
        if "/dokumen/" in address:
            file = upload("jpg" if code in ("KTP", "PASFOTO") else "pdf")
            answer = client.post(address, PAPER_FACTS.get(code, {}) | {"file": file})
        else:
            part = next(part for part in Part if address == url("edit_part", draft, part))
            answer = save(client, draft, part, ANSWERS[part])
        assert answer.status_code == 302, answer.content.decode()
        address = answer["Location"]

    page = client.get(address).content.decode()
    assert "belum terkirim sampai Anda menekan" in page
    assert "Lengkapi dahulu" not in page
    assert "3174 •••• •••• 0003" in page
    assert "3174015708900003" not in page
    answer = client.post(url("submit_registration", draft))
    again = client.post(url("submit_registration", draft))
    draft.refresh_from_db()
    assert answer["Location"] == again["Location"] == url("receipt", draft)
    assert draft.status == S.SUBMITTED
    receipt = client.get(answer["Location"]).content.decode()
    assert draft.number in receipt
    assert "Paling lambat" in receipt
    assert Email.objects.filter(kind__contains="submitted").count() == 1


def test_what_is_missing_stands_on_top_of_the_last_look(draft):
    client = owner(draft)
    save(client, draft, Part.TARGET, ANSWERS[Part.TARGET])
    page = client.get(url("check_answers", draft)).content.decode()

    assert "Lengkapi dahulu sebelum mengirim" in page
    assert "Kirim pendaftaran</button>" not in page
    answer = client.post(url("submit_registration", draft), follow=True)
    assert "Lengkapi dahulu: Data diri" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.status == S.DRAFT


def test_sent_answers_cannot_be_changed():
    registration = people.registration_in(S.SUBMITTED)
    client = owner(registration)

    answer = client.get(url("edit_part", registration, Part.TARGET), follow=True)
    assert "Pendaftaran sudah dikirim" in answer.content.decode()
    save(client, registration, Part.TARGET, {"field": "Lain"}, version=1)
    registration.refresh_from_db()
    assert registration.target_field == people.FIELD


# --- what was typed survives


def test_error_keeps_what_was_typed_and_names_the_fix(draft):
    answer = save(owner(draft), draft, Part.EDUCATION, EDUCATION | {"school": "", "year": "12"})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "<title>Ada kesalahan: Pendidikan" in page
    assert page.count("Tulis nama sekolah atau perguruan tinggi.") == 2
    assert 'value="12"' in page
    assert 'value="Administrasi"' in page
    assert '<option value="S1" selected>' in page


def test_later_keeps_half_a_part_for_another_device(draft):
    answer = save(owner(draft), draft, Part.EDUCATION, EDUCATION | {"school": "", "year": "20x2"}, action="later")
    assert answer["Location"] == url("registration_detail", draft)

    other_device = owner(draft)
    assert "Sedang diisi" in other_device.get(url("registration_detail", draft)).content.decode()
    page = other_device.get(url("edit_part", draft, Part.EDUCATION)).content.decode()
    assert 'value="20x2"' in page
    assert '<option value="S1" selected>' in page
    assert 'name="version" value="1"' in page


def test_later_names_identifiers_that_a_draft_cannot_keep(draft):
    typed = ANSWERS[Part.IDENTITY] | {"nik": "123"}
    answer = owner(draft).post(
        url("edit_part", draft, Part.IDENTITY), typed | {"version": "0", "action": "later"}, follow=True
    )

    assert "Belum tersimpan: NIK." in answer.content.decode()
    assert Person.objects.get().birth_place == "Bandung"


def test_nik_that_differs_is_told_and_goes_on(draft):
    answer = owner(draft).post(
        url("edit_part", draft, Part.IDENTITY), ANSWERS[Part.IDENTITY] | {"sex": "L", "version": "0"}, follow=True
    )

    assert answer.redirect_chain[-1][0] == url("edit_part", draft, Part.EDUCATION)
    assert "Jenis kelamin pada NIK berbeda dari isian Anda." in answer.content.decode()
    assert draft.parts.get(part=Part.IDENTITY).is_complete


def test_another_row_without_javascript_keeps_the_page(draft):
    page = save(owner(draft), draft, Part.EXPERIENCE, JOB | {"job-0-position": ""}, action="add_row").content.decode()

    assert 'value="PT Contoh"' in page
    assert "Pengalaman 2" in page
    assert "belum tersimpan" in page
    assert version_of(draft, Part.EXPERIENCE) == 0


# --- two tabs


def test_second_tab_sees_both_values_and_overwrites_nothing(draft):
    client = owner(draft)
    save(client, draft, Part.TARGET, {"field": "Pengelasan"})
    answer = save(client, draft, Part.TARGET, {"field": "Perkantoran"}, version=0)
    page = answer.content.decode()

    assert answer.status_code == 409
    assert "Data ini diubah di tempat lain" in page
    assert "Pengelasan" in page
    assert 'value="Perkantoran"' in page
    draft.refresh_from_db()
    assert draft.target_field == "Pengelasan"
    version = re.search(r'name="version" value="(\d+)"', page).group(1)
    assert save(client, draft, Part.TARGET, {"field": "Perkantoran"}, version=version).status_code == 302
    draft.refresh_from_db()
    assert draft.target_field == "Perkantoran"


def test_second_tab_with_the_same_answers_just_goes_on(draft):
    client = owner(draft)
    save(client, draft, Part.TARGET, {"field": "Pengelasan"})

    assert save(client, draft, Part.TARGET, {"field": "Pengelasan"}).status_code == 302


def test_conflict_of_identity_shows_no_number(draft):
    client = owner(draft)
    save(client, draft, Part.IDENTITY, ANSWERS[Part.IDENTITY])
    other = ANSWERS[Part.IDENTITY] | {"nik": "3174015708900004", "address": "Jalan Lain 2"}
    answer = save(client, draft, Part.IDENTITY, other)
    shown = answer.content.decode().partition("conflict-title")[2].partition("</section>")[0]

    assert answer.status_code == 409
    assert "3174 •••• •••• 0003" in shown
    assert "3174 •••• •••• 0004" in shown
    assert "3174015708900003" not in answer.content.decode()


def test_autosave_counts_up_and_a_stale_page_gets_409(draft):
    client = owner(draft)
    answer = client.post(url("autosave_part", draft, Part.EDUCATION), EDUCATION | {"year": "", "version": "0"})
    stale = client.post(url("autosave_part", draft, Part.EDUCATION), EDUCATION | {"version": "0"})

    assert answer.json()["fields"] == {"version": 1}
    assert re.fullmatch(r"\d\d\.\d\d", answer.json()["saved_at"])
    assert stale.status_code == 409
    assert "diubah di tempat lain" in stale.json()["message"]
    part = draft.parts.get(part=Part.EDUCATION)
    assert (part.is_complete, part.data["school"]) == (False, "Universitas Contoh")


def test_button_pressed_while_the_autosave_is_under_way_is_no_conflict(draft):
    client = owner(draft)
    client.post(url("autosave_part", draft, Part.EDUCATION), EDUCATION | {"year": "", "version": "0", "page": "abc"})

    assert save(client, draft, Part.EDUCATION, EDUCATION, version=0, page="abc").status_code == 302
    assert save(client, draft, Part.EDUCATION, EDUCATION | {"year": "2010"}, version=0, page="xyz").status_code == 409


def test_autosave_of_a_finished_part_leaves_it_finished(draft):
    client = owner(draft)
    save(client, draft, Part.EDUCATION, EDUCATION)
    client.post(url("autosave_part", draft, Part.EDUCATION), EDUCATION | {"major": "Hukum", "version": "1"})

    part = draft.parts.get(part=Part.EDUCATION)
    assert (part.is_complete, part.data["major"], part.version) == (True, "Hukum", 2)


def test_declarations_are_never_accepted_by_autosave(draft):
    answer = owner(draft).post(url("autosave_part", draft, Part.DECLARATIONS), ANSWERS[Part.DECLARATIONS])

    assert answer.status_code == 409
    assert not draft.person.user.consents.exists()


# --- live eligibility


def test_check_answers_the_fragment_and_saves_nothing(draft):
    address = url("check_eligibility", draft, Part.EXPERIENCE)
    answer = owner(draft).post(address, JOB, headers={"HX-Request": "true"})
    page = answer.content.decode()

    assert page.strip().startswith('<div id="advice-beside">')
    assert "tahun" in page
    assert "Memenuhi" in page or "Perlu bukti" in page
    assert not draft.parts.exists()


def test_check_without_javascript_answers_the_page_with_what_was_typed(draft):
    answer = owner(draft).post(url("check_eligibility", draft, Part.EDUCATION), {"level": "SMA", "year": "20x"})
    page = answer.content.decode()

    assert "<h1>Pendidikan</h1>" in page
    assert "Pendidikan SMA/SMK/sederajat, di bawah syarat Diploma 3." in page
    assert 'value="20x"' in page
    assert not draft.parts.exists()


# --- documents


def test_file_is_kept_when_another_field_is_wrong(draft):
    client = owner(draft)
    typed = PAPER_FACTS["SERKOM"] | {"issued_on_day": "", "file": upload()}
    answer = client.post(url("edit_document", draft, "SERKOM"), typed)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "Tulis tanggal terbit lengkap" in page
    assert 'value="SK-1"' in page
    document = draft.documents.get()
    assert document.fields["number"] == "SK-1"
    assert client.post(url("edit_document", draft, "SERKOM"), PAPER_FACTS["SERKOM"]).status_code == 302
    assert draft.documents.get().fields["issued_on"] == "2024-02-01"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"MZ bukan berkas", "Berkas harus PDF."),
        (b"", "Pilih berkas Sertifikat kompetensi teknis."),
        (b"%PDF-1.7 rusak", "PDF ini rusak atau tidak lengkap."),
    ],
)
def test_refused_file_keeps_the_typed_facts(draft, content, sentence):
    file = SimpleUploadedFile("a.pdf", content) if content else ""
    answer = owner(draft).post(url("edit_document", draft, "SERKOM"), PAPER_FACTS["SERKOM"] | {"file": file})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert page.count(sentence) == 2
    assert 'value="SK-1"' in page
    assert 'value="2090"' in page
    assert not draft.documents.exists()


def test_refused_replacement_leaves_the_file_before(draft):
    client = owner(draft)
    client.post(url("edit_document", draft, "KTP"), {"file": upload("jpg")})
    client.post(url("edit_document", draft, "KTP"), {"file": SimpleUploadedFile("a.jpg", b"bukan gambar")})

    document = draft.documents.get(superseded_at=None)
    answer = client.get(reverse("participants:review_document", args=[document.code]))
    assert answer["Content-Type"] == "image/jpeg"


def test_upload_in_the_background_answers_the_card_without_other_errors(draft):
    answer = owner(draft).post(
        url("edit_document", draft, "SERKOM"), {"file": upload(), "number": ""}, headers={"X-Requested-With": "upload"}
    )
    page = answer.content.decode()

    assert answer.status_code == 200
    assert 'id="paper-file"' in page
    assert "Terunggah" in page
    refused = owner(draft).post(
        url("edit_document", draft, "SERKOM"), {"file": upload("jpg")}, headers={"X-Requested-With": "upload"}
    )
    assert refused.status_code == 422
    assert "Berkas harus PDF." in refused.content.decode()


def test_letter_of_employment_starts_with_the_newest_job(draft):
    client = owner(draft)
    save(client, draft, Part.EXPERIENCE, JOB)

    assert 'value="PT Contoh"' in client.get(url("edit_document", draft, "SKKERJA")).content.decode()


def test_unasked_document_is_not_there(draft):
    client = owner(draft)

    assert client.get(url("edit_document", draft, "BAYAR")).status_code == 404
    assert client.get(url("edit_document", draft, "APL01")).status_code == 404


def test_removed_document_is_missing_again(draft):
    client = owner(draft)
    client.post(url("edit_document", draft, "KTP"), {"file": upload("jpg")})
    answer = client.post(url("remove_document", draft, "KTP"), follow=True)

    assert "KTP atau paspor sudah dihapus." in answer.content.decode()
    assert not draft.documents.filter(superseded_at=None).exists()


# --- returned


def returned(code="KTP"):
    """A registration whose one document was returned with a reason."""
    registration = people.fill(people.make_registration(), verdict=Verdict.PENDING)
    admin = people.make_admin()
    services.submit_registration(registration, by=registration.person.user)
    services.claim_for_review(registration, by=admin)
    for document in registration.documents.filter(superseded_at=None):
        verdict = Verdict.RETURNED if document.type_id == code else Verdict.ACCEPTED
        services.judge_document(document, verdict, "Foto buram." if verdict == Verdict.RETURNED else "", by=admin)
    services.return_registration(registration, by=admin)
    return Registration.objects.get(pk=registration.pk)


def test_returned_page_names_exactly_what_to_mend():
    registration = returned()
    page = owner(registration).get(url("registration_detail", registration)).content.decode()

    assert page.count("Ganti berkas") == 1
    assert "Foto buram." in page
    assert registration.return_due_on.strftime("%Y") in page
    assert "Periksa dan kirim" not in page


def test_mending_leads_back_and_can_be_sent_again():
    registration = returned()
    client = owner(registration)
    answer = client.post(url("edit_document", registration, "KTP"), {"file": upload("jpg")})

    assert answer["Location"] == url("registration_detail", registration)
    assert "Periksa dan kirim" in client.get(answer["Location"]).content.decode()
    assert client.post(url("submit_registration", registration))["Location"] == url("receipt", registration)
    registration.refresh_from_db()
    assert registration.status == S.SUBMITTED


def test_accepted_document_is_closed_while_another_is_mended():
    registration = returned()
    client = owner(registration)
    page = client.get(url("edit_document", registration, "IJAZAH")).content.decode()
    assert "Dokumen ini tidak perlu diperbaiki." in page

    answer = client.post(url("edit_document", registration, "IJAZAH"), {"file": upload()})
    assert "Ganti hanya dokumen yang diminta." in answer.content.decode()


# --- withdrawing


def test_withdrawing_says_what_it_means_and_asks_once():
    registration = people.registration_in(S.CONFIRMED)
    client = owner(registration)
    page = client.get(url("withdraw_registration", registration)).content.decode()
    assert "Kursi Anda langsung menjadi milik orang berikutnya di daftar tunggu." in page
    registration.refresh_from_db()
    assert registration.status == S.CONFIRMED

    answer = client.post(url("withdraw_registration", registration), {"reason": "Ada tugas lain."}, follow=True)
    registration.refresh_from_db()
    assert (registration.status, registration.reason) == (S.WITHDRAWN, "Ada tugas lain.")
    assert "Pendaftaran sudah ditarik." in answer.content.decode()


def test_started_training_offers_no_withdrawal():
    registration = people.registration_in(S.CONFIRMED)
    Batch.objects.filter(pk=registration.batch_id).update(starts_on=date(2026, 1, 5))
    client = owner(registration)

    assert "Tarik pendaftaran" not in client.get(url("registration_detail", registration)).content.decode()
    assert client.get(url("withdraw_registration", registration)).status_code == 302


# --- queries


def queries(client, address):
    client.get(address)  # sessions and caches are warm
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.mark.parametrize("name", ["registration_detail", "check_answers", "document_list"])
def test_pages_of_a_full_draft_need_few_queries(name):
    registration = people.registration_in(S.DRAFT)

    assert queries(owner(registration), url(name, registration)) <= 12


@pytest.mark.parametrize("part", [part for part in Part if part != Part.DOCUMENTS])
def test_forms_need_few_queries(part):
    registration = people.registration_in(S.DRAFT)

    assert queries(owner(registration), url("edit_part", registration, part)) <= 12


@pytest.mark.parametrize("status", [S.SUBMITTED, S.RETURNED, S.CONFIRMED])
def test_pages_after_sending_need_few_queries(status):
    registration = people.registration_in(status)

    assert queries(owner(registration), url("registration_detail", registration)) <= 12


def test_queries_do_not_grow_with_rows(draft):
    client = owner(draft)
    save(client, draft, Part.EXPERIENCE, JOB)
    one = queries(client, url("edit_part", draft, Part.EXPERIENCE)), queries(client, url("document_list", draft))
    row = draft.parts.get(part=Part.EXPERIENCE)
    services.save_part(
        draft,
        Part.EXPERIENCE,
        {"items": row.data["items"] * 10},
        version=row.version,
        by=draft.person.user,
        complete=True,
    )
    for code in ("KTP", "PASFOTO", "IJAZAH", "SKKERJA", "SERKOM", "REKOM", "CV"):
        for _time in range(3):
            Document.objects.filter(registration=draft, type_id=code).update(superseded_at=clock.now())
            people.make_document(draft, code)

    assert one == (
        queries(client, url("edit_part", draft, Part.EXPERIENCE)),
        queries(client, url("document_list", draft)),
    )
