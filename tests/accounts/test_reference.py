"""The shipped texts."""

import pytest

from accounts import reference
from accounts.models import ConsentTerm
from accounts.selectors import term_in_force, term_text

pytestmark = pytest.mark.django_db


def test_load_puts_each_text_in_force_once():
    assert reference.load() == 4
    assert reference.load() == 0

    kinds = {term.code: term.content["kind"] for term in ConsentTerm.objects.in_force()}
    assert kinds == {
        "PRIVASI": "notice",
        "KODE_ETIK": "declaration",
        "KEABSAHAN_DOKUMEN": "declaration",
        "HADIR_PENUH": "declaration",
    }


def test_text_has_both_languages(terms):
    term = term_in_force("HADIR_PENUH")

    assert term_text(term, "id").startswith("Saya hadir penuh")
    assert term_text(term, "en").startswith("I attend all sessions")


def test_unknown_term_is_none():
    assert term_in_force("LAIN") is None
