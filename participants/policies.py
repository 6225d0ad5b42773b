"""Who may do what with a registration; when it is possible is said by the table of states."""

from accounts.models import User
from accounts.roles import Role
from participants.models import Document, Registration
from participants.states import FOR_REVIEW, TRANSITIONS, RegistrationStatus

S = RegistrationStatus


def can_review(user: User) -> bool:
    """Admins decide; directors and auditors look."""
    return Role.ADMIN in user.roles


def can_view_document(user: User, document: Document) -> bool:
    """Its owner, and admins once the application was sent. Auditors and directors never see papers."""
    if document.registration.person.user_id == user.pk:
        return True
    return can_review(user) and document.registration.submitted_at is not None


def can_withdraw(user: User, registration: Registration) -> bool:
    return registration.person.user_id == user.pk and S.WITHDRAWN in TRANSITIONS[S(registration.status)]


def allowed_actions(user: User, registration: Registration) -> frozenset[str]:
    """Names of the desk's acts that this person may do to this registration now."""
    if not can_review(user):
        return frozenset()
    status = S(registration.status)
    actions = {"reveal"} if registration.person.identity else set()
    if status == S.SUBMITTED:
        actions |= {"claim", "accept_all"}
    if status == S.IN_REVIEW:
        mine = registration.claimed_by_id == user.pk
        actions |= {"release", "accept_all", "judge", "find_eligible", "return", "reject"} if mine else {"take_over"}
    if status in {S.ELIGIBLE, S.WAITLISTED}:
        actions.add("confirm")
    if status == S.REJECTED:
        actions.add("reopen")
    if S.CANCELLED in TRANSITIONS[status] and status not in FOR_REVIEW:
        actions.add("cancel")
    return frozenset(actions)
