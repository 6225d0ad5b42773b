"""Forms in our words: messages, dates in parts, what was typed survives."""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from core.forms import (
    ClockField,
    DateField3,
    DateTimeField3,
    MonthYearField,
    PortalForm,
    YesNoField,
    in_zone,
    parse_clock,
    subject,
)


@pytest.fixture(autouse=True)
def indonesian():
    with translation.override("id"):
        yield


class EveryForm(PortalForm):
    name = forms.CharField(label="Nama lengkap", help_text="Sesuai KTP.", max_length=10)
    nik = forms.CharField(label="NIK", required=False)
    email = forms.EmailField(label="Email", required=False)
    age = forms.IntegerField(label="Pengalaman kerja", min_value=1, max_value=50)
    level = forms.ChoiceField(label="Pendidikan terakhir", choices=[("", "Pilih"), ("s1", "S1")])
    certified = YesNoField(label="Apakah Anda memiliki sertifikat?")
    paper = forms.FileField(label="Ijazah")
    truth = forms.BooleanField(label="Data saya benar.")
    born = DateField3(label="Tanggal lahir")
    start = ClockField(label="Jam mulai")
    own = forms.CharField(label="Lain", error_messages={"required": "Tulis sesuatu yang lain."})


def errors_of(**typed):
    return {name: list(messages) for name, messages in EveryForm(typed, {}).errors.items()}


def test_empty_fields_say_what_to_do():
    assert errors_of() == {
        "name": ["Isi nama lengkap."],
        "age": ["Isi pengalaman kerja."],
        "level": ["Pilih pendidikan terakhir."],
        "certified": ["Jawab pertanyaan “Apakah Anda memiliki sertifikat?”."],
        "paper": ["Pilih berkas ijazah."],
        "truth": ["Centang “Data saya benar” untuk melanjutkan."],
        "born": ["Tulis tanggal lahir lengkap, misalnya 17 8 1990."],
        "start": ["Tulis jam mulai, misalnya 08.00."],
        "own": ["Tulis sesuatu yang lain."],
    }


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("name", "a" * 12, "Nama lengkap paling panjang 10 huruf. Anda menulis 12 huruf."),
        ("email", "siti", "Tulis alamat email lengkap, misalnya nama@contoh.id."),
        ("age", "lima", "Pengalaman kerja harus berupa angka, misalnya 5."),
        ("age", "0", "Pengalaman kerja paling sedikit 1."),
        ("age", "99", "Pengalaman kerja paling banyak 50."),
        ("level", "s9", "Pilih pendidikan terakhir dari daftar."),
        ("certified", "mungkin", "Pilih apakah Anda memiliki sertifikat dari daftar."),
        ("start", "8 pagi", "Tulis jam dengan titik, misalnya 08.00."),
    ],
)
def test_wrong_input_names_thing_and_limit(field, typed, message):
    assert errors_of(**{field: typed})[field] == [message]


def test_label_with_percent_sign_survives():
    class Share(PortalForm):
        share = forms.IntegerField(label="Bagian 50% lebih", min_value=10)

    assert list(Share({"share": "1"}).errors["share"]) == ["Bagian 50% lebih paling sedikit 10."]


def test_empty_file_is_named():
    form = EveryForm({}, {"paper": SimpleUploadedFile("a.pdf", b"")})

    assert list(form.errors["paper"]) == ["Berkas kosong. Pilih berkas lain."]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Nama lengkap", "nama lengkap"),
        ("NIK", "NIK"),
        ("Nomor WhatsApp:", "nomor WhatsApp"),
        ("D3 ke atas", "D3 ke atas"),
    ],
)
def test_subject_fits_into_a_sentence(label, expected):
    assert subject(label) == expected


# --- dates in parts


def clean(field, *typed):
    return field.clean(list(typed))


def test_date_is_put_together():
    assert clean(DateField3(label="Tanggal lahir"), "17", "8", "1990") == date(1990, 8, 17)


@pytest.mark.parametrize(
    "typed", [("17", "", "1990"), ("31", "2", "1990"), ("x", "8", "1990"), ("17", "8", "90"), ("17", "13", "1990")]
)
def test_half_or_impossible_date_asks_for_the_whole(typed):
    with pytest.raises(forms.ValidationError) as caught:
        clean(DateField3(label="Tanggal lahir"), *typed)

    assert caught.value.messages == ["Tulis tanggal lahir lengkap, misalnya 17 8 1990."]


