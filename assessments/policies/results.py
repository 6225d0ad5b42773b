"""Who may do what with results and appeals; when it is possible is said by the states and the services."""

from accounts.models import User
from accounts.roles import Role
from assessments.models import Appeal, Assessment
from assessments.states import APPEAL, ASSESSMENT, AppealStatus, AssessmentStatus, Duty

S, A = AssessmentStatus, AppealStatus


def can_decide_results(user: User) -> bool:
    return Role.DIRECTOR in user.roles


def can_release_results(user: User) -> bool:
    """The desk and the director; auditors look."""
    return bool(user.roles & {Role.ADMIN, Role.DIRECTOR})


def can_look_at_attempts(user: User) -> bool:
    return bool(user.roles & {Role.ADMIN, Role.DIRECTOR, Role.AUDITOR})


can_manage_attempts = can_handle_appeals = can_release_results


def can_appoint_panel(user: User) -> bool:
    return Role.DIRECTOR in user.roles


def attempt_actions(user: User, assessment: Assessment, *, may_retake: bool) -> frozenset[str]:
    """Names of the acts that this person may do to this attempt now; `may_retake`: it is the last one and allows it."""
    status, actions = S(assessment.status), set()
    if can_decide_results(user) and status == S.RECOMMENDED:
        actions.add("send_back")
    if Role.ADMIN in user.roles and status == S.OPEN:
        actions.add("plan")  # a play outside the rotation: retakes, plays that fell through
    if can_manage_attempts(user) and S.VOID in ASSESSMENT[status]:
        actions.add("void")
    if can_manage_attempts(user) and may_retake:
        actions.add("retake")
    return frozenset(actions)


def hears_appeal(user: User, appeal: Appeal) -> bool:
    return appeal.panel.filter(user=user, duty=Duty.HEARS_APPEAL).exists()


def appeal_actions(user: User, appeal: Appeal) -> frozenset[str]:
    """Names of the acts that this person may do to this appeal now."""
    possible = APPEAL[A(appeal.status)]
    actions = set()
    if appeal.decision.assessment.registration.person.user_id == user.pk and A.WITHDRAWN in possible:
        actions.add("withdraw")
    if can_handle_appeals(user):
        actions |= {name for name, target in _OF_THE_DESK.items() if target in possible}
    if can_appoint_panel(user) and A.UNDER_REVIEW in possible:
        actions.add("appoint")
    if A.UPHELD in possible and hears_appeal(user, appeal):
        actions.add("decide")
    return frozenset(actions)


_OF_THE_DESK = {"accept": A.ACCEPTED, "reject": A.REJECTED_FORMALLY, "close": A.CLOSED}
