"""The facts as the two pages show them: every text checked and given its size before anything is laid out."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from certificates.rendering.errors import NameNotPrintable, RenderingFailed
from certificates.rendering.facts import CertificateFacts, Signatory, UnitLine
from certificates.rendering.fitting import Face, Fitted, fit
from certificates.rendering.letters import check_letters, fitted_name

TEMPLATE = "certificates/pdf/certificate.html"
ROOM = 242  # mm between the frames
MOST_UNITS = 14
NAME_MIDDLE, SCHEME_MIDDLE = 86.5, 111.0  # mm from the top edge
CROWDED = 8  # with more units the rows are low
LINE_HEIGHT = 1.2
NOTHING = "–"
MM_PER_POINT = 25.4 / 72
ADDRESS_ROOM = 50
SIGNATORY_ROOMS = {1: 92, 2: 66, 3: 59}  # mm, by how many sign
TOO_LONG = _("“%(text)s” terlalu panjang untuk sertifikat. Singkat teksnya.")


@dataclass(frozen=True)
class Signing:
    """A signatory with the sizes of name and title."""

    name: Fitted
    title: Fitted
    number: Fitted


@dataclass(frozen=True)
class Row:
    """A line of the table on the back, with the sizes of its texts."""

    code: Fitted
    title: Fitted
    jp: int
    result: Fitted


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
    return page_context(CertificateFacts.from_json(composed(facts.to_json())))


def composed(value: Any) -> Any:
    """A JSON value whose every text went through check_letters()."""
    if isinstance(value, dict):
        return {key: composed(part) for key, part in value.items()}
    if isinstance(value, list):
        return [composed(part) for part in value]
    return check_letters(value) if isinstance(value, str) else value


def page_context(facts: CertificateFacts) -> dict[str, Any]:
    """What the template shows."""
    name = fitted_name(facts.name)
    scheme = placed(facts.scheme, Face.SERIF, 220, (1, 20, 15), (2, 16, 11))
    is_crowded = len(facts.units) > CROWDED
    return {
        "facts": facts,
        "name": name,
        "name_top": top_of(name, NAME_MIDDLE),
        "title": placed(facts.title, Face.SERIF, ROOM, (1, 38, 20)),
        "issued_place": placed(facts.issued_place, Face.SANS, 110, (1, 10, 6)),
        "issuer": placed(facts.issuer.name, Face.BOLD, ROOM, (1, 14, 10), (2, 11, 9)),
        "scheme": scheme,
        "scheme_top": top_of(scheme, SCHEME_MIDDLE),
        "place": placed(facts.place, Face.SANS, 220, (1, 11, 9), (2, 9, 7.5)),
        "batch": placed(facts.batch_name, Face.BOLD, 110, (1, 11, 7)),
        "signings": [signing(person, len(facts.signatories)) for person in facts.signatories],
        "has_seal": len(facts.signatories) < 3,
        "address": address_lines(facts.verify_url),
        "rows": [row(unit, is_crowded) for unit in facts.units],
        "is_crowded": is_crowded,
        "facilitators": placed("; ".join(map(unbroken, facts.facilitators)), Face.SANS, 248, (1, 10, 9), (2, 9, 6.5)),
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
        placed(person.number, Face.SANS, room, (1, 8, 5.5)),
    )


def row(unit: UnitLine, is_crowded: bool) -> Row:
    """Low rows hold one line of title."""
    tries = ((1, 10, 6.5),) if is_crowded else ((1, 10, 8), (2, 8, 6.5))
    return Row(
        placed(unit.number or unit.code or NOTHING, Face.SANS, 38, (1, 10, 5)),
        placed(unit.title, Face.SANS, 142, *tries),
        unit.jp,
        placed(unit.result or NOTHING, Face.SANS, 21, (1, 10, 5)),
    )


def unbroken(name: str) -> str:
    """Lines end between names."""
    return name.replace(" ", "\u00a0")


def top_of(text: Fitted, middle: float) -> str:
    """Upper edge in mm, so that the text stands around `middle` with one line or two."""
    return f"{middle - len(text.lines) * text.size * LINE_HEIGHT * MM_PER_POINT / 2:.2f}"


def placed(text: str, face: Face, room: float, *tries: tuple[int, float, float]) -> Fitted:
    """fit(), or NameNotPrintable with the text that has no place."""
    fitted = fit(text, face, room, tries)
    if fitted is None:
        raise NameNotPrintable(TOO_LONG, code="text_too_long", text=f"{text[:60]}…" if len(text) > 60 else text)
    return fitted
