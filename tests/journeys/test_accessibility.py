"""Every page in a real browser: axe finds nothing, nothing is refused or logged, nothing scrolls sideways.

The pages are those of the crawl, asked from Django in this process and handed to the browser as the network would;
a test holds them against the templates on disk, so that a new page cannot be forgotten.
"""

import mimetypes
import re
from functools import cache as remember
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client, override_settings
from django.urls import reverse

from tests.factories.accounts import PASSWORD
from tests.journeys.conftest import DESK, PHONE, SHOTS
from tests.tot_portal.pages import Page
from tests.tot_portal.test_crawl import visit as crawl
from tests.tot_portal.test_demo import deliver
from tests.tot_portal.world import ANONYMOUS, WALKERS, Walker, undone, world

pytestmark = pytest.mark.django_db
__all__ = ["world"]

SITE = "http://localhost"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
NARROW = (320, 360)
ASKED = "//img[starts-with(@src, '/') and not(starts-with(@src, '/static/'))]/@src  | //*[@hx-trigger='load']/@hx-get"
FIRST = ("participant", "admin")  # a page that several people see is looked at as one of them
DARK = {
    "tot_portal/home.html", "account/login.html", "participants/registration_tasks.html", "participants/edit_part.html",
    "participants/check_answers.html", "participants/review/review_registration.html", "batches/manage_batch.html",
    "tot_portal/admin_home.html", "accounts/audit_log.html", "dev/components.html", "batches/calendar.html",
    "assessments/attendance/session.html", "assessments/records/record_sheet.html",
    "assessments/results/my_result.html", "assessments/rotation/run_sheet.html",
    "certificates/certificate_board.html", "certificates/verify.html",
}  # fmt: skip
# Refusals that look like 404.html, what another set-up of the accounts would show, and a layout.
ELSEWHERE = {
    "400.html", "429.html", "account/base_reauthenticate.html", "account/email.html", "account/signup_closed.html",
    "account/verified_email_required.html", "core/files_away.html",
}  # fmt: skip


@pytest.fixture(scope="module")
def pages(chromium, world, tmp_path_factory):  # the browser first: world and tests shall share a database connection
    """(template, status) -> (person, page): one of each, of everything that anybody may open or send empty."""
    found, shown = {}, set()
    for person in sorted(WALKERS, key=lambda name: name not in FIRST):
        seen = shown if person != ANONYMOUS else ()  # a visitor's page of an address may be another one
        for page in [*crawl(world, person, "", seen=seen), *more_pages(world, person)]:
            found.setdefault((template_of(page), page.response.status_code), (person, page))
            if page.response.status_code in {200, 422}:
                shown.add(route_and_method(page))
    for page in demo_pages(tmp_path_factory.mktemp("mail")):
        found[template_of(page), page.response.status_code] = ("anonymous", page)
    return found


def route_and_method(page):
    request = page.response.wsgi_request
    return request.resolver_match.view_name, request.method


def template_of(page):
    """The template of the page itself; mails that it shows may have been written before it."""
    names = [template.name for template in page.response.templates]
    return next((name for name in names if not re.search(r"/email/|/email_base\.", name)), names[0])


def more_pages(world, person):
    """Pages whose address says more than the route, or that follow another."""
    asked = {
        "admin": [("GET", f"{reverse('batches:create_batch')}?skema={world.own.scheme.code}"),
                  ("GET", f"{reverse('notifications:move_emails')}?act=retry&chosen={world.own.email.code}")],
        "anonymous": [("GET", reverse("accept_invitation", args=["lama"])), ("POST", reverse("about")),
                      ("GET", reverse("certificates:verify", args=["tidak-dikenal"]))],
        "assessor": [("GET", reverse("account_set_password"))],
    }  # fmt: skip
    for method, address in asked.get(person, []):
        with undone():
            yield Page(Walker(world.people[person]).call(method, address))
    if person == "participant":
        browser = Client(enforce_csrf_checks=True)
        browser.cookies = Walker(world.people[person]).cookies
        with undone():
            yield Page(browser.post(reverse("profile"), {"name": "Siti"}))
    if person == "admin":
        with undone():
            answers = {"login": world.people[person].email, "password": PASSWORD}
            yield Page(Client().post(reverse("account_login"), answers, follow=True))


def demo_pages(folder):
    """The gallery of components, the mailbox and the walk."""
    deliver(folder, "1.eml")
    demo = {"ROOT_URLCONF": "tests.tot_portal.demo_urls", "DEMO": True, "DEMO_MAIL_DIR": folder}
    with override_settings(**demo):
        for route in [["component_gallery"], ["demo:mail_list"], ["demo:follow"], ["demo:mail_detail", "1.eml"]]:
            yield Page(Client().get(reverse(route[0], args=route[1:])))


