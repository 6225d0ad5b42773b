"""The table of states: every move, and that the services obey it."""

import pytest

from core.errors import TransitionNotAllowed
from core.transitions import check_transition
from participants.states import LIVE, SEATED, SENT, TRANSITIONS
from participants.states import RegistrationStatus as S

MOVES = {
    S.DRAFT: "submitted withdrawn cancelled",
    S.SUBMITTED: "in_review withdrawn cancelled",
    S.IN_REVIEW: "submitted returned eligible rejected withdrawn cancelled",
    S.RETURNED: "submitted withdrawn cancelled",
    S.ELIGIBLE: "confirmed waitlisted withdrawn cancelled",
    S.WAITLISTED: "confirmed withdrawn cancelled",
    S.CONFIRMED: "completed withdrawn cancelled",
    S.COMPLETED: "",
    S.REJECTED: "submitted",
    S.WITHDRAWN: "",
    S.CANCELLED: "",
}


@pytest.mark.parametrize("target", S)
@pytest.mark.parametrize("current", S)
def test_registration_moves_as_the_table_says(current, target):
    if target in MOVES[current].split():
        check_transition(TRANSITIONS, current, target)
    else:
        with pytest.raises(TransitionNotAllowed):
            check_transition(TRANSITIONS, current, target)


def test_named_groups_of_states():
    assert set(LIVE) | {S.COMPLETED, S.REJECTED, S.WITHDRAWN, S.CANCELLED} == set(S)
    assert set(SEATED) == {S.CONFIRMED, S.COMPLETED}
    assert set(SENT) == set(S) - {S.DRAFT}


def test_every_state_has_a_tone():
    assert {status.tone for status in S} <= {"ok", "warn", "err", "rev", "info", "plain", "muted"}
