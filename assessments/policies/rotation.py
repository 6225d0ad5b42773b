"""Who plans role plays, runs rounds and speaks about independence; when it is possible is said by the services."""

from accounts.models import User
from accounts.roles import Role
from batches.models import Assignment, Batch


def can_plan_plays(user: User) -> bool:
    """Admins plan; directors, auditors and the assessors of a batch look."""
    return Role.ADMIN in user.roles


def can_run_rounds(user: User, batch: Batch) -> bool:
    """Admins, and who serves the batch now."""
    if Role.ADMIN in user.roles:
        return True
    if Role.ASSESSOR not in user.roles:
        return False
    return Assignment.objects.filter(batch=batch, person=user, released_at=None).exists()


def can_declare(user: User, assessor: User) -> bool:
    """Assessors speak for themselves; admins note what they learn of any assessor."""
    return Role.ADMIN in user.roles or (Role.ASSESSOR in user.roles and user.pk == assessor.pk)


def can_grant_waiver(user: User) -> bool:
    return Role.DIRECTOR in user.roles
