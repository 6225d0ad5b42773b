"""What participants type: kept through every error, and each error names what to do."""

from datetime import date

import pytest

from core import clock
from participants.forms import (
    DeclarationsForm,
    EducationForm,
    ExperienceFormSet,
    IdentityForm,
    PaperForm,
    QuickCheckForm,
    SelfAssessmentForm,
    TargetForm,
    identity_notes,
    upload_limit,
)
from tests.factories import participants as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def registration(db):
    return people.make_registration()


def identity_data(**changes):
    typed = {
        "full_name": "Siti Rahmawati",
        "nationality": "WNI",
        "identity_kind": "nik",
        "nik": people.make_nik(),
        "birth_place": "Bandung",
        "birth_date_day": "17",
        "birth_date_month": "8",
        "birth_date_year": "1990",
        "sex": "P",
        "phone": "0812-3456-7890",
        "address": "Jalan Merdeka 1, Bandung",
    }
    return typed | changes


def identity_form(registration, **changes):
    return IdentityForm(identity_data(**changes), registration=registration, stored={})


def jobs(*rows):
    """POST data of the experience page."""
    data = {"job-TOTAL_FORMS": str(len(rows)), "job-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        start, end = row.pop("start", ("", "")), row.pop("end", ("", ""))
        row |= {
            "starts_on_month": start[0],
            "starts_on_year": start[1],
            "ends_on_month": end[0],
            "ends_on_year": end[1],
        }
        data |= {f"job-{number}-{name}": value for name, value in row.items()}
    return data


def job(**changes):
    row = {"employer": "PT Contoh", "position": "Staf", "field": "Administrasi", "start": ("3", "2019")}
    return row | {"end": ("2", "2024")} | changes


def experience(registration, *rows, stored=None):
    return ExperienceFormSet(jobs(*rows), registration=registration, stored=stored or {})


# --- identity


def test_identity_of_a_fresh_person_is_whole():
    registration = people.make_registration(person=people.make_person(identity="", identity_index="", identity_mask=""))
    form = identity_form(registration, nik="3174 0157.0890-0003")

    assert form.is_valid(), form.errors
    assert form.answers() == {
        "full_name": "Siti Rahmawati", "title_front": "", "title_back": "", "nationality": "WNI",
        "identity_kind": "nik", "identity": "3174 0157.0890-0003", "birth_place": "Bandung",
        "birth_date": date(1990, 8, 17), "sex": "P", "phone": "+6281234567890", "address": "Jalan Merdeka 1, Bandung",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"full_name": ""}, "full_name", "Tulis nama lengkap sesuai KTP atau paspor."),
        ({"nik": "317401570890000"}, "nik", "NIK terdiri atas 16 angka. Anda menulis 15 angka."),
        ({"nik": "31740157O8900003"}, "nik", "NIK hanya berisi angka."),
        ({"identity_kind": "passport"}, "passport", "Nomor paspor terdiri atas 6 sampai 15 huruf atau angka."),
        ({"identity_kind": "passport", "passport": "AB1"}, "passport", "Nomor paspor terdiri atas 6 sampai 15"),
        ({"birth_date_month": ""}, "birth_date", "Tulis tanggal lahir lengkap, misalnya 17 8 1990."),
        ({"birth_date_day": "31", "birth_date_month": "2"}, "birth_date", "Tulis tanggal lahir lengkap"),
        ({"sex": ""}, "sex", "Pilih jenis kelamin."),
        ({"phone": "12345"}, "phone", "Tulis nomor WhatsApp yang diawali 08 atau +62, misalnya 0812-3456-7890."),
        ({"phone": ""}, "phone", "Tulis nomor WhatsApp yang diawali 08 atau +62"),
        ({"nationality": "MARS"}, "nationality", "Pilih kewarganegaraan dari daftar."),
    ],
)
def test_identity_says_what_to_fix_and_keeps_the_rest(registration, changes, field, message):
    form = identity_form(registration, **changes)

    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert message in form.errors[field][0]
    page = form.as_p()
    assert 'value="Bandung"' in page
    assert all(f'value="{value}"' in page for name, value in changes.items() if name in ("nik", "phone") and value)


