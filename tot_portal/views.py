"""Public pages, the switches for language and look, and error pages."""

import json
import sys

from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.selectors import term_in_force
from batches.models import Batch, Scheme
from core.middleware import YEAR, keep_language
from core.views import safe_next
from tot_portal.sent_forms import hand_back_form, page_of

THEMES = {"light", "dark"}
READ_ONLY = "25006"  # of PostgreSQL: this server takes no writes, another one does


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
    """Keeps the chosen language in a cookie, and with the account for mails, and says so there."""
    language = request.POST.get("language", "")
    response = redirect(page_of(safe_next(request, "/")))
    if language in dict(settings.LANGUAGES):
        keep_language(response, language)
        if request.user.is_authenticated and request.user.language != language:
            request.user.language = language
            request.user.save(update_fields=["language"])
            with translation.override(language):
                messages.success(request, _("Mulai sekarang email kepada Anda juga memakai bahasa ini."))
    return response


def set_theme(request: HttpRequest) -> HttpResponse:
    """light, dark, or '' for the system's own."""
    response = redirect(page_of(safe_next(request, "/")))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie("tampilan", theme, max_age=YEAR, secure=settings.HTTPS, samesite="Lax")
    else:
        response.delete_cookie("tampilan")
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Also what Django makes of a session that could not be saved because the database went away."""
    if is_database_away(exception):
        return server_error(request)
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs nothing that may be broken: no database, no context processors. 503 while the database is the cause."""
    away = is_database_away(sys.exc_info()[1])
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    with translation.override(language):
        context = {"request_id": getattr(request, "request_id", ""), "LANGUAGE_CODE": language, "away": away}
        page = render_to_string("500.html", context)
    return HttpResponse(page, status=503, headers={"Retry-After": "5"}) if away else HttpResponse(page, status=500)


def is_database_away(error: BaseException | None) -> bool:
    """The error, or what it came from: a database that restarts, is full of connections, or takes no writes now."""
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError) or getattr(error, "pgcode", "") == READ_ONLY:
            return True
        if type(error) is DatabaseError:  # psycopg's, of a connection that broke before the server could say why
            return True
        error = error.__cause__ or error.__context__
    return False


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's key is too old: the session ended, or somebody signed in or out in another tab."""
    if request.htmx:
        return HttpResponse(json.dumps({"reload": True}), status=403, content_type="application/json")
    return hand_back_form(request)
