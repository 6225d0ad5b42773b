"""One person at a browser: clicks what is written on the screen, reads mail, counts clicks."""

import re
import time
from pathlib import Path

from playwright.sync_api import Locator, Page

WAIT_FOR_MAIL = 20  # seconds; the worker delivers within one


class Visitor:
    """Finds everything by its visible words, as a person does."""

    def __init__(self, page: Page, portal: str, *, shots: Path | None = None, javascript: bool = True) -> None:
        self.page, self.portal, self.shots, self.javascript = page, portal, shots, javascript
        self.clicks = 0
        self.errors: list[str] = []
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, path: str = "/") -> None:
        self.page.goto(self.portal + path if path.startswith("/") else path)

    def click(self, words: str, *, within: Locator | None = None, exact: bool = False) -> None:
        """Clicks the first visible link or button with these words."""
        place = within or self.page
        named = place.get_by_role("link", name=words, exact=exact).or_(
            place.get_by_role("button", name=words, exact=exact)
        )
        self.clicks += 1
        named.locator("visible=true").first.click()
        self.page.wait_for_load_state()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=False).locator("visible=true").first.fill(text)

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_label(label, exact=False).locator("visible=true").first.select_option(label=option)

    def tick(self, label: str) -> None:
        """Ticks a box or picks a radio button by its words."""
        self.clicks += 1
        self.page.get_by_label(label, exact=False).first.check(force=True)

    def date(self, name: str, day: int, month: int, year: int) -> None:
        """Fills a date of three fields."""
        if self.page.locator(f"[name={name}_day]").count():
            self.page.locator(f"[name={name}_day]").fill(str(day))
        self.page.locator(f"[name={name}_month]").select_option(str(month))
        self.page.locator(f"[name={name}_year]").fill(str(year))

    def sees(self, words: str) -> bool:
        return words in self.page.locator("body").inner_text()

    def shoot(self, name: str) -> None:
        """Keeps a picture when SHOTS names a folder."""
        if self.shots:
            self.shots.mkdir(parents=True, exist_ok=True)
            width = self.page.viewport_size["width"]
            self.page.screenshot(path=self.shots / f"{name}-{width}.png", full_page=True)

    def enter_as(self, role: str) -> None:
        """One click on the demo's bar."""
        self.open("/")
        self.page.locator(".demo-bar").get_by_role("button", name=role).click()
        self.page.wait_for_load_state()

    def read_mail(self, address: str, subject: str) -> str:
        """Opens the newest mail to `address` whose subject has these words, in the demo's mailbox; returns its text."""
        deadline = time.monotonic() + WAIT_FOR_MAIL
        while True:
            self.open(f"/demo/surat/?untuk={address}")
            found = self.page.locator("ul.tasks a", has_text=subject)
            if found.count():
                found.first.click()
                return self.page.locator(".mail-text").text_content()
            assert time.monotonic() < deadline, f"no mail “{subject}” to {address}"
            time.sleep(0.3)

    def follow_link_of(self, text: str, pattern: str = r"https?://\S+") -> None:
        """Opens the first address in a mail's text that fits."""
        self.open(re.search(pattern, text)[0].rstrip(".>)"))