def test_stored_number_stays_unless_another_is_typed(registration):
    form = identity_form(registration, nik="")

    assert form.is_valid(), form.errors
    assert "identity" not in form.answers()
    assert registration.person.identity_mask in str(form.fields["nik"].help_text)


def test_stored_number_is_nowhere_on_the_page(registration):
    form = IdentityForm(registration=registration, stored={})

    assert registration.person.identity not in form.as_p()
    assert registration.person.identity not in str(form.summary())
    assert registration.person.identity_mask in str(form.summary())


def test_other_kind_asks_for_its_number(registration):
    form = identity_form(registration, identity_kind="passport", passport="")

    assert list(form.errors) == ["passport"]
    assert "identity_kind" not in form.draft()


def test_nik_of_another_birth_date_is_a_note_and_no_error(registration):
    form = identity_form(registration, birth_date_day="18")

    assert form.is_valid(), form.errors
    registration.person.identity_findings = ["birth_date_differs"]
    assert identity_notes(registration.person) == [
        "Tanggal lahir pada NIK berbeda dari isian Anda. Periksa lagi; bila memang berbeda, lanjutkan dan admin akan "
        "memeriksa."
    ]


def test_draft_of_identity_keeps_what_is_right_and_names_the_rest(registration):
    form = identity_form(registration, nik="123", phone="salah", full_name="Siti R.")

    assert form.draft()["full_name"] == "Siti R."
    assert {"identity", "phone"} & set(form.draft()) == set()
    assert form.unsaved_labels() == ["Nomor WhatsApp", "NIK"]


def test_birth_date_in_the_future_is_refused(registration):
    form = identity_form(registration, birth_date_year=str(clock.today().year + 1))

    assert "birth_date" in form.errors


# --- education, target


def test_education_in_the_stored_shape(registration):
    typed = {"level": "S1", "school": "Universitas Contoh", "major": "", "year": "2012"}
    form = EducationForm(typed, registration=registration, stored={})

    assert form.is_valid(), form.errors
    assert form.answers() == {"level": "S1", "school": "Universitas Contoh", "year": 2012}


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"level": ""}, "level", "Pilih pendidikan terakhir Anda."),
        ({"school": ""}, "school", "Tulis nama sekolah atau perguruan tinggi."),
        ({"year": "dua"}, "year", "Tulis tahun lulus dengan empat angka, misalnya 2012."),
        ({"year": "1900"}, "year", "Tahun lulus harus antara 1950 dan"),
    ],
)
def test_education_says_what_to_fix(registration, changes, field, message):
    typed = {"level": "S1", "school": "Universitas Contoh", "major": "Hukum", "year": "2012"} | changes
    form = EducationForm(typed, registration=registration, stored={})

    assert list(form.errors) == [field]
    assert message in form.errors[field][0]


def test_what_is_not_right_yet_comes_back_from_the_draft(registration):
    typed = {"level": "S1", "school": "", "major": "Hukum", "year": "20x2"}
    draft = EducationForm(typed, registration=registration, stored={}).draft()

    assert draft == {"level": "S1", "major": "Hukum", "typed": {"year": "20x2"}}
    page = EducationForm(registration=registration, stored=draft).as_p()
    assert 'value="20x2"' in page
    assert 'value="Hukum"' in page


def test_target_is_asked_in_words(registration):
    form = TargetForm({"field": " "}, registration=registration, stored={})

    assert form.errors["field"] == ["Tulis skema atau bidang yang akan Anda ases."]


# --- experience


