"""What every page's shell shows: the LSP, the menus, the look, the demo bar."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Lsp
from accounts.roles import Role
from accounts.selectors import lsp_of
from notifications.selectors import MailTrouble, mail_trouble
from notifications.selectors.notices import unread_count
from tot_portal import navigation


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html."""
    if not hasattr(request, "user"):  # a page that failed before sign-in was looked at
        return {"lsp": Lsp.current(), "nav": [], "public_nav": [], "theme": "", "demo_bar": False}
    return {
        "lsp": lsp_of(request),
        "nav": navigation.staff_menu(request),
        "public_nav": navigation.public_menu(request),
        "theme": request.COOKIES.get("tampilan", ""),
        "demo_bar": settings.DEMO,
        "unread_notices": SimpleLazyObject(lambda: _unread_notices(request)),
        "mail_trouble": SimpleLazyObject(lambda: _mail_trouble(request)),
        "demo_roles": navigation.demo_roles() if settings.DEMO else [],
    }


def _unread_notices(request: HttpRequest) -> int:
    """Found together with the person of the session; asked for by itself right after signing in."""
    if not request.user.is_authenticated:
        return 0
    found = getattr(request.user, "unread_notices", None)
    return unread_count(request.user) if found is None else found


def _mail_trouble(request: HttpRequest) -> MailTrouble | None:
    """For the banner of admins; nobody else can do anything about it."""
    may_mend = request.user.is_authenticated and Role.ADMIN in request.user.roles
    return mail_trouble() if may_mend else None