def test_year_outside_the_limits_is_named():
    with pytest.raises(forms.ValidationError) as caught:
        clean(DateField3(label="Tanggal lahir", years=(1940, 2010)), "17", "8", "2020")

    assert caught.value.messages == ["Tahun pada tanggal lahir harus antara 1940 dan 2010."]


def test_optional_date_may_be_empty():
    assert clean(DateField3(label="Tanggal", required=False), "", "", "") is None


def test_month_and_year_give_the_first_day():
    assert clean(MonthYearField(label="Mulai"), "8", "2020") == date(2020, 8, 1)


def test_moment_is_in_the_zone_of_the_field():
    field = DateTimeField3(label="Dibuka", zone="Asia/Makassar")

    assert clean(field, "3", "8", "2026", "08.00") == datetime(2026, 8, 3, 0, 0, tzinfo=UTC)


def test_naive_moment_waits_for_the_zone():
    value = clean(DateTimeField3(label="Dibuka", naive=True), "3", "8", "2026", "0800")

    assert value == datetime(2026, 8, 3, 8, 0)
    assert in_zone(value, "Asia/Jayapura").tzinfo == ZoneInfo("Asia/Jayapura")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("08.00", time(8)), ("8:05", time(8, 5)), ("1630", time(16, 30)), ("24.00", None), ("8", None), ("", None)],
)
def test_clock_is_read_in_three_ways(text, expected):
    assert parse_clock(text) == expected


def test_yes_no_gives_a_truth_value():
    assert YesNoField().clean("yes") is True
    assert YesNoField().clean("no") is False
    assert YesNoField(required=False).clean("") is None


class Window(PortalForm):
    opens = DateTimeField3(label="Dibuka", zone="Asia/Jakarta")
    born = DateField3(label="Tanggal lahir")
    start = ClockField(label="Jam mulai")


def test_stored_values_are_shown_in_parts():
    opens = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)

    html = render_crispy_form(Window(initial={"opens": opens, "born": date(1990, 8, 17), "start": time(8)}))

    assert 'name="opens_time" value="08.00"' in html
    assert 'name="born_day" value="17"' in html
    assert '<option value="8" selected>Agustus</option>' in html
    assert 'value="08.00"' in html


def test_typed_values_survive_an_error():
    html = render_crispy_form(Window({"born_day": "31", "born_month": "2", "born_year": "1990", "start": "pagi"}))

    assert 'name="born_day" value="31"' in html
    assert '<option value="2" selected>Februari</option>' in html
    assert 'value="pagi"' in html


def test_unchanged_date_is_not_a_change():
    initial = {"born": date(1990, 8, 17)}
    same = {"born_day": "17", "born_month": "8", "born_year": "1990"}

    assert "born" not in Window(same, initial=initial).changed_data
    assert "born" in Window(same | {"born_day": "18"}, initial=initial).changed_data


# --- rendering


def test_hint_and_error_stand_before_the_control():
    html = render_crispy_form(EveryForm({}, {}))

    assert html.index('id="id_name_helptext"') < html.index('id="id_name_error"') < html.index('name="name"')
    assert 'aria-describedby="id_name_helptext id_name_error"' in html


def test_optional_fields_are_marked_and_stars_are_gone():
    html = render_crispy_form(EveryForm())

    assert html.count("(boleh kosong)") == 2
    assert "asterisk" not in html
    assert "required" not in html


def test_filters_do_not_mark_optional_fields():
    class Filter(PortalForm):
        mark_optional = False
        q = forms.CharField(label="Cari", required=False)

    assert "boleh kosong" not in render_crispy_form(Filter())


def test_every_described_by_points_to_something():
    html = render_crispy_form(EveryForm({}, {}))

    for ids in re.findall(r'aria-describedby="([^"]+)"', html):
        for target in ids.split():
            assert f'id="{target}"' in html


def test_file_input_speaks_our_language():
    html = render_crispy_form(EveryForm())

    assert "Pilih berkas" in html
    assert "Belum ada berkas" in html
