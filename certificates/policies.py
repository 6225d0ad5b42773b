"""Who may do what with certificates; when it is possible is said by the checklist and the table of states."""

from accounts.models import User
from accounts.roles import Role
from certificates.models import Certificate
from certificates.states import TRANSITIONS, CertificateStatus

S = CertificateStatus


def can_issue(user: User) -> bool:
    """The director issues, revokes and issues anew; admins and auditors look."""
    return Role.DIRECTOR in user.roles


def can_correct_name(user: User) -> bool:
    return Role.ADMIN in user.roles


def can_restart_rendering(user: User) -> bool:
    return bool(user.roles & {Role.ADMIN, Role.DIRECTOR})


def can_export(user: User) -> bool:
    """Admins and directors take the register out of the portal; auditors read it on the screen."""
    return bool(user.roles & {Role.ADMIN, Role.DIRECTOR})


def can_download(user: User, certificate: Certificate) -> bool:
    """Admins and directors; the holder while it holds. Auditors read the facts, not the paper."""
    if user.roles & {Role.ADMIN, Role.DIRECTOR}:
        return True
    return certificate.registration.person.user_id == user.pk and certificate.status == S.ISSUED


def allowed_actions(user: User, certificate: Certificate) -> frozenset[str]:
    """Names of the acts that this person may do to this certificate now."""
    actions = {"download"} if certificate.file_id and can_download(user, certificate) else set()
    if can_issue(user):
        status = S(certificate.status)
        actions |= {"revoke"} if S.REVOKED in TRANSITIONS[status] else set()
        actions |= {"reissue"} if S.REPLACED in TRANSITIONS[status] else set()
    if can_restart_rendering(user) and certificate.is_stuck:
        actions.add("retry")
    return frozenset(actions)
