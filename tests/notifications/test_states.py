"""Which moves of a mail are allowed: the whole square."""

import pytest

from core.errors import TransitionNotAllowed
from core.transitions import check_transition
from notifications.states import DUE, TRANSITIONS, EmailStatus

S = EmailStatus
ALLOWED = {
    (S.HELD, S.QUEUED), (S.HELD, S.CANCELLED),
    (S.QUEUED, S.SENDING), (S.QUEUED, S.CANCELLED),
    *((S.SENDING, target) for target in (S.SENT, S.RETRYING, S.FAILED, S.CANCELLED, S.QUEUED)),
    (S.RETRYING, S.SENDING), (S.RETRYING, S.QUEUED), (S.RETRYING, S.CANCELLED),
    (S.FAILED, S.QUEUED), (S.FAILED, S.CANCELLED),
}  # fmt: skip


@pytest.mark.parametrize("current", S)
@pytest.mark.parametrize("target", S)
def test_transition_is_allowed_exactly_where_the_table_says(current, target):
    if (current, target) in ALLOWED:
        check_transition(TRANSITIONS, current, target)
    else:
        with pytest.raises(TransitionNotAllowed):
            check_transition(TRANSITIONS, current, target)


def test_due_states_may_be_claimed():
    assert all(S.SENDING in TRANSITIONS[state] for state in DUE)
