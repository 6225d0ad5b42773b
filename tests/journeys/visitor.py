"""One person at a browser: clicks what is written on the screen, reads mail, counts clicks."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

WAIT_FOR_MAIL = 30  # seconds; the worker delivers within one
PATIENCE = 15_000  # milliseconds for anything that a page does
expect.set_options(timeout=PATIENCE)


class Visitor:
    """Finds everything by its visible words, as a person does.

    A click is one tap or key press that activates: a link, a button, a box, a choice in a list, a file. Typing is none.
    """

    def __init__(self, page: Page, portal: str, *, shots: Path | None = None, javascript: bool = True) -> None:
        self.page, self.portal, self.shots, self.javascript = page, portal, shots, javascript
        self.clicks = 0
        self.errors: list[str] = []
        page.on("console", self._remember_error)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _remember_error(self, message: ConsoleMessage) -> None:
        """Keeps what the browser complains of, but for live checks that a click on the next page cut off.

        Nor is a form shown again with what is to be mended (422) a fault.
        """
        cut_off = message.text.startswith(("htmx:afterRequest", "htmx:sendError", "htmx:sendAbort"))
        if message.type == "error" and not cut_off and "status of 422" not in message.text:
            self.errors.append(message.text)

    # --- going about

    def open(self, path: str = "/") -> None:
        self.page.goto(self.portal + path if path.startswith("/") else path)

    def click(self, words: str, *, within: Locator | None = None, exact: bool = False) -> None:
        """Clicks the first visible link or button with these words, and waits for the page that follows."""
        place = within or self.page
        named = place.get_by_role("link", name=words, exact=exact).or_(
            place.get_by_role("button", name=words, exact=exact)
        )
        self.clicks += 1
        named.locator("visible=true").first.click()
        self.page.wait_for_load_state()

    def unfold(self, words: str, *, within: Locator | None = None) -> None:
        """Opens a folded part by its heading."""
        self.clicks += 1
        (within or self.page).locator("summary", has_text=words).locator("visible=true").first.click()

    def go_by_menu(self, words: str) -> None:
        """Takes an entry of the main menu, which is folded on a phone."""
        menu = self.page.get_by_role("navigation", name="Menu utama")
        if not menu.is_visible():
            self.unfold("Menu")
        self.click(words, within=menu)

    def tab(self, words: str) -> None:
        """Takes one of the pages of a batch or of a training."""
        self.click(words, within=self.page.get_by_role("navigation", name=re.compile("Halaman (angkatan|pelatihan)")))

    @contextmanager
    def at_most(self, clicks: int) -> Iterator[None]:
        """Fails when what happens inside takes more clicks."""
        before = self.clicks
        yield
        assert self.clicks - before <= clicks, f"{self.clicks - before} clicks instead of {clicks}"

    # --- forms

    def fill(self, label: str, text: str, *, within: Locator | None = None) -> None:
        boxes = self.page.locator("input:not([type=radio]):not([type=checkbox]), textarea")
        self._labelled(label, within).and_(boxes).locator("visible=true").first.fill(text)

    def choose(self, label: str, option: str, *, within: Locator | None = None) -> None:
        self.clicks += 1
        self._labelled(label, within).locator("visible=true").first.select_option(label=option)

    def _labelled(self, label: str, within: Locator | None) -> Locator:
        return (within or self.page).get_by_label(label)

    def tick(self, label: str, *, within: Locator | None = None) -> None:
        """Ticks a box or picks a radio button by its words."""
        self.clicks += 1
        (within or self.page).get_by_label(label, exact=True).first.check()

    def untick(self, label: str, *, within: Locator | None = None) -> None:
        self.clicks += 1
        (within or self.page).get_by_label(label, exact=True).first.uncheck()

    def date(self, label: str, day: int | None, month: str, year: int) -> None:
        """Fills a date of two or three fields."""
        group = self.page.get_by_role("group", name=label)
        if day:
            group.get_by_label("Tanggal", exact=True).fill(str(day))
        self.choose("Bulan", month, within=group)
        group.get_by_label("Tahun", exact=True).fill(str(year))

    def choose_file(self, label: str, path: Path) -> None:
        """Picks a file; with JavaScript it is sent at once, without by the form's button."""
        self.clicks += 1
        self.page.get_by_label(label).first.set_input_files(path)

    def download(self, words: str) -> bytes:
        """Clicks what leads to a file; this browser keeps files instead of showing them."""
        with self.page.expect_download() as kept:
            self.click(words)
        return Path(kept.value.path()).read_bytes()

    # --- the network

    @contextmanager
    def without_network(self, *, to: str = "") -> Iterator[None]:
        """The network is away, or what leads `to` these addresses; that the browser says so is no error of ours."""
        context, before = self.page.context, len(self.errors)
        context.route(to, lambda route: route.abort("internetdisconnected")) if to else context.set_offline(True)
        yield
        context.unroute(to) if to else context.set_offline(False)
        self.errors[before:] = [text for text in self.errors[before:] if "ERR_INTERNET_DISCONNECTED" not in text]

    # --- reading

    def sees(self, *words: str) -> None:
        """Waits until all these words are on the page."""
        for text in words:
            expect(self.page.locator("body")).to_contain_text(text, use_inner_text=True)

    def state(self) -> str:
        """The words of the state box: what is, why, until when, who acts."""
        return " ".join(self.page.locator(".state-box").first.inner_text().split())

    def shoot(self, name: str) -> None:
        """Keeps a picture when SHOTS names a folder."""
        if self.shots:
            self.shots.mkdir(parents=True, exist_ok=True)
            width = self.page.viewport_size["width"]
            self.page.screenshot(path=self.shots / f"{name}-{width}.png", full_page=True)

    # --- the demo

    def enter_as(self, role: str) -> None:
        """One click on the demo's bar."""
        self.open("/")
        self.click(role, within=self.page.locator(".demo-bar"), exact=True)

    def read_mail(self, address: str, subject: str, *, about: str = "") -> str:
        """Opens the newest mail to `address` whose subject has these words, in the demo's mailbox; returns its text.

        `about`: words of the text, where mails with that subject came before.
        """
        deadline = time.monotonic() + WAIT_FOR_MAIL
        while True:
            self.open(f"/demo/surat/?untuk={address}")
            found = self.page.locator("ul.tasks a", has_text=subject)
            if found.count():
                found.first.click()
                self.page.locator("summary", has_text="Sebagai teks").click()
                text = self.page.locator(".mail-text").inner_text()
                if about in text:
                    return text
            assert time.monotonic() < deadline, f"no mail “{subject}” to {address}"
            self.page.wait_for_timeout(200)  # a mailbox tells nobody that a mail came

    def follow_link_of(self, text: str, path: str = "/") -> None:
        """Opens the first address of the portal in a mail's text whose path begins so."""
        self.open(re.search(re.escape(self.portal + path) + r"[^\s<>)]*", text)[0].rstrip("."))
