"""The facts as the two pages show them: every text checked and given its size before anything is laid out."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from certificates.rendering.errors import NameNotPrintable, RenderingFailed
from certificates.rendering.facts import CertificateFacts, Signatory
from certificates.rendering.fitting import Face, Fitted, fit
from certificates.rendering.letters import check_letters, fitted_name

TEMPLATE = "certificates/pdf/certificate.html"
ROOM = 242  # mm between the frames
MOST_UNITS = 14
NAME_MIDDLE, SCHEME_MIDDLE = 86.5, 111.0  # mm from the top edge
CROWDED = 8  # with more units the rows are low
LINE_HEIGHT = 1.2
MM_PER_POINT = 25.4 / 72
ADDRESS_ROOM = 50
SIGNATORY_ROOMS = {1: 92, 2: 66, 3: 59}  # mm, by how many sign
TOO_LONG = _("“%(text)s” terlalu panjang untuk sertifikat. Singkat teksnya.")


@dataclass(frozen=True)
class Signing:
    """A signatory with the sizes of name and title."""

    name: Fitted
    title: Fitted
    number: str


def certificate_html(facts: CertificateFacts) -> str:
    """Both pages as HTML, in the certificate's language. Raises NameNotPrintable or RenderingFailed."""
    context = check_facts(facts)
    with translation.override(facts.language):
        return render_to_string(TEMPLATE, context)


def check_facts(facts: CertificateFacts) -> dict[str, Any]:
    """Refuse what the pages have no place for and letters that the fonts lack; otherwise what the template shows.

    Needs no layout engine: worth asking before a number is taken.
    """
    address = urlsplit(facts.verify_url)
    if address.scheme not in {"http", "https"} or not address.netloc:
        raise RenderingFailed("the verification address is not a web address")
    if not 1 <= len(facts.signatories) <= 3:
        raise RenderingFailed("a certificate has one to three signatories")
    if not 1 <= len(facts.units) <= MOST_UNITS:
        raise RenderingFailed(f"the back page holds 1 to {MOST_UNITS} units")
    for text in texts_of(facts.to_json()):
        check_letters(text)
    return page_context(facts)


def texts_of(value: Any) -> list[str]:
    """Every text inside a JSON value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for part in value for text in texts_of(part)]
    return [value] if isinstance(value, str) else []


def page_context(facts: CertificateFacts) -> dict[str, Any]:
    """What the template shows."""
    name = fitted_name(facts.name)
    scheme = placed(facts.scheme, Face.SERIF, 220, (1, 20, 15), (2, 16, 11))
    is_crowded = len(facts.units) > CROWDED
    return {
        "facts": facts,
        "name": name,
        "name_top": top_of(name, NAME_MIDDLE),
        "issuer": placed(facts.issuer.name, Face.BOLD, ROOM, (1, 14, 10), (2, 11, 9)),
        "scheme": scheme,
        "scheme_top": top_of(scheme, SCHEME_MIDDLE),
        "place": placed(facts.place, Face.SANS, 220, (1, 11, 9), (2, 9, 7.5)),
        "batch": placed(facts.batch_name, Face.BOLD, 110, (1, 11, 7)),
        "signings": [signing(person, len(facts.signatories)) for person in facts.signatories],
        "has_seal": len(facts.signatories) < 3,
        "address": address_lines(facts.verify_url),
        "units": [(line, unit_title(line.title, is_crowded)) for line in facts.units],
        "is_crowded": is_crowded,
        "facilitators": facts.facilitators
        and placed("; ".join(facts.facilitators), Face.SANS, 248, (1, 10, 9), (2, 9, 6.5)),
    }


def address_lines(address: str) -> Fitted:
    """The address under the QR code: host and path on one line or two, the token on its own."""
    before, slash, token = address.rpartition("/")
    parts = urlsplit(address)
    host = f"{parts.scheme}://{parts.netloc}"
    for lines, smallest in (((before + slash, token), 6), ((host, before.removeprefix(host) + slash, token), 4.5)):
        sizes = [fit(line, Face.SANS, ADDRESS_ROOM, ((1, 7, smallest),)) for line in lines if line]
        if all(sizes):
            return Fitted(lines, min(line.size for line in sizes))
    raise RenderingFailed("the verification address is too long to print")


def signing(person: Signatory, count: int) -> Signing:
    room = SIGNATORY_ROOMS[count]
    return Signing(
        placed(person.name, Face.BOLD, room, (1, 11, 8), (2, 9, 7)),
        placed(person.title, Face.SANS, room, (1, 9.5, 8), (2, 8.5, 6.5)),
        person.number,
    )


def unit_title(title: str, is_crowded: bool) -> Fitted:
    """Low rows hold one line."""
    tries = ((1, 10, 6.5),) if is_crowded else ((1, 10, 8), (2, 8, 6.5))
    return placed(title, Face.SANS, 142, *tries)


def top_of(text: Fitted, middle: float) -> str:
    """Upper edge in mm, so that the text stands around `middle` with one line or two."""
    return f"{middle - len(text.lines) * text.size * LINE_HEIGHT * MM_PER_POINT / 2:.2f}"


def placed(text: str, face: Face, room: float, *tries: tuple[int, float, float]) -> Fitted:
    """fit(), or NameNotPrintable with the text that has no place."""
    fitted = fit(check_letters(text), face, room, tries)
    if fitted is None:
        raise NameNotPrintable(TOO_LONG, code="text_too_long", text=f"{text[:60]}…" if len(text) > 60 else text)
    return fitted
