"""The private address of a person's calendar: signed, so that nobody guesses it, and replaceable by counting up."""

from django.core.signing import BadSignature, Signer

from accounts.models import User

SALT = "calendar-feed"
SEPARATOR = "-"  # codes and versions have none, so that the three parts are told apart


def feed_token(user: User) -> str:
    """The secret part of the address."""
    return Signer(salt=SALT, sep="~").sign(f"{user.code}{SEPARATOR}{user.feed_version}")


def user_of_feed(token: str) -> User | None:
    """The active person whose present address this is; None for a replaced, foreign or made-up one."""
    try:
        code, _separator, version = Signer(salt=SALT, sep="~").unsign(token).partition(SEPARATOR)
    except BadSignature:
        return None
    user = User.objects.filter(code=code, is_active=True).first()
    return user if user and str(user.feed_version) == version else None
