"""The access table against the URLconf, and against what really happens to every kind of person on every address."""

from functools import cache as remember
from itertools import cycle
from typing import NamedTuple

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from accounts.middleware import OPEN_PREFIXES, OPEN_ROUTES
from accounts.roles import STAFF, Role
from tests import documents
from tests.tot_portal.world import (
    ANONYMOUS,
    ARGUMENTS,
    NEW_ADMIN,
    OWN,
    STRANGERS,
    WALKERS,
    Walker,
    digest,
    routes,
    undone,
    world,
    written,
)
from tot_portal.access import ACCESS, BOTH, GET, Access, Who

pytestmark = pytest.mark.django_db
__all__ = ["world"]

METHODS = ("GET", "POST")
PARTICIPANT, ADMIN = Role.PARTICIPANT.value, Role.ADMIN.value
# What the words in the table leave of the objects: (who walks, own or stranger's) -> visible. For those whom the
# table lets in. "own" is Siti's, sent, open or active; "stranger's" is Joko's draft, a batch in draft, no scheme.
SEES = {
    "": lambda walker, whose: True,
    "all": lambda walker, whose: True,
    "all; assessors those that they serve": lambda walker, whose: walker != Role.ASSESSOR or whose == OWN,
    "who has the link": lambda walker, whose: True,
    "who has given the password": lambda walker, whose: True,
    "who has the token": lambda walker, whose: False,  # a machine
    **dict.fromkeys(
        ["own jobs", "own notices", "own registrations", "own keys"],
        lambda walker, whose: walker == PARTICIPANT and whose == OWN,
    ),
    **dict.fromkeys(
        [
            "sent registrations",
            "documents of sent registrations",
            "published batches",
            "active schemes",
            "seated people",
        ],
        lambda walker, whose: whose == OWN,
    ),
    "own jobs; admins: all": lambda walker, whose: walker == ADMIN or (walker == PARTICIPANT and whose == OWN),
    "who has the address": lambda walker, whose: True,
    "own while in force; admins and directors all; auditors none": lambda walker, whose: (
        walker in {ADMIN, Role.DIRECTOR} or (walker == PARTICIPANT and whose == OWN)
    ),
    "own appeals and those one hears; admins, directors and auditors: all": lambda walker, whose: (
        walker in {ADMIN, Role.DIRECTOR, Role.AUDITOR} or (walker in {PARTICIPANT, Role.ASSESSOR} and whose == OWN)
    ),
    "appeals that one hears": lambda walker, whose: walker == Role.ASSESSOR and whose == OWN,
    **dict.fromkeys(
        ["own appeals", "own released results"], lambda walker, whose: walker == PARTICIPANT and whose == OWN
    ),
    **dict.fromkeys(
        ["own records", "plays of batches that they serve"],
        lambda walker, whose: walker == Role.ASSESSOR and whose == OWN,
    ),
    "own records; once signed: admins, directors, auditors and the panel of its appeal": lambda walker, whose: (
        whose == OWN
    ),
    "plays in which one has the asesor's seat": lambda walker, whose: walker == PARTICIPANT and whose == OWN,
    "own documents; admins: of sent registrations": lambda walker, whose: walker == PARTICIPANT and whose == OWN,
}
WITHOUT_FACTOR = {"mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes"}  # nothing to show
LEAD_ON = {  # pages that only lead on, or that need a step before
    "dashboard",
    "metrics",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "participants:release_decisions",
}
BESIDE_THE_OBJECT = {"django_session", "usersessions_usersession"}  # kept by every request
NOTED_VIEWS = {
    **dict.fromkeys(
        ["participants:review_document", "core:job_result", "certificates:download"], {"core_auditentry"}
    ),  # who saw a file
    **dict.fromkeys(["mfa_view_recovery_codes", "mfa_download_recovery_codes"], {"mfa_authenticator"}),  # shown once
}


def expected(route: str, rule: Access, walker: str, method: str, whose: str) -> str:
    """What the table promises for one call."""
    if walker == ANONYMOUS and rule.who != Who.PUBLIC:
        return "sign in"
    role = Role.ADMIN if walker == NEW_ADMIN else Role(walker) if walker != ANONYMOUS else None
    allowed = {Who.STAFF: role in STAFF, Who.ROLES: role in rule.roles}.get(rule.who, True)
    if not allowed:
        return "403"
    if method not in rule.methods:
        return "405"
    if walker == NEW_ADMIN and route not in OPEN_ROUTES and not route.startswith(OPEN_PREFIXES):
        return "second factor"
    if walker == NEW_ADMIN and route in WITHOUT_FACTOR:
        return "404"
    return "answer" if SEES[rule.objects](walker, whose) else "404"


