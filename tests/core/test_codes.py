"""Public ids."""

import re

from core.codes import ALPHABET, LENGTH, new_code
from core.models import Job


def test_codes_are_ten_letters_that_can_be_read_aloud():
    codes = {new_code() for _ in range(2000)}

    assert len(codes) == 2000
    assert all(re.fullmatch(f"[{ALPHABET}]{{{LENGTH}}}", code) for code in codes)
    assert not set("01ilo") & set(ALPHABET)


def test_code_field_makes_its_own_value():
    field = Job._meta.get_field("code")

    assert field.unique
    assert not field.editable
    assert Job().code != Job().code
    assert field.deconstruct()[3]["max_length"] == LENGTH
