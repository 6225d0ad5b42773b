"""The public page behind a QR code, more closely than among the other pages."""

from typing import Any

from bench.browsing import figures_of, measure
from bench.pages import verification_page
from bench.servers import Servers


def figures(servers: Servers, *, quick: bool = False) -> list[dict[str, Any]]:
    page = verification_page()
    rounds, seconds = (1, 0.2) if quick else (7, 4)
    measure([page], servers.web(), servers.web("bench.floor:application", "/"), rounds=rounds, seconds=seconds)
    return figures_of(page)
