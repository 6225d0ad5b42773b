"""What every page's shell shows: the LSP, the navigation, the theme, the demo bar."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.models import Lsp


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html."""
    return {
        "lsp": Lsp.current(),
        "nav": [],
        "public_nav": [],
        "theme": request.COOKIES.get("tampilan", ""),
        "demo_bar": settings.DEMO,
    }
