"""What every page's shell shows: the LSP, the menus, the look, the demo bar."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Lsp
from accounts.selectors import lsp_of
from notifications.notices import unread_count
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
        "unread_notices": SimpleLazyObject(lambda: unread_count(request.user)),
        "demo_roles": navigation.demo_roles() if settings.DEMO else [],
    }
