"""Who may take lists of people out of the portal."""

from accounts.models import User
from accounts.roles import Role


def can_export(user: User) -> bool:
    """Admins and directors; auditors read on the screen."""
    return bool(user.roles & {Role.ADMIN, Role.DIRECTOR})
