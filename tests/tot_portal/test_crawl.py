"""Every page as every kind of person, in both languages: words, headers, labels, and links that lead somewhere."""

from collections import Counter, defaultdict
from itertools import product

import pytest
from django.contrib.staticfiles import finders
from django.urls import Resolver404, resolve, reverse

from participants.states import RegistrationStatus as S
from tests.tot_portal.pages import ENGLISH, INDONESIAN, Page
from tests.tot_portal.test_catalogue import is_complete
from tests.tot_portal.world import ANONYMOUS, WALKERS, Walker, routes, undone, world
from tot_portal.access import ACCESS, Who, allows

pytestmark = pytest.mark.django_db
__all__ = ["world"]

# Words that both languages write alike, or that belong to the trade.
ALIKE = {"id": {"time", "date"}, "en": set()}
OWN_PAGES = {Who.ROLES, Who.STAFF}
ENOUGH = 3  # links to one kind of page
DIRECTIVES = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


@pytest.fixture(scope="module")
def crawl(world):
    """(person, language) -> pages that the person sees, each address once; kept for the module.

    Forms are sent in the language of the house only: that all they say is translated is counted elsewhere.
    """
    seen = {}

    def pages_of(person: str, language: str) -> list[Page]:
        if (person, language) not in seen:
            methods = ("GET",) if language else ("GET", "POST")
            seen[person, language] = list(visit(world, person, language, methods=methods))
        return seen[person, language]

    return pages_of


def visit(world, person, language, *, methods=("GET", "POST"), seen=frozenset()):
    """Each page that the table opens, each form sent empty, and an application in each state; no (route, method) of
    `seen`."""
    walker = Walker(world.people[person])
    for route, method in product(routes(), methods):
        if method not in ACCESS[route].methods or not is_of_interest(route, person) or (route, method) in seen:
            continue
        with undone():
            response = walker.call(method, world.address(route), language=language)
        if is_page(response):
            yield Page(response)
    for user, address in pages_in_every_state(world, person):
        with undone():
            visitor = walker if user == world.people[person] else Walker(user)
            response = visitor.call("GET", address, language=language)
        if is_page(response):
            yield Page(response)


def is_of_interest(route, person):
    """What everybody sees is read as a visitor, as a participant and as an admin; the others show their own pages."""
    everywhere = {"home", "profile", "mfa_index"}
    return person not in {"assessor", "director", "auditor"} or ACCESS[route].who in OWN_PAGES or route in everywhere


def is_page(response) -> bool:
    """Not what stands in a sandboxed frame of a page, such as a mail: it styles itself, and nothing of it runs."""
    policy = response.headers.get("Content-Security-Policy", "")
    if response.headers.get("X-Frame-Options") == "SAMEORIGIN" and (
        "script-src 'none'" in policy or "; sandbox" in policy
    ):
        return False
    return response.status_code in {200, 403, 404, 405, 409, 410, 422, 429} and b"<html" in response.content[:400]


def pages_in_every_state(world, person):
    """Only for those who have such pages: the applicant's own, and the desk's."""
    for state, registration in world.every_state.items():
        if person == "participant":
            yield registration.person.user, reverse("participants:registration_detail", args=[registration.code])
        elif person == "admin" and state != S.DRAFT:
            yield world.people[person], reverse("participants:review_registration", args=[registration.code])
            yield world.people[person], reverse("batches:manage_batch", args=[registration.batch.code])


def report(found: dict[str, set]) -> str:
    """One line per finding, for reading."""
    return "\n".join(f"{where}: {', '.join(map(str, sorted(what)))}" for where, what in sorted(found.items()) if what)


# --- words


@pytest.mark.parametrize("person", WALKERS)
def test_pages_speak_indonesian_whatever_the_browser_speaks(crawl, person):
    found = defaultdict(set)
    for page in crawl(person, ""):
        found[page.path] |= page.words() & ENGLISH - ALIKE["id"]
        if (page.language, page.response["Content-Language"]) != ("id", "id"):
            found[page.path].add(f"lang={page.language}")

    assert len(crawl(person, "")) > 10
    assert not report(found), report(found)


