"""Moves of state against a table."""

import pytest
from django.db.models import TextChoices

from core.errors import TransitionNotAllowed
from core.transitions import check_transition


class Light(TextChoices):
    RED = "red", "Merah"
    GREEN = "green", "Hijau"
    OFF = "off", "Mati"


TABLE = {Light.RED: frozenset({Light.GREEN}), Light.GREEN: frozenset({Light.RED, Light.OFF}), Light.OFF: frozenset()}


@pytest.mark.parametrize("current", Light)
@pytest.mark.parametrize("target", Light)
def test_table_decides_every_pair(current, target):
    allowed = (current, target) in {(Light.RED, Light.GREEN), (Light.GREEN, Light.RED), (Light.GREEN, Light.OFF)}

    if allowed:
        assert check_transition(TABLE, current.value, target) is None
    else:
        with pytest.raises(TransitionNotAllowed) as refused:
            check_transition(TABLE, current.value, target)
        assert current.label in str(refused.value)
        assert refused.value.code == "transition_not_allowed"


def test_unknown_state_is_a_fault_of_ours():
    with pytest.raises(ValueError, match="blue"):
        check_transition(TABLE, "blue", Light.RED)
