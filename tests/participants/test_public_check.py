"""Pages without an account: schemes, batches, and the eligibility check."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from batches.models import Scheme
from participants import services
from participants.models import Registration
from tests.factories import participants as people
from tests.factories.accounts import client_of
from tests.factories.batches import load_schemes, make_batch, make_draft

pytestmark = pytest.mark.django_db
CODES = ["ASKOM-UMUM", "ASKOM-KONSTRUKSI", "ASKOM-VOKASI", "ASKOM-RCC"]


@pytest.fixture(autouse=True)
def _schemes(db):
    load_schemes()


def page(name, *args, **query):
    return client_of(None).get(reverse(f"participants:{name}", args=args), query)


def text(name, *args, **query):
    answer = page(name, *args, **query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("code", CODES)
def test_scheme_page_says_requirements_and_documents(code):
    found = text("scheme_page", code)

    assert "Syarat peserta" in found
    assert "Dokumen yang disiapkan" in found
    assert "Surat rekomendasi LSP" in found
    assert "FR.APL.01" not in found.partition("Dokumen yang disiapkan")[2]


def test_unknown_or_retired_scheme_is_not_there():
    Scheme.objects.filter(code="ASKOM-RCC").update(is_active=False)

    assert page("scheme_page", "ASKOM-RCC").status_code == 404
    assert page("scheme_page", "LAIN").status_code == 404
    assert page("quick_check_scheme", "ASKOM-RCC").status_code == 404
    assert page("quick_check_scheme", "LAIN").status_code == 404


def test_batch_page_offers_registration():
    batch = make_batch()
    found = text("batch_page", batch.code)

    assert reverse("participants:start_registration", args=[batch.code]) in found
    assert "Paling besar 2 MB" in found


def test_unpublished_batch_is_not_there():
    assert page("batch_page", make_draft().code).status_code == 404


def test_batch_page_of_somebody_who_applied_leads_on():
    registration = services.start_registration(make_batch(), by=people.make_user())
    address = reverse("participants:batch_page", args=[registration.batch.code])
    found = client_of(registration.person.user).get(address).content.decode()

    assert reverse("participants:registration_detail", args=[registration.code]) in found
    assert "Lanjutkan pendaftaran" in found


def test_full_batch_tells_about_the_waiting_list():
    batch = make_batch(capacity=1)
    people.make_registration(status="confirmed", batch=batch)

    assert "masuk daftar tunggu" in text("batch_page", batch.code)


def test_check_first_asks_for_the_scheme():
    found = text("quick_check")

    assert "Pilih skema lebih dahulu" in found
    assert all(f'value="{code}"' in found for code in CODES)


@pytest.mark.parametrize("code", CODES)
def test_check_of_every_scheme_opens(code):
    found = text("quick_check", scheme=code)

    assert "Jawab pertanyaan untuk melihat hasil tiap syarat." in found
    assert 'name="certificate"' in found


def test_check_asks_only_what_the_scheme_looks_at():
    found = text("quick_check_scheme", "ASKOM-RCC")

    assert 'name="certificate"' in found
    assert 'name="education"' not in found
    assert 'name="birth_year"' not in found


def test_result_says_value_limit_and_what_to_do():
    found = text("quick_check_scheme", "ASKOM-UMUM", education="D3", years="2", certificate="yes")

    assert "Pengalaman 2 tahun, kurang 1 tahun dari syarat 3 tahun." in found
    assert "Tambahkan pengalaman lain, atau pilih skema lain." in found
    assert "Pendidikan Diploma 3, cukup untuk syarat Diploma 3." in found
    assert "Siapkan Ijazah terakhir sebagai bukti." in found
    assert "Ada syarat yang belum terpenuhi." in found


def test_good_answers_wait_for_proof_only():
    found = text("quick_check_scheme", "ASKOM-UMUM", education="S1", years="6", certificate="yes")

    assert "Belum memenuhi" not in found
    assert "Belum ada halangan" in found


def test_wrong_answer_is_kept_and_named():
    found = text("quick_check_scheme", "ASKOM-UMUM", education="S1", years="enam", certificate="yes")

    assert "Tulis lama bekerja dengan angka dari 0 sampai 60, misalnya 5." in found
    assert 'value="enam"' in found


def test_live_check_answers_only_the_result():
    address = reverse("participants:quick_check_scheme", args=["ASKOM-UMUM"])
    answer = client_of(None).get(address, {"education": "S1"}, headers={"HX-Request": "true"})

    assert answer.content.decode().strip().startswith('<div id="quick-result"')


def test_result_leads_to_open_batches():
    batch = make_batch()

    assert reverse("participants:batch_page", args=[batch.code]) in text("quick_check_scheme", "ASKOM-UMUM")


def test_check_stores_nothing():
    text("quick_check_scheme", "ASKOM-UMUM", education="S1", years="6", certificate="yes")

    assert not Registration.objects.exists()


@pytest.mark.parametrize("name", ["scheme_page", "quick_check_scheme"])
def test_queries_do_not_grow_with_batches(name):
    def count():
        page(name, "ASKOM-UMUM")
        with CaptureQueriesContext(connection) as found:
            page(name, "ASKOM-UMUM")
        return len(found)

    make_batch()
    one = count()
    for _number in range(4):
        make_batch()

    assert one <= 10
    assert count() == one