def test_experience_in_the_stored_shape_newest_first(registration):
    form = experience(
        registration, job(start=("1", "2012"), end=("2", "2016")), job(end=("", ""), still="on", employer="CV Baru")
    )

    assert form.is_valid(), form.errors
    same = {"position": "Staf", "field": "Administrasi"}
    assert form.answers()["items"] == [
        same | {"employer": "CV Baru", "starts_on": "2019-03-01", "ends_on": None},
        same | {"employer": "PT Contoh", "starts_on": "2012-01-01", "ends_on": "2016-02-29"},
    ]


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"end": ("1", "2019")}, "ends_on", "Bulan selesai harus setelah bulan mulai."),
        ({"end": ("", "")}, "ends_on", "Tulis bulan selesai, atau centang “Masih bekerja di sini”."),
        ({"end": ("1", "2090")}, "ends_on", "Bulan selesai belum lewat. Centang “Masih bekerja di sini”."),
        ({"start": ("1", "2090")}, "starts_on", "Bulan mulai belum lewat. Periksa tahunnya."),
        ({"start": ("", "2019")}, "starts_on", "Tulis mulai lengkap, misalnya Agustus 2020."),
        ({"employer": ""}, "employer", "Tulis nama instansi atau perusahaan."),
        ({"position": ""}, "position", "Tulis jabatan Anda di sana."),
    ],
)
def test_experience_says_what_to_fix(registration, changes, field, message):
    form = experience(registration, job(**changes))

    assert not form.is_valid()
    assert message in form.errors[0][field][0]


def test_row_with_only_the_prefilled_field_is_dropped(registration):
    empty = job(employer="", position="", start=("", ""), end=("", ""))
    form = experience(registration, job(), empty)

    assert form.is_valid(), form.errors
    assert len(form.answers()["items"]) == 1


def test_emptied_rows_alone_ask_for_the_first_experience(registration):
    form = experience(registration, job(employer="", position="", start=("", ""), end=("", "")))

    assert not form.is_valid()
    assert form.non_form_errors() == ["Tambahkan pengalaman pertama Anda."]


def test_overlap_counts_once(registration):
    form = experience(
        registration, job(start=("1", "2015"), end=("12", "2016")), job(start=("1", "2016"), end=("12", "2017"))
    )

    assert form.total().months == 36


def test_half_typed_rows_come_back_from_the_draft(registration):
    draft = experience(registration, job(), job(employer="CV Setengah", end=("", "2024"))).draft()

    assert [item["employer"] for item in draft["items"]] == ["PT Contoh"]
    again = ExperienceFormSet(registration=registration, stored=draft)
    assert [form.initial["employer"] for form in again.forms] == ["PT Contoh", "CV Setengah"]
    assert 'value="2024"' in again.forms[1].as_p()


def test_first_row_is_prefilled_with_the_field_to_be_assessed(registration):
    registration.target_field = "Pengelasan"

    assert 'value="Pengelasan"' in ExperienceFormSet(registration=registration, stored={}).forms[0].as_p()


def test_more_than_ten_rows_are_refused(registration):
    form = experience(registration, *[job() for _number in range(11)])

    assert form.non_form_errors() == ["Tulis paling banyak 10 pengalaman, dimulai dari yang terbaru."]


# --- self assessment, declarations


def test_self_assessment_in_the_stored_shape(registration):
    codes = [unit["code"] for unit in registration.scheme.units]
    typed = {f"answer_{code}": "BK" for code in codes} | {f"answer_{codes[0]}": "K", f"note_{codes[0]}": "Modul."}
    form = SelfAssessmentForm(typed, registration=registration, stored={})

    assert form.is_valid(), form.errors
    assert form.answers() == {"answers": dict.fromkeys(codes, "BK") | {codes[0]: "K"}, "notes": {codes[0]: "Modul."}}