def outcome(response, promise: str) -> str:
    """What happened, in the words of `expected`."""
    if response.status_code == 302 and response.url.startswith(reverse("account_login") + "?next="):
        return "sign in"
    if promise == "second factor" and response.status_code == 302 and response.url == reverse("mfa_index"):
        return promise
    return "answer" if response.status_code in {200, 302, 409, 410, 422} else str(response.status_code)


def cells() -> list[tuple[str, str, str]]:
    """(route, method, whose) of every call; strangers' objects where the address names one."""
    return [
        (route, method, whose)
        for route, arguments in routes().items()
        for method in METHODS
        for whose in ([OWN, STRANGERS] if arguments and ACCESS[route].objects else [OWN])
    ]


# --- the table and the URLconf


def with_demo():
    return override_settings(ROOT_URLCONF="tests.tot_portal.demo_urls")


def test_every_route_is_declared_and_every_declaration_is_a_route():
    with with_demo():
        assert set(routes()) == set(ACCESS)


def test_demo_routes_exist_in_the_demo_only():
    with with_demo():
        everything = set(routes())

    assert everything - set(routes()) == {name for name in ACCESS if name.startswith("demo:")} | {"component_gallery"}


def test_every_address_with_arguments_has_some_to_be_tried_with():
    assert {route for route, arguments in routes().items() if arguments} == set(ARGUMENTS)


def test_words_about_objects_are_understood():
    assert {rule.objects for rule in ACCESS.values()} == set(SEES)


def test_access_page_agrees_with_the_table():
    methods = {GET: "read", BOTH: "read, send", ("POST",): "send"}
    rows = []
    for route, rule in ACCESS.items():
        who = ", ".join(sorted(rule.roles)) if rule.who == Who.ROLES else rule.who.value
        rows.append((f"`{route}`", who, methods[rule.methods], rule.objects or "–"))

    assert documents.agrees("access.md", documents.table(["Route", "Who", "May", "Objects"], rows))


# --- every person on every address


class Answer(NamedTuple):
    """What one call was promised, what came, and the tables it wrote to although it should not."""

    promise: str
    got: str
    status: int
    wrote: set[str]


@pytest.fixture(scope="module")
def walk(world):
    """walk(person) -> the answer to each cell; kept for the module."""

    @remember
    def answers(person: str) -> dict[tuple[str, str, str], Answer]:
        walker, before = Walker(world.people[person]), digest()
        found = {cell: answer_to(world, walker, person, *cell) for cell in cells()}
        assert digest() == before
        return found

    return answers


def answer_to(world, walker, person: str, route: str, method: str, whose: str) -> Answer:
    promise, status = expected(route, ACCESS[route], person, method, whose), 0
    with undone(), written() as tables:
        try:
            response = walker.call(method, world.address(route, whose))
            got, status = outcome(response, promise), response.status_code
        except Exception as error:
            got = f"{type(error).__name__}: {error}"
    may_write = method == "POST" and promise == "answer"
    wrote = set() if may_write else set(tables) - BESIDE_THE_OBJECT - NOTED_VIEWS.get(route, set())
    return Answer(promise, got, status, wrote)


@pytest.mark.parametrize("person", WALKERS)
def test_everybody_gets_what_the_table_promises(walk, person):
    wrong = [
        f"{method} {route} ({whose}): promised {promise}, got {got}, wrote {sorted(wrote)}"
        for (route, method, whose), (promise, got, _status, wrote) in walk(person).items()
        if got != promise or wrote
    ]
    assert not wrong, "\n".join(wrong)


