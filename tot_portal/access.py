"""The access table: every route of the portal, who may call it, with which methods, on which objects.

The middleware obeys it; tests walk it against the URLconf for every role. A route that is not here answers 404.
`objects` says in words what the view's `visible_to` leaves of the objects; tests try it with strangers.
"""

from dataclasses import dataclass
from enum import Enum

from accounts.roles import STAFF, Role

GET = ("GET", "HEAD", "OPTIONS")
POST = ("POST",)
BOTH = (*GET, *POST)


class Who(Enum):
    PUBLIC = "everybody"
    SIGNED_IN = "signed-in people"
    STAFF = "any staff role"
    ROLES = "the named roles"


@dataclass(frozen=True)
class Access:
    """One row: `roles` counts only with Who.ROLES; `objects` is '' where the address names no object."""

    who: Who
    methods: tuple[str, ...] = GET
    roles: frozenset[Role] = frozenset()
    objects: str = ""


def public(methods: tuple[str, ...] = GET, objects: str = "") -> Access:
    return Access(Who.PUBLIC, methods, objects=objects)


def signed_in(methods: tuple[str, ...] = GET, objects: str = "") -> Access:
    return Access(Who.SIGNED_IN, methods, objects=objects)


def roles(*allowed: Role, methods: tuple[str, ...] = GET, objects: str = "") -> Access:
    return Access(Who.ROLES, methods, frozenset(allowed), objects)


ADMIN, ASSESSOR, DIRECTOR, AUDITOR = Role.ADMIN, Role.ASSESSOR, Role.DIRECTOR, Role.AUDITOR

ROOF: dict[str, Access] = {
    "home": public(),
    "about": public(),
    "prepare": public(),
    "help": public(),
    "privacy": public(),
    "accessibility": public(),
    "set_language": public(POST),
    "set_theme": public(POST),
    "health_live": public(),
    "health_ready": public(),
    "dashboard": signed_in(),
    "participant_home": signed_in(),
    "admin_home": roles(ADMIN),
    "assessor_home": roles(ASSESSOR),
    "director_home": roles(DIRECTOR),
    "auditor_home": roles(AUDITOR),
}
CORE: dict[str, Access] = {
    "core:job_detail": signed_in(objects="own jobs"),
    "core:retry_job": signed_in(POST, objects="own jobs"),
}
NOTIFICATIONS: dict[str, Access] = {}
ACCOUNTS: dict[str, Access] = {}
BATCHES: dict[str, Access] = {}
PARTICIPANTS: dict[str, Access] = {}
DEMO: dict[str, Access] = {  # the routes themselves exist in the demo only
    "demo:enter": public(POST),
    "demo:mail_list": public(),
    "demo:mail_detail": public(),
    "demo:mail_html": public(),
    "demo:follow": public(),
}

ACCESS: dict[str, Access] = ROOF | CORE | NOTIFICATIONS | ACCOUNTS | BATCHES | PARTICIPANTS | DEMO

def allows(rule: Access, user) -> bool:
    """True if a person with this user's roles may call the route."""
    if rule.who == Who.PUBLIC:
        return True
    if rule.who == Who.SIGNED_IN:
        return user.is_authenticated
    if rule.who == Who.STAFF:
        return bool(user.roles & STAFF)
    return bool(user.roles & rule.roles)
