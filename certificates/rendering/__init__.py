"""Turns the facts of a certificate into its PDF file: `render_certificate(facts)`, and nothing is fetched or guessed.

`check_printable(name)` is for forms and `check_facts(facts)` for the moment before a number is taken; neither needs a
layout engine. Rendering needs Pango on the computer.
"""

from certificates.rendering.errors import NameNotPrintable, RenderingFailed
from certificates.rendering.facts import DESIGN, CertificateFacts, Issuer, Signatory, UnitLine
from certificates.rendering.letters import check_printable
from certificates.rendering.page import check_facts
from certificates.rendering.sample import SAMPLE

__all__ = [
    "DESIGN",
    "SAMPLE",
    "CertificateFacts",
    "Issuer",
    "NameNotPrintable",
    "RenderingFailed",
    "Signatory",
    "UnitLine",
    "check_facts",
    "check_printable",
    "render_certificate",
    "warm_up",
]


def render_certificate(facts: CertificateFacts) -> bytes:
    """The certificate as PDF/A, two pages. The same facts give the same bytes.

    Raises NameNotPrintable for a text that cannot be printed and RenderingFailed when the outcome is not right; OSError
    on a computer without Pango.
    """
    from certificates.rendering.engine import engine  # noqa: PLC0415  (needs Pango)

    return engine().render(facts)


def warm_up() -> None:
    """Load the engine and render once, so that children forked afterwards share it and their first is quick."""
    render_certificate(SAMPLE)