PROMISES = [  # a few by hand, so that the reading of the table is tried too
    ("home", ANONYMOUS, "GET", OWN, "answer"),
    ("home", ANONYMOUS, "POST", OWN, "405"),
    ("admin_home", ANONYMOUS, "GET", OWN, "sign in"),
    ("admin_home", PARTICIPANT, "GET", OWN, "403"),
    ("admin_home", NEW_ADMIN, "GET", OWN, "second factor"),
    ("mfa_index", NEW_ADMIN, "GET", OWN, "answer"),
    ("participants:registration_detail", PARTICIPANT, "GET", OWN, "answer"),
    ("participants:registration_detail", PARTICIPANT, "GET", STRANGERS, "404"),
    ("participants:registration_detail", ADMIN, "GET", OWN, "404"),
    ("participants:find_eligible", "auditor", "POST", OWN, "403"),
    ("participants:find_eligible", ADMIN, "GET", OWN, "405"),
    ("participants:find_eligible", ADMIN, "POST", OWN, "answer"),
    ("participants:review_registration", "director", "GET", STRANGERS, "404"),
    ("batches:manage_batch", "assessor", "GET", STRANGERS, "404"),
    ("core:job_detail", ADMIN, "GET", OWN, "answer"),
    ("core:job_result", ADMIN, "GET", OWN, "404"),
    ("core:job_detail", "director", "GET", OWN, "404"),
]


@pytest.mark.parametrize(("route", "person", "method", "whose", "promise"), PROMISES)
def test_promises_are_read_from_the_table(route, person, method, whose, promise):
    assert expected(route, ACCESS[route], person, method, whose) == promise


def test_writing_is_seen(world):
    before = digest()
    with undone(), written() as tables:
        world.people[ADMIN].save()
        world.own.job.delete()
        changed = digest()

    assert {"accounts_user", "core_job", "core_jobrow"} <= set(tables)
    assert changed != before == digest()


def test_every_page_opens_for_somebody(walk):
    """A table that closes everything would pass the walk above."""
    pages = {route for route in routes() if "GET" in ACCESS[route].methods}
    opened = {route for route in pages for person in WALKERS if walk(person)[route, "GET", OWN].status == 200}

    assert pages - opened == LEAD_ON


def test_foreign_object_answers_like_a_missing_one(world):
    walker = Walker(world.people[PARTICIPANT])
    missing, different = {"code": "zzzzzzzzzz"}, []
    for route, arguments in routes().items():
        rule = ACCESS[route]
        if arguments != ["code"] or rule.objects != "own registrations" or "GET" not in rule.methods:
            continue
        with undone():
            foreign = walker.call("GET", world.address(route, STRANGERS))
            nothing = walker.call("GET", reverse(route, kwargs=missing))
        if neutral(foreign) != neutral(nothing):
            different.append(route)

    assert different == []


def neutral(response) -> tuple[int, str]:
    """Status and text without what every answer has of its own."""
    text = response.content.decode().replace(response["X-Request-ID"], "")
    for word in (response.wsgi_request.path, response.wsgi_request.META.get("CSRF_COOKIE", "")):
        text = text.replace(word, "") if word else text
    return response.status_code, "\n".join(line for line in text.splitlines() if "csrfmiddlewaretoken" not in line)


def test_posts_want_the_key_of_the_form(world):
    client = Client(enforce_csrf_checks=True)
    client.cookies = Walker(world.people[ADMIN]).cookies
    open_to_forgery = []
    for route in routes():
        if "POST" in ACCESS[route].methods:
            with undone(), written() as tables:
                status = client.post(world.address(route)).status_code
            if status != 403 or set(tables) - BESIDE_THE_OBJECT:
                open_to_forgery.append((route, status))

    assert open_to_forgery == []


def test_other_methods_are_refused_everywhere(world):
    """One of them on each address: the table's door, which all pass, knows the methods that it lets in."""
    walker = Walker(world.people[ADMIN])
    answered = {}
    for route, method in zip(routes(), cycle(["PUT", "PATCH", "DELETE", "TRACE"]), strict=False):
        with undone():
            status = walker.call(method, world.address(route)).status_code
        if status not in {403, 405}:
            answered[route] = (method, status)

    assert answered == {}


def test_page_with_a_file_name_behind_it_does_not_exist(world):
    """Caches that keep everything ending in .js must not get a private page. (The key of a reset may hold a slash.)"""
    walker = Walker(world.people[PARTICIPANT])
    found = {}
    for route in set(routes()) - {"account_reset_password_from_key"}:
        with undone():
            response = walker.call("GET", world.address(route).rstrip("/") + "/lib.js")
            if response.status_code == 301:  # the same with a slash behind it, a page of "lib.js"
                response = walker.call("GET", response.url)
        if response.status_code not in {403, 404}:
            found[route] = response.status_code

    assert found == {}
