"""Refusals: a reason code and a sentence in the reader's language."""

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy

from core.errors import ChangedMeanwhile, DomainError, TransitionNotAllowed


class Full(DomainError):
    code = "full"
    message = gettext_lazy("Kelas %(name)s penuh.")


def test_error_fills_the_places_of_its_sentence():
    error = Full(name="A 50%")

    assert (error.code, str(error)) == ("full", "Kelas A 50% penuh.")


def test_error_without_context_leaves_a_percent_sign_alone():
    assert str(DomainError("Hadir 80%")) == "Hadir 80%"


def test_own_sentence_and_code_replace_those_of_the_class():
    error = Full("Lain.", code="other")

    assert (error.code, str(error)) == ("other", "Lain.")


def test_code_of_one_error_does_not_leak_into_the_class():
    Full(code="other", name="A")

    assert Full(name="A").code == "full"


@pytest.mark.parametrize("error", [DomainError(), TransitionNotAllowed(current="Draf"), ChangedMeanwhile()])
def test_sentence_is_translated_when_it_is_read(error):
    with translation.override("id"):
        assert str(error).endswith(".")
        assert "%(" not in str(error)
