"""The waiting list as a person sees it."""

from participants.models import Registration


def waiting_position(registration: Registration) -> int | None:
    """1 for the first; None when not waiting."""
    raise NotImplementedError
