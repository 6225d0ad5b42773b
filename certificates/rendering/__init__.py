"""Turns the facts of a certificate into its PDF file."""

from certificates.rendering.errors import NameNotPrintable, RenderingFailed
from certificates.rendering.facts import DESIGN, CertificateFacts, Issuer, Signatory, UnitLine

__all__ = [
    "DESIGN",
    "CertificateFacts",
    "Issuer",
    "NameNotPrintable",
    "RenderingFailed",
    "Signatory",
    "UnitLine",
]
