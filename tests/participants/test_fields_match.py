import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants.fields_match import fields_match


@pytest.mark.parametrize(
    ("target", "claimed"),
    [
        ("Administrasi Perkantoran", "administrasi perkantoran"),
        ("Administrasi Perkantoran", "Administrasi perkantoran dan sekretaris"),
        ("Skema KKNI Jenjang II Administrasi Perkantoran", "Administrator perkantoran"),
        ("Bidang Jaringan Komputer", "Teknisi jaringan komputer"),
        ("Teknik Elektronika", "Elektro"),
        ("Pengelasan SMAW", "Pengelas SMAW 3G"),
        ("Pelaksana Konstruksi Gedung", "Konstruksi gedung bertingkat"),
        ("Perhotelan: Tata Boga", "tata boga"),
        ("Café Barista", "cafe barista"),
        ("Ahli Muda K3 Konstruksi", "K3 konstruksi"),
        ("Staf Umum", "staf umum"),
    ],
)
def test_fields_match_when_one_names_the_other(target, claimed):
    assert fields_match(target, claimed)


@pytest.mark.parametrize(
    ("target", "claimed"),
    [
        ("Pengelasan", "Juru las"),
        ("Teknik Sipil", "Teknik Mesin"),
        ("Teknik Las", "Teknik"),
        ("Pengelasan", "Pengelola gudang"),
        ("Konstruksi", "Konsultan pajak"),
        ("Tata Boga", "Tata Busana"),
        ("Administrasi Perkantoran", ""),
        ("", "Administrasi Perkantoran"),
        ("", ""),
        ("Skema bidang", "Skema bidang"),
        ("Manajer", "Staf"),
    ],
)
def test_fields_differ_or_say_nothing(target, claimed):
    assert not fields_match(target, claimed)


@given(st.text(max_size=40), st.text(max_size=40))
def test_fields_match_does_not_depend_on_the_order(first, second):
    assert fields_match(first, second) == fields_match(second, first)