@pytest.fixture
def screens(world, chromium):
    """screens(person, viewport, **options) is the browser of a person; its network is this process."""
    opened = {}

    def of(person, viewport, **options):
        if person not in opened:
            context = chromium.new_context(viewport=viewport, **options)
            opened[person] = Screen(context.new_page(), Walker(world.people[person]))
        return opened[person]

    yield of
    for screen in opened.values():
        screen.tab.context.close()


class Screen:
    """A browser that is handed a collected page, and what that page asks for: style, scripts, pictures, panels."""

    def __init__(self, tab, walker):
        self.tab, self.walker, self.troubles, self.answers = tab, walker, [], {}
        tab.route("**/*", self._answer)
        tab.on("console", lambda said: said.type in {"error", "warning"} and self.troubles.append(said.text))
        tab.on("pageerror", lambda error: self.troubles.append(str(error)))

    def show(self, page):
        """Asks Django first: the browser's questions come on another database connection."""
        self.answers = {page.path: (200, page.response)}  # the browser logs every other status
        for address in page.tree.xpath(ASKED):
            with undone():
                response = self.walker.call("GET", address, **{"HX-Request": "true"})
            self.answers[address] = (response.status_code, response)
        self.troubles = []
        self.tab.goto(SITE + page.path)
        self.tab.locator(".htmx-request").first.wait_for(state="detached")  # no script of ours: the CSP forbids eval

    def _answer(self, route):
        address = route.request.url.removeprefix(SITE)
        if address.startswith(settings.STATIC_URL):
            return route.fulfill(**asset(urlsplit(address).path.removeprefix(settings.STATIC_URL)))
        if address not in self.answers:  # the frame of a demo mail
            return route.fulfill(body="")
        status, response = self.answers[address]
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return route.fulfill(status=status, headers=dict(response.headers), body=body)


@remember
def asset(name):
    return {"body": Path(finders.find(name)).read_bytes(), "content_type": mimetypes.guess_type(name)[0]}


def scrolls_sideways(tab, width):
    tab.set_viewport_size({"width": width, "height": 740})
    return tab.evaluate("document.documentElement.scrollWidth") > width


def violations(tab):
    """What axe says, one line per kind and place."""
    tab.evaluate(Axe().axe_script)
    for violation in tab.evaluate("options => axe.run(options).then(found => found.violations)", OPTIONS):
        for node in violation["nodes"]:
            yield f"{violation['id']}: {node['html'][:200]} ({node['failureSummary'][:300]})"


def look(screen, page):
    """Everything that is wrong with a page on a phone."""
    screen.show(page)
    yield from screen.troubles
    yield from (f"scrolls sideways at {width} px" for width in NARROW if scrolls_sideways(screen.tab, width))
    yield from violations(screen.tab)


def report(found):
    return "\n".join(f"{where}\n  " + "\n  ".join(what) for where, what in found.items() if what)


def test_pages_are_accessible_quiet_and_fit_a_phone(pages, screens):
    found = {}
    for (template, status), (person, page) in pages.items():
        screen = screens(person, PHONE)
        found[f"{template} {status} {page.path} as {person}"] = list(look(screen, page))
        keep(screen.tab, template, status)
    assert not report(found), report(found)


def keep(tab, template, status):
    if SHOTS:
        SHOTS.mkdir(parents=True, exist_ok=True)
        tab.screenshot(path=SHOTS / f"{re.sub(r'[^a-z0-9]+', '-', template)}-{status}.png", full_page=True)


def test_eyes_see_what_is_wrong(chromium):
    tab = chromium.new_page(viewport=PHONE)
    tab.set_content("<h1>A</h1><h3>B</h3><img src='/x'><p style='width: 400px; color: #777'>Pudar</p>")
    kinds = {line.split(":")[0] for line in violations(tab)}
    assert {"heading-order", "image-alt", "html-has-lang"} <= kinds
    assert scrolls_sideways(tab, 360)
    tab.close()


@pytest.mark.long
def test_pages_are_accessible_in_the_dark(pages, screens):
    found = {}
    for (template, status), (person, page) in pages.items():
        if template in DARK and status == 200:
            screen = screens(person, DESK, color_scheme="dark")
            screen.show(page)
            found[f"{template} {page.path} as {person}"] = list(violations(screen.tab))
    assert len(found) == len(DARK)
    assert not report(found), report(found)


def test_every_page_template_was_looked_at(pages):
    """Whatever extends a layout is a page: each was shown above, or is named in ELSEWHERE."""
    folder = settings.BASE_DIR / "templates"
    texts = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.html")}
    layouts = {"base.html", *(name for name in texts if name.startswith("allauth/layouts/"))}
    extending = {
        name for name, text in texts.items() if (found := re.search(r'extends "([^"]+)"', text)) and found[1] in layouts
    }
    assert sorted(extending - layouts - {template for template, _ in pages}) == sorted(ELSEWHERE)