def test_self_assessment_names_the_unit_without_answer_or_evidence(registration):
    first, second, third = (unit["code"] for unit in registration.scheme.units)
    typed = {f"answer_{first}": "K", f"answer_{second}": "BK"}
    form = SelfAssessmentForm(typed, registration=registration, stored={})

    assert set(form.errors) == {f"note_{first}", f"answer_{third}"}
    assert form.errors[f"answer_{third}"][0].startswith("Pilih Kompeten atau Belum kompeten untuk “")
    assert form.draft()["answers"] == {first: "K", second: "BK"}


def test_declarations_are_unticked_and_each_is_named(registration):
    terms = [people.make_term("KODE_ETIK"), people.make_term("HADIR_PENUH")]
    form = DeclarationsForm(registration=registration, stored={}, terms=terms)
    assert "checked" not in form.as_p()

    form = DeclarationsForm({"KODE_ETIK": "on"}, registration=registration, stored={}, terms=terms)
    assert form.errors == {"HADIR_PENUH": ["Centang “Saya hadir penuh selama pelatihan dan uji” untuk melanjutkan."]}
    assert form.ticked() == ["KODE_ETIK"]


# --- documents


def document_type(code):
    from batches.models import DocumentType

    return DocumentType.objects.get(code=code)


def test_certificate_facts_have_the_keys_of_the_rules(registration):
    typed = {
        "number": "SK-1", "issuer": "LSP Contoh", "scheme": "Pengelasan", "level": "6", "issued_on_day": "1",
        "issued_on_month": "2", "issued_on_year": "2024", "valid_until_day": "1", "valid_until_month": "2",
        "valid_until_year": "2027",
    }  # fmt: skip
    form = PaperForm(typed, type=document_type("SERKOM"))

    assert form.is_valid(), form.errors
    assert form.facts() == {
        "number": "SK-1", "issuer": "LSP Contoh", "scheme": "Pengelasan", "level": 6, "issued_on": "2024-02-01",
        "valid_until": "2027-02-01",
    }  # fmt: skip
    assert PaperForm(type=document_type("SERKOM"), stored=form.facts()).initial["valid_until"] == date(2027, 2, 1)


def test_end_before_issue_is_refused(registration):
    typed = {
        "number": "1", "issuer": "L", "scheme": "P", "issued_on_day": "1", "issued_on_month": "2",
        "issued_on_year": "2024", "valid_until_day": "1", "valid_until_month": "2", "valid_until_year": "2023",
    }  # fmt: skip
    form = PaperForm(typed, type=document_type("SERKOM"))

    assert form.errors == {"valid_until": ["Tanggal akhir masa berlaku harus setelah tanggal terbit."]}
    assert form.facts()["number"] == "1"


def test_every_field_of_every_document_type_is_known(registration):
    from batches.models import DocumentType
    from participants.forms.papers import FACTS

    assert {name for type in DocumentType.objects.all() for name in type.fields} == set(FACTS)


def test_limit_is_said_in_words(registration):
    assert upload_limit(document_type("KTP")) == "PDF, JPG, atau PNG. Paling besar 2 MB."
    assert upload_limit(document_type("IJAZAH")) == "PDF. Paling besar 3 MB."
    assert upload_limit(document_type("PASFOTO")) == "JPG atau PNG. Paling besar 1 MB."


# --- the check without an account


def test_quick_check_answers_become_facts(registration):
    form = QuickCheckForm({"education": "S1", "years": "5", "certificate": "no", "birth_year": "1990"})
    facts = form.facts()

    assert (facts.education_level, facts.birth_date, facts.not_held) == ("S1", date(1990, 7, 1), {"SERKOM"})


def test_quick_check_says_what_to_fix(registration):
    form = QuickCheckForm({"years": "lima", "birth_year": "90"})

    assert form.errors["years"] == ["Tulis lama bekerja dengan angka dari 0 sampai 60, misalnya 5."]
    assert form.errors["birth_year"][0].startswith("Tahun lahir harus antara 1930 dan")
    assert form.facts().experiences == ()
