"""What every request passes: an id, clean input, the chosen language, no caching of private pages."""

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_cache_control

from core.request_context import RequestContext, current

GetResponse = Callable[[HttpRequest], HttpResponse]


def client_ip(request: HttpRequest) -> str | None:
    """The caller's address: the socket's, or what the nearest TRUSTED_PROXIES hops reported."""
    hops = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    trusted = settings.TRUSTED_PROXIES
    if trusted and len(hops) >= trusted:
        return hops[-trusted]
    return request.META.get("REMOTE_ADDR") or None


class RequestIdMiddleware:
    """Names the request; error pages and log lines show the name. Outermost, so that everything is inside."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex[:12]
        token = current.set(RequestContext(request.request_id, client_ip(request)))
        try:
            response = self.get_response(request)
        finally:
            current.reset(token)
        response["X-Request-ID"] = request.request_id
        return response


class CleanInputMiddleware:
    """Refuses NUL characters, which PostgreSQL cannot store, in the address and in form fields, and huge requests.

    Django bounds the fields of a form, not its files: without this anybody could fill memory and disk.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL")
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isascii() or not length.isdigit() or int(length) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig(f"more than {settings.FILE_UPLOAD_MAX_MEMORY_SIZE} bytes")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        if request.method == "POST" and any("\x00" in value for values in request.POST.lists() for value in values[1]):
            raise BadRequest("NUL")
        return None


YEAR = 365 * 24 * 3600


def keep_language(response: HttpResponse, language: str) -> None:
    """From the next page on this browser reads the portal in that language."""
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, secure=settings.HTTPS, samesite="Lax")


class LanguageMiddleware:
    """Indonesian unless the person chose otherwise; the browser's own preference is ignored on purpose."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response.render()
        response.headers.setdefault("Content-Language", language)
        return response


class PrivatePagesMiddleware:
    """Pages of signed-in people are never kept by caches or by the back button of a shared computer."""

    PUBLIC = re.compile(r"^/static/")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not self.PUBLIC.match(request.path):
            patch_cache_control(response, private=True, no_store=True)
        return response
