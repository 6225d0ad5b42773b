"""The access table as the middleware enforces it, on routes made for the test."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory
from django.urls import ResolverMatch, reverse

from accounts.roles import Role
from tot_portal import access, middleware
from tot_portal.access import BOTH, GET, POST, Who, public, roles, signed_in

requests = RequestFactory()
TABLE = {
    "open": public(),
    "private": signed_in(BOTH),
    "staff": access.Access(Who.STAFF, GET),
    "desk": roles(Role.ADMIN, methods=POST),
}


class Somebody:
    """A signed-in person with the given roles."""

    is_authenticated = True
    is_staff_member = False

    def __init__(self, *held):
        self.roles = frozenset({Role.PARTICIPANT, *held})


@pytest.fixture
def ask(monkeypatch):
    """What the middleware answers to a person who calls a route; None lets the view answer."""
    monkeypatch.setattr(middleware, "ACCESS", TABLE)
    monkeypatch.setattr(middleware, "render_to_string", lambda template, context, request: template)

    def ask(route, user, method="GET"):
        request = requests.generic(method, f"/{route}/?a=1")
        request.user = user
        request.resolver_match = ResolverMatch(lambda request: None, (), {}, url_name=route)
        return middleware.AccessMiddleware(lambda request: None).process_view(request, None, (), {})

    return ask


NOBODY = AnonymousUser()
CELLS = [
    ("open", NOBODY, "GET", None),
    ("open", NOBODY, "HEAD", None),
    ("open", NOBODY, "POST", 405),
    ("open", Somebody(Role.ADMIN), "GET", None),
    ("private", NOBODY, "GET", 302),
    ("private", NOBODY, "POST", 302),
    ("private", Somebody(), "POST", None),
    ("private", Somebody(), "DELETE", 405),
    ("staff", NOBODY, "GET", 302),
    ("staff", Somebody(), "GET", PermissionDenied),
    ("staff", Somebody(Role.AUDITOR), "GET", None),
    ("desk", NOBODY, "POST", 302),
    ("desk", Somebody(), "POST", PermissionDenied),
    ("desk", Somebody(Role.AUDITOR), "GET", PermissionDenied),
    ("desk", Somebody(Role.ADMIN), "GET", 405),
    ("desk", Somebody(Role.ADMIN, Role.ASSESSOR), "POST", None),
    ("nowhere", NOBODY, "GET", Http404),
    ("nowhere", Somebody(Role.ADMIN), "POST", Http404),
]


@pytest.mark.parametrize(("route", "user", "method", "answer"), CELLS)
def test_middleware_obeys_the_table(ask, route, user, method, answer):
    if isinstance(answer, type):
        with pytest.raises(answer):
            ask(route, user, method)
        return
    response = ask(route, user, method)

    assert (response and response.status_code) == answer


def test_sign_in_returns_to_where_one_wanted_to_go(ask):
    assert ask("private", NOBODY).url == "/akun/masuk/?next=/private/%3Fa%3D1"


def test_wrong_method_names_the_right_ones_and_explains(ask):
    response = ask("desk", Somebody(Role.ADMIN), "GET")

    assert response["Allow"] == "POST"
    assert response.content == b"405.html"


@pytest.mark.parametrize("rule", access.ACCESS.values())
def test_every_rule_is_whole(rule):
    assert set(rule.methods) <= {"GET", "HEAD", "OPTIONS", "POST"}
    assert bool(rule.roles) == (rule.who == Who.ROLES)


@pytest.mark.django_db
def test_frame_tells_who_was_signed_out_instead_of_framing_the_sign_in_page(client):
    url = reverse("notifications:wording_frame", args=["participants.submitted", "id"])

    framed = client.get(url, headers={"sec-fetch-dest": "iframe"})

    assert (framed.status_code, framed["X-Frame-Options"]) == (401, "SAMEORIGIN")
    assert "frame-ancestors 'self'" in framed["Content-Security-Policy"]
    assert "Muat ulang halaman" in framed.content.decode()
    assert client.get(url).status_code == 302
