"""What every request of a signed-in person passes: a second factor for staff, and sessions that end by themselves."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.selectors import has_second_factor
from core import clock
from core.middleware import keep_language

GetResponse = Callable[[HttpRequest], HttpResponse]

SECOND_FACTOR_KEY = "second_factor_seen"  # in the session: asked once per session, not once per page
OPEN_PREFIXES = ("account_", "mfa_", "usersessions_")  # allauth's routes
OPEN_ROUTES = {
    "accept_invitation", "accessibility", "demo:enter", "health_live", "health_ready", "help", "lsp_logo", "privacy",
    "profile", "set_language", "set_theme",
}  # fmt: skip
LANDING = "mfa_index"


class SecondFactorMiddleware:
    """Staff reach only the account pages until they have an authenticator app or a passkey.

    The page where they land says why: it looks at `request.second_factor_missing`.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.second_factor_missing = False
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        if not settings.SECOND_FACTOR_REQUIRED or not request.user.is_authenticated:
            return None
        if request.session.get(SECOND_FACTOR_KEY) or not request.user.is_staff_member:
            return None
        if has_second_factor(request.user):
            request.session[SECOND_FACTOR_KEY] = True
            return None
        request.second_factor_missing = True
        route = request.resolver_match.view_name
        return None if route in OPEN_ROUTES or route.startswith(OPEN_PREFIXES) else redirect(LANDING)


class AccountLanguageMiddleware:
    """Who signs in with a browser that knows no choice reads pages in the language of his or her mails."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
            return self.get_response(request)
        before = request.user.pk
        response = self.get_response(request)
        if request.user.is_authenticated and request.user.pk != before:
            keep_language(response, request.user.language)
        return response


class SessionAgeMiddleware:
    """Sessions end by themselves: staff after 30 minutes without a page and after 12 hours, others later.

    A shared or lost device stays open for no longer than that. Times are kept in the session itself and written
    at most once a minute.
    """

    STAFF = (30 * 60, 12 * 3600)  # seconds: idle, whole
    OTHERS = (24 * 3600, 14 * 24 * 3600)
    STEP = 60

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(clock.now().timestamp())
            began, seen = request.session.get("began_at", now), request.session.get("seen_at", now)
            idle, whole = self.STAFF if request.user.is_staff_member else self.OTHERS
            if now - seen > idle or now - began > whole:
                logout(request)
                messages.info(request, _("Sesi Anda berakhir. Masuk lagi untuk melanjutkan."))
            elif "began_at" not in request.session or now - seen >= self.STEP:
                request.session["began_at"], request.session["seen_at"] = began, now
        return self.get_response(request)