@pytest.mark.parametrize("person", WALKERS)
def test_pages_speak_english_when_asked(crawl, person):
    if not is_complete():
        pytest.skip("the English catalogue has sentences without a translation")
    found = defaultdict(set)
    for page in crawl(person, "en"):
        found[page.path] |= page.words() & INDONESIAN - ALIKE["en"]
        if (page.language, page.response["Content-Language"]) != ("en", "en"):
            found[page.path].add(f"lang={page.language}")

    assert not report(found), report(found)


# --- frame, markup, headers


@pytest.mark.parametrize("person", WALKERS)
def test_pages_are_whole_and_well_made(crawl, person):
    found = defaultdict(set)
    for page in crawl(person, ""):
        found[page.path] |= set(page.faults())
        found[page.path] |= {f"no place {name}" for name in page.anchors() - page.places()}

    assert not report(found), report(found)


@pytest.mark.parametrize("person", WALKERS)
def test_pages_carry_the_headers_that_protect_them(crawl, person):
    found = defaultdict(set)
    for page in crawl(person, ""):
        found[page.path] |= set(missing_headers(page.response))

    assert not report(found), report(found)


def missing_headers(response):
    policy = response["Content-Security-Policy"]
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    yield from (f"{name}: {response.get(name)}" for name, value in wanted.items() if response.get(name) != value)
    yield from (f"no {directive}" for directive in DIRECTIVES if directive not in policy)
    if "unsafe-" in policy or "*" in policy:
        yield policy
    if response.wsgi_request.user.is_authenticated and "no-store" not in response.get("Cache-Control", ""):
        yield f"Cache-Control: {response.get('Cache-Control')}"
    if response.get("Server") or response.get("X-Powered-By"):
        yield "tells what it runs on"


def test_file_of_a_person_is_shown_alone_and_kept_nowhere(world):
    with undone():
        response = Walker(world.people["participant"]).call("GET", world.address("participants:review_document"))

    assert response.status_code == 200
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "script-src" not in response["Content-Security-Policy"]
    assert response["Content-Disposition"].startswith("inline; filename=")


# --- no dead ends


@pytest.mark.parametrize("person", WALKERS)
def test_links_and_buttons_lead_somewhere(world, crawl, person):
    """Whoever is shown a link may open it; whoever is shown a button may press it."""
    user = world.people[person]
    walker, found, known, tried = Walker(user), defaultdict(set), {}, Counter()
    for page in crawl(person, ""):
        if user and page.response.wsgi_request.user != user:
            continue  # an application in another state, seen as its own applicant
        for address in page.links() - known.keys():
            tried[route := route_of(address)] += 1
            if route is None or tried[route] <= ENOUGH:
                with undone():
                    known[address] = walker.call("GET", address).status_code
        found[page.path] |= {address for address in page.links() if known.get(address, 200) not in {200, 302}}
        found[page.path] |= {address for address in page.buttons() if not may_send(address, user)}

    assert not report(found), report(found)


def route_of(address):
    try:
        return resolve(address.split("?")[0]).view_name
    except Resolver404:
        return None


def may_send(address, user) -> bool:
    rule = ACCESS.get(route_of(address))
    if rule is None:
        return False
    return "POST" in rule.methods and (rule.who == Who.PUBLIC or (user is not None and allows(rule, user)))


def test_assets_of_the_pages_exist(crawl):
    wanted = set()
    for page in crawl(ANONYMOUS, "") + crawl("admin", ""):
        wanted |= {address for address in page.tree.xpath("//@src | //link/@href") if address.startswith("/static/")}

    assert {address for address in wanted if not finders.find(address.removeprefix("/static/"))} == set()
    assert wanted
