"""Who may mark attendance and approve a make-up; when it is possible is said by the services."""

from accounts.models import User
from accounts.roles import Role
from batches.models import Assignment, Batch


def can_mark_attendance(user: User, batch: Batch) -> bool:
    """Admins, and the facilitators and examiners who serve the batch now. Directors and auditors look."""
    if Role.ADMIN in user.roles:
        return True
    if Role.ASSESSOR not in user.roles:
        return False
    return Assignment.objects.filter(batch=batch, person=user, released_at=None).exists()


def can_approve_make_up(user: User) -> bool:
    return bool(user.roles & {Role.ADMIN, Role.DIRECTOR})
