"""Ending the sessions of a person."""

from allauth.usersessions.models import UserSession

from accounts.models import User


def end_sessions(user: User, *, keep: str | None = None) -> int:
    """Signs the person out everywhere but in the session `keep`; returns how many sessions ended."""
    sessions = UserSession.objects.filter(user=user).exclude(session_key=keep or "")
    ended = 0
    for session in sessions:
        session.end()
        ended += 1
    return ended
