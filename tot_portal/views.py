"""Public pages, the switches for language and look, and error pages."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation

from accounts.selectors import term_in_force
from batches.models import Batch, Scheme
from core.views import safe_next

THEMES = {"light", "dark"}
YEAR = 365 * 24 * 3600


def home(request: HttpRequest) -> HttpResponse:
    """What this is, what to do, and which batches are open."""
    batches = Batch.objects.accepting().select_related("scheme", "venue", "agenda").order_by("starts_on")[:6]
    return render(request, "tot_portal/home.html", {"batches": batches})


def about(request: HttpRequest) -> HttpResponse:
    return render(request, "tot_portal/about.html", {"schemes": Scheme.objects.filter(is_active=True)})


def prepare(request: HttpRequest) -> HttpResponse:
    return render(request, "tot_portal/prepare.html", {"schemes": Scheme.objects.filter(is_active=True)})


def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "tot_portal/help.html")


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "tot_portal/privacy.html", {"term": term_in_force("PRIVASI")})


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "tot_portal/accessibility.html")


def set_language(request: HttpRequest) -> HttpResponse:
    """Keeps the chosen language in a cookie, and with the account for mails."""
    language = request.POST.get("language", "")
    response = redirect(safe_next(request, "home"))
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, secure=settings.HTTPS, samesite="Lax"
        )
        if request.user.is_authenticated and request.user.language != language:
            request.user.language = language
            request.user.save(update_fields=["language"])
    return response


def set_theme(request: HttpRequest) -> HttpResponse:
    """light, dark, or '' for the system's own."""
    response = redirect(safe_next(request, "home"))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie("tampilan", theme, max_age=YEAR, secure=settings.HTTPS, samesite="Lax")
    else:
        response.delete_cookie("tampilan")
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs nothing that may be broken: no database, no context processors."""
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    with translation.override(language):
        context = {"request_id": getattr(request, "request_id", ""), "LANGUAGE_CODE": language}
        return HttpResponse(render_to_string("500.html", context), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's key is too old (other tab signed out, cookies off): back to the page, with what to do."""
    if request.htmx:
        return HttpResponse(json.dumps({"reload": True}), status=403, content_type="application/json")
    return render(request, "403.html", {"stale_form": True}, status=403)
