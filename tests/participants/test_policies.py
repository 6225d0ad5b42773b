"""Who may do what: the buttons of the desk in every state."""

import pytest

from accounts.models import RoleGrant
from accounts.roles import Role
from participants.policies import allowed_actions, can_view_document, can_withdraw
from participants.states import LIVE
from participants.states import RegistrationStatus as S
from tests.factories.participants import make_admin, make_document, make_person, make_registration, make_user

pytestmark = pytest.mark.django_db
BUTTONS = {
    S.DRAFT: {"cancel"},
    S.SUBMITTED: {"claim", "accept_all"},
    S.IN_REVIEW: {"take_over"},
    S.RETURNED: {"cancel"},
    S.ELIGIBLE: {"confirm", "cancel"},
    S.WAITLISTED: {"confirm", "cancel"},
    S.CONFIRMED: {"cancel"},
    S.COMPLETED: set(),
    S.REJECTED: {"reopen"},
    S.WITHDRAWN: set(),
    S.CANCELLED: set(),
}


@pytest.mark.parametrize("status", S)
def test_buttons_of_an_admin(status):
    assert allowed_actions(make_admin(), make_registration(status)) == BUTTONS[status] | {"reveal"}


def test_buttons_of_who_has_claimed_the_file():
    admin = make_admin()
    registration = make_registration(S.IN_REVIEW, claimed_by=admin)

    assert allowed_actions(admin, registration) == {
        "reveal", "release", "accept_all", "judge", "find_eligible", "return", "reject",
    }  # fmt: skip


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.AUDITOR, Role.ASSESSOR])
@pytest.mark.parametrize("status", S)
def test_nobody_else_has_buttons(role, status):
    user = make_user()
    RoleGrant.objects.create(user=user, role=role)

    assert allowed_actions(user, make_registration(status)) == frozenset()


@pytest.mark.parametrize("status", S)
def test_only_the_person_withdraws_and_only_while_it_lives(status):
    registration = make_registration(status)

    assert can_withdraw(registration.person.user, registration) == (status in LIVE)
    assert not can_withdraw(make_admin(), registration)


def test_papers_are_for_their_owner_and_for_admins_once_sent():
    draft, sent = make_document(make_registration()), make_document(make_registration(S.SUBMITTED))
    admin, stranger = make_admin(), make_person().user

    assert can_view_document(draft.registration.person.user, draft)
    assert not can_view_document(admin, draft)
    assert can_view_document(admin, sent)
    assert not can_view_document(stranger, sent)
