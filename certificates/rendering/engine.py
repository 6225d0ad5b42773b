"""WeasyPrint, kept warm: fonts, style sheet and art are prepared once per process.

The only module that imports WeasyPrint, and it is imported by who renders: a computer without Pango still runs
everything else.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from unicodedata import normalize

# Only the bundled fonts exist for the layout. Read when WeasyPrint is imported and when fonts are configured.
os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))

from django.conf import settings
from weasyprint import CSS, HTML, Document
from weasyprint.logger import LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from certificates.rendering import art
from certificates.rendering.errors import RenderingFailed
from certificates.rendering.facts import CertificateFacts
from certificates.rendering.images import Art, QrCode
from certificates.rendering.page import certificate_html
from certificates.rendering.reading import text_of_page

STYLE = Path(settings.BASE_DIR) / "templates" / "certificates" / "pdf" / "certificate.css"
OPTIONS = {"pdf_variant": "pdf/a-3u", "pdf_tags": True}
PAGES = 2


class PackagedFetcher(URLFetcher):
    """Knows the style sheet and nothing else: no protocol, no file, no redirect. Remembers what it refused."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self.packaged = {"asset:style": (STYLE.read_bytes(), "text/css")}
        self.denied: list[str] = []

    def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
        if url in self.packaged:
            content, kind = self.packaged[url]
            return URLFetcherResponse(url, content, {"Content-Type": kind})
        self.denied.append(url)
        raise ValueError("only packaged files are printed")


class Engine:
    """What stays the same from certificate to certificate."""

    def __init__(self) -> None:
        self.lock = Lock()  # one font map, one certificate at a time
        self.fonts = FontConfiguration()
        self.style = CSS(url="asset:style", font_config=self.fonts, url_fetcher=PackagedFetcher())
        self.images = {
            "asset:front": Art("front", art.front(), art.WIDTH, art.HEIGHT),
            "asset:back": Art("back", art.back(), art.WIDTH, art.HEIGHT),
            "asset:seal": Art("seal", art.seal(), 34, 44),
        }

    def render(self, facts: CertificateFacts) -> bytes:
        """The file, after looking at what came out. Raises NameNotPrintable or RenderingFailed."""
        fetcher = PackagedFetcher()
        images = {**self.images, "asset:qr": QrCode(facts.verify_url)}
        try:
            with self.lock, complaints() as heard:
                page = HTML(string=certificate_html(facts), url_fetcher=fetcher)
                document = page.render(font_config=self.fonts, stylesheets=[self.style], cache=images, **OPTIONS)
                content = document.write_pdf(**OPTIONS)
        except FatalURLFetchingError as refused:  # a BaseException: nothing else would stop it
            raise RenderingFailed("the page asked for something that is not packaged") from refused
        if fetcher.denied:  # drawing swallows what the fetcher raises
            raise RenderingFailed("the page asked for something that is not packaged")
        if heard:  # a letter without a glyph, a rule without effect: never what was meant
            raise RenderingFailed(f"WeasyPrint complained {len(heard)} times")
        check_outcome(document, content, facts)
        return content


@cache
def engine() -> Engine:
    """The one of this process; a child inherits its parent's."""
    return Engine()


@contextmanager
def complaints() -> Iterator[list[str]]:
    """What WeasyPrint warns of meanwhile, which it otherwise only logs."""
    heard: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: heard.append(record.getMessage())
    LOGGER.addHandler(handler)
    try:
        yield heard
    finally:
        LOGGER.removeHandler(handler)


def check_outcome(document: Document, content: bytes, facts: CertificateFacts) -> None:
    """A certificate is kept for ever, so each is read again before anybody gets it."""
    if len(document.pages) != PAGES:
        raise RenderingFailed(f"{len(document.pages)} pages instead of {PAGES}")
    if squeezed(facts.name) not in squeezed(text_of_page(content, 0)):
        raise RenderingFailed("the name is not on the page")


def squeezed(text: str) -> str:
    """Composed and without spaces, which a page does not keep."""
    return "".join(normalize("NFC", text).split())
