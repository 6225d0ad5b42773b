"""The use cases of accounts, by noun."""

from accounts.services.consents import record_consent
from accounts.services.invitations import accept_invitation, invite_staff, read_invitation
from accounts.services.lsp import update_lsp
from accounts.services.people import (
    deactivate_user,
    reactivate_user,
    replace_feed,
    reset_second_factor,
    update_profile,
)
from accounts.services.roles import grant_role, revoke_role
from accounts.services.sessions import end_sessions

__all__ = [
    "accept_invitation",
    "deactivate_user",
    "end_sessions",
    "grant_role",
    "invite_staff",
    "reactivate_user",
    "read_invitation",
    "record_consent",
    "replace_feed",
    "reset_second_factor",
    "revoke_role",
    "update_lsp",
    "update_profile",
]
