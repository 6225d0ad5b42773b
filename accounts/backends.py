"""How a session finds its person."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User
from notifications.selectors.notices import unread_per_person


class PortalBackend(AuthenticationBackend):
    """allauth's way to sign in; the person of a session comes with `unread_notices`, so that the bell costs nothing."""

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.annotate(unread_notices=unread_per_person()).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


PATH = f"{__name__}.{PortalBackend.__qualname__}"  # for signing in without a password
