"""Addresses that only take forms: the page on which each form stands, and the page for a form that was not taken."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from tot_portal.access import ACCESS, Who


def page_of(address: str) -> str:
    """`address` unless it only takes forms; then the nearest page above it, where the form stands."""
    path = urlsplit(address).path
    if _takes(path, "GET") or not _takes(path, "POST"):
        return address
    while not _takes(path, "GET"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
    return path


def _takes(path: str, method: str) -> bool:
    try:
        rule = ACCESS.get(resolve(path).view_name)
    except Resolver404:
        return False
    return rule is not None and method in rule.methods


def is_sent_by_hand(request: HttpRequest) -> bool:
    """A form that a browser sent as a page of its own: not a script's call, not a program's."""
    return request.method == "POST" and request.headers.get("Sec-Fetch-Mode") == "navigate"


def hand_back_form(request: HttpRequest) -> HttpResponse:
    """Says that the form was not taken, and holds what was typed, to be sent again from here (403).

    Only what one of our own pages sent is handed back: who is lured here with a stranger's form finds no button.
    Passwords and files are not.
    """
    may_call = ACCESS[request.resolver_match.view_name]
    typed = [(name, value) for name, values in request.POST.lists() for value in values]
    ours = request.headers.get("Origin") in {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    secret = any("password" in name for name, _value in typed)
    context = {
        "signed_out": not request.user.is_authenticated and may_call.who != Who.PUBLIC,
        "typed": [pair for pair in typed if pair[0] != "csrfmiddlewaretoken"] if ours and not secret else None,
        "has_files": bool(request.FILES),
        "page": page_of(request.get_full_path()),
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }
    response = render(request, "form_not_taken.html", context, status=403)
    response["Cache-Control"] = "no-store"
    return response
