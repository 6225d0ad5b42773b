"""Checks a move of state against an app's table of allowed moves (`states.py`)."""

from collections.abc import Mapping

from django.db.models import TextChoices

from core.errors import TransitionNotAllowed

Table = Mapping[TextChoices, frozenset[TextChoices]]


def check_transition(table: Table, current: str, target: TextChoices) -> None:
    """Raises TransitionNotAllowed unless the table leads from `current` to `target`."""
    kind = type(target)
    if target not in table[kind(current)]:
        raise TransitionNotAllowed(current=kind(current).label)
