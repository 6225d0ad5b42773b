"""Granting and revoking staff roles."""

from datetime import date

from django.db import transaction

from accounts.errors import AlreadyHasRole, LastAdmin, NotToOneself, RoleExpiresInPast, RoleNotHeld, UserInactive
from accounts.models import RoleGrant, User
from accounts.roles import Role
from accounts.services.sessions import end_sessions
from core import audit, clock


@transaction.atomic
def grant_role(user: User, role: Role, *, expires_on: date | None = None, by: User | None) -> RoleGrant:
    """Gives a staff role until `expires_on` (last day, None = without end); another end replaces the grant.

    `by` is None when a command sets the portal up. Errors: NotToOneself, UserInactive, RoleExpiresInPast,
    AlreadyHasRole.
    """
    role = Role(role)
    if by is not None and by.pk == user.pk:
        raise NotToOneself
    if expires_on is not None and expires_on < clock.today():
        raise RoleExpiresInPast
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not user.is_active:
        raise UserInactive
    present = RoleGrant.objects.filter(user=user, role=role, revoked_at=None).first()
    if present is not None:
        if present.expires_on == expires_on:
            raise AlreadyHasRole(name=str(user), role=role.label)
        _end(present, by or user)
    grant = RoleGrant.objects.create(user=user, role=role, expires_on=expires_on, granted_by=by, granted_at=clock.now())
    changes = {"role": ("", role.value), "expires_on": (present.expires_on if present else None, expires_on)}
    audit.record("role_granted", grant, by=by, subject_id=user.pk, changes=changes, label=user.code)
    return grant


@transaction.atomic
def revoke_role(user: User, role: Role, *, by: User) -> RoleGrant:
    """Takes a role back at once and ends the person's sessions. Errors: RoleNotHeld, LastAdmin."""
    role = Role(role)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    grant = RoleGrant.objects.filter(user=user, role=role, revoked_at=None).first()
    if grant is None:
        raise RoleNotHeld(name=str(user))
    if role == Role.ADMIN:
        guard_last_admin(user)
    _end(grant, by)
    changes = {"role": (role.value, "")}
    audit.record("role_revoked", grant, by=by, subject_id=user.pk, changes=changes, label=user.code)
    end_sessions(user)
    return grant


def guard_last_admin(user: User) -> None:
    """LastAdmin unless another active admin remains."""
    admins = RoleGrant.objects.live().filter(role=Role.ADMIN).order_by("pk")
    # Lock first, look afterwards: of two admins who leave at once the second one sees that the first is gone.
    list(admins.select_for_update(no_key=True).values_list("pk"))
    holders = set(admins.filter(user__is_active=True).values_list("user_id", flat=True))
    if holders == {user.pk}:
        raise LastAdmin


def _end(grant: RoleGrant, by: User) -> None:
    grant.revoked_at, grant.revoked_by = clock.now(), by
    grant.save(update_fields=["revoked_at", "revoked_by"])
